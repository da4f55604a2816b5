"""What templates do with values."""

from __future__ import annotations

import pytest

from chalicelib.pages import filters

MOTH = [{"shortcode": "moth", "url": "/emoji/a&b.png"}]


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def test_times_are_told_in_words():
    assert filters.said("2026-11-29T14:00:00.000Z") == "29 Nov 2026, 14:00 UTC"
    assert filters.day("2026-11-02T14:00:00.000Z") == "2 Nov 2026"


@pytest.mark.parametrize(("count", "text"), [(0, "0 replies"), (1, "1 reply"), (2048, "2,048 replies")])
def test_a_number_has_its_word(count, text):
    assert filters.counted(count, "reply", "replies") == text


def test_emoji_become_pictures_in_texts_and_nowhere_else():
    html = filters.as_content('<a href="https://one.example/:moth:">:moth:</a> :ant:', MOTH)

    assert html == ('<a href="https://one.example/:moth:" rel="nofollow noopener ugc">'
                    '<img src="/emoji/a&amp;b.png" alt=":moth:" title=":moth:" class="emoji" width="20" height="20" '
                    'loading="lazy"></a> :ant:')


def test_a_name_is_escaped_before_it_gets_pictures():
    assert filters.with_emoji("<b>:moth:", MOTH).startswith("&lt;b&gt;<img ")


def test_links_lead_where_they_led_and_say_what_they_are():
    shown = filters.as_content('<a href="/x" rel="me nofollow">a</a><a>b</a>', [])

    assert shown == '<a href="/x" rel="nofollow noopener ugc me">a</a><a rel="nofollow noopener ugc">b</a>'
    assert ' target="_blank"' in filters.as_content('<a href="/x">a</a>', [], True)


def test_pictures_in_a_text_have_a_description_or_an_empty_one():
    assert filters.as_content('<img src="https://one.example/a.png">', []) == (
        '<img alt="" src="https://one.example/a.png">')
    assert filters.as_content('<img src="/a.png" alt="b">', []) == '<img src="/a.png" alt="b">'


def test_a_host_is_told_as_people_know_it():
    assert filters.host_of("https://www.one.example:80/x") == "one.example"
    assert filters.host_of("https://[x") == ""
