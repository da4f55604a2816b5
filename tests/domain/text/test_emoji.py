"""Exactly one emoji, or none."""

import pytest

from chalicelib.domain.text import find_emoji
from chalicelib.domain.text.unicode_emoji import _by_bare_form
from infra.generate_emoji import fully_qualified


@pytest.mark.parametrize(
    "text",
    [
        "☕",
        "❤\ufe0f",
        "👍🏽",
        "🏳\ufe0f\u200d🌈",
        "🇵",
        "🇦",
        "🇿",
        "🇵🇱",
        "👍",
        "👨‍👩‍👧‍👦",
        "1\ufe0f\u20e3",
        "™\ufe0f",
        "☺\ufe0f",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "🔥",
    ],
)
def test_a_fully_qualified_emoji_is_one(text):
    assert find_emoji(text) == text


@pytest.mark.parametrize(("typed", "emoji"), [
    ("❤", "❤\ufe0f"), ("1\u20e3", "1\ufe0f\u20e3"), ("🏳\u200d🌈", "🏳\ufe0f\u200d🌈"), ("⭐\ufe0f", "⭐"),
    ("🤷\u200d♀", "🤷\u200d♀\ufe0f"), ("☕\ufe0f", "☕"), ("™", "™\ufe0f"), ("©", "©\ufe0f"), ("☺", "☺\ufe0f"),
    ("👁\u200d🗨", "👁\ufe0f\u200d🗨\ufe0f"), ("🕵🏽\u200d♂", "🕵🏽\u200d♂\ufe0f"),
])
def test_other_spellings_of_it_are_the_same(typed, emoji):
    assert find_emoji(typed) == find_emoji(emoji) == emoji


@pytest.mark.parametrize(
    "text",
    [
        "x",
        ".",
        "1",
        "#",
        "*",
        "",
        " ",
        "\n",
        "☕☕",
        "☕ ",
        "☕x",
        ":firefox:",
        "firefox",
        "🏽",
        "🦰",
        "\ufe0f",
        "\u200d",
        "👍🏽🏽",
        "🇵🇵",
        "☕" + "\ufe0f" * 500,
        "\ud83d",
        "\x00",
    ],
)
def test_anything_else_is_none(text):
    assert find_emoji(text) is None


def test_the_list_shipped_is_the_one_its_source_gives():
    assert set(_by_bare_form().values()) == set(fully_qualified())
    assert len(_by_bare_form()) == len(set(fully_qualified()))


def test_the_list_is_of_unicode_13_1_or_later():
    assert len(_by_bare_form()) >= 3512
    assert find_emoji("❤\ufe0f\u200d🔥")
