"""HTML of other servers: what is shown of it, and what never gets through."""

from __future__ import annotations

import re

import pytest

from chalicelib.domain.text import foreign
from tests.quickness import takes_less_than

REL = 'rel="nofollow noopener noreferrer ugc"'
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>', '<a href="\u2028javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>', "<svg/onload=alert(1)>",
    "<math><mtext><style><img src=x onerror=alert(1)></style>", "<iframe src=https://far.example></iframe>",
    '<p style="background:url(javascript:alert(1))">x</p>', "<form action=https://far.example><input></form>",
    "<object data=x></object><embed src=x>", "<b onmouseover=alert(1)>x</b>", "<<script>alert(1)//<</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<base href=https://far.example/>",
    "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=x>", "<template><script>x</script></template>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "<a href=' javascript:alert(1)'>x</a>",
    '<a href="vbscript:x">x</a>', '<a href="https://a.example" onclick="x()" style="x">x</a>', "<!-- <script>x -->",
    "<![CDATA[<script>x</script>]]>", "<xmp><script>x</script></xmp>", "<title><script>x</script></title>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_gets_through(html: str) -> None:
    for cleaned in (foreign.clean(html, "https://far.example/"), foreign.links_only(html)):
        tags = re.findall(r"<[^>]*>", cleaned)
        assert {re.match(r"</?([a-z0-9]+)", each)[1] for each in tags} <= foreign.TAGS
        attributes = {name for each in tags for name in re.findall(r' ([a-z-]+)="', each)}
        assert attributes <= {"href", "rel", "title", "class", "start"}
        assert not re.search(r'href="(?!https?://)', cleaned)
    assert "<" not in re.sub(r"&lt;", "", foreign.from_plain(foreign.plain(html)))


@pytest.mark.parametrize(("html", "shown"), [
    ("<h1>T</h1><hr><p>x</p>", "<h1>T</h1><hr><p>x</p>"), ("<ol start=\"3\"><li>x</li></ol>",) * 2,
    ("<ruby>x<rt>y</rt></ruby>",) * 2, ("<del>x</del>",) * 2, ("<blockquote>x</blockquote>",) * 2,
    ("<pre><code>x</code></pre>",) * 2, ("<p>x<br>y</p>",) * 2,
    ('<span class="h-card evil">x</span>', '<span class="h-card">x</span>'),
    ('<span class="invisible">x</span><span class="ellipsis">y</span><span class="quote-inline">z</span>',) * 2,
    ('<a href="https://a.example/x" target="_blank" class="mention u-url">x</a>',
     f'<a href="https://a.example/x" class="mention u-url" {REL}>x</a>'),
    ('<a href="/@a">x</a>', f'<a href="https://far.example/@a" {REL}>x</a>'),
    ('<a href="mailto:x@a.example">x</a>', f"<a {REL}>x</a>"),
    ("a &amp; b", "a &amp; b"), ("a < b", "a &lt; b"), ("x<style>y</style>z", "xz"), ("x<!-- y -->z", "xz"),
    ("x<img src=\"https://a.example/1.png\">z", "xz"), ("", ""),
])
def test_what_may_be_shown_is_shown(html: str, shown: str) -> None:
    assert foreign.clean(html, "https://far.example/notes/1") == shown


def test_relative_links_without_a_base_go() -> None:
    assert foreign.clean('<a href="/x">x</a>') == f"<a {REL}>x</a>"


@pytest.mark.parametrize("html", ["<div>" * 5_000 + "text", "<b>x" * 6_000, "<i>" * 150 + "text" + "</i>" * 150])
def test_what_is_too_deep_or_too_much_is_text_only(html: str) -> None:
    assert "<" not in foreign.clean(html).replace("<br>", "")
    assert takes_less_than(2, lambda: foreign.clean(html))


@pytest.mark.parametrize(("html", "longest", "shown"), [
    ("<p>abc &amp; def</p>", 8, "<p>abc </p>"), ("<p>abcdef</p>", 100, "<p>abcdef</p>"),
    ("<p><b>abcdef</b></p>", 8, "<p><b>ab</b></p>"), ("abcdef", 3, "abc"), ("a<br>bcd", 6, "a<br>b"),
])
def test_a_text_is_never_cut_within_a_tag_or_an_element(html: str, longest: int, shown: str) -> None:
    assert foreign.shortened(html, longest) == shown


@pytest.mark.parametrize(("html", "text"), [
    ("<p>a</p><p>b</p>", "a\nb"), ("a<br>b", "a\nb"), ("&lt;b&gt; 1 &lt; 2", "b> 1 < 2"), ("a\0b", "ab"),
    ("<h1>a</h1>b", "ab"),
])
def test_the_plain_text_has_no_tags(html: str, text: str) -> None:
    assert foreign.plain(html) == text
