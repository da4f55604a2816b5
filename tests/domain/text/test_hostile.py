"""Text that means harm: nothing executable comes out, nothing raises, nothing takes long."""

import random
import re
from functools import partial
from html.parser import HTMLParser

import pytest

from chalicelib.domain.text import (
    Mentioned,
    custom_shortcodes,
    for_plain_reader,
    format_field,
    format_note,
    format_status,
    length,
    mentioned_names,
    plain_text,
    strip_tags,
)
from tests.quickness import takes_less_than

CONTENT_TYPES = ["text/plain", "text/html", "text/markdown", "text/bbcode"]
PEOPLE = {"bob": Mentioned("1", "bob", "bob", "https://kenoma.example/users/bob")}
BASE = "https://kenoma.example"

BARE_TAGS = "b blockquote br code del em i li ol p pre strong sub sup ruby rb rp rt rtc u ul"
WEB_SCHEMES = {"http", "https"}
OTHER_SCHEMES = {
    "dat",
    "dweb",
    "gopher",
    "hyper",
    "ipfs",
    "ipns",
    "irc",
    "ircs",
    "magnet",
    "mailto",
    "mumble",
    "ssb",
    "xmpp",
}
MAY_HAVE = {
    "a": {"href", "title", "name", "data-user", "data-tag", "class", "rel"},
    "img": {"src", "width", "height", "class", "title", "alt"},
    "abbr": {"title"},
    "span": {"class"},
} | {tag: set() for tag in BARE_TAGS.split()}


class Inspector(HTMLParser):
    """Reads HTML and fails on whatever is not allowed in it."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in MAY_HAVE
        for name, value in attrs:
            assert name in MAY_HAVE[tag]
            if name in ("href", "src"):
                allowed = WEB_SCHEMES | OTHER_SCHEMES if name == "href" else WEB_SCHEMES
                scheme = re.match(r"([^/?#:]*):", "".join(value.split()))
                assert not scheme or scheme[1].lower() in allowed
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in ("br", "img")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def is_harmless(html):
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    assert inspector.open == []
    assert "<" not in re.sub(r"""</?[a-z]+(?: [a-z-]+="[^"<>]*")*/?>""", "", html)
    html.encode()
    return True


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script/src=data:,alert(1)>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=`x` onerror=alert(1)>",
    "<img src='https://a.example/x' ONLOAD=alert(1) srcset='x'>",
    "<img src=javascript:alert(1)>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<p onclick=alert(1) onmouseover='x' style='background:url(javascript:x)'>x</p>",
    "<b/onclick=alert(1)>x</b>",
    "<b\nonclick=alert(1)>x</b>",
    "<b\x0conclick=alert(1)>x</b>",
    "<b onclick\x00=alert(1)>x</b>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\x00script:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href='javascript&#58;alert(1)'>x</a>",
    "<a href='java&Tab;script:alert(1)'>x</a>",
    "<a href='javascript&NewLine;:alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>",
    "<a href='%6Aavascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='\u2028javascript:alert(1)'>x</a>",
    "<a href='ｊavascript:alert(1)'>x</a>",
    "<a href='https://one.example' onclick='alert(1)' style='x' target=_top>x</a>",
    '<a href="https://one.example/" title=\'"><script>alert(1)</script>\'>x</a>',
    "<a href='x' href='javascript:alert(1)'>x</a>",
    "<a name='x' id='x' class='mention' class='y'>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'>",
    "<sv<svg>g onload=alert(1)>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'>x",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>@import 'https://evil.example'</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<link rel=stylesheet href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='https://evil.example/'>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)><embed src=x>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<select><option><script>alert(1)</script>",
    "<table background=javascript:alert(1)><tr><td onclick=x>x",
    "<video><source onerror=alert(1)></video><audio src onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>x",
    "<frameset onload=alert(1)>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)>?>",
    "<!ENTITY x '<script>'>&x;",
    "<custom-element onclick=alert(1) is=x>x</custom-element>",
    "<p><b><p></b></p></p></b>",
    "<b><i>x</b>y</i>",
    "<a><a><a href='https://one.example'>",
    "<ruby><rt><rp><rtc><rb>x",
    "<li><ul><li></ol>",
    "<",
    "<>",
    "</>",
    "< script>alert(1)</ script>",
    "<a href='",
    '<a href="https://one.example',
    "<a href=https://one.example",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;lt;script&amp;gt;",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](https://one.example 'x\" onclick=\"alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://one.example/i)',
    '![x](https://one.example/"onerror="alert(1))',
    "<javascript:alert(1)>",
    '<https://one.example/"onclick="alert(1)>',
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```" onclick="alert(1)\nx\n```',
    "> <script>alert(1)</script>",
    "[url]javascript:alert(1)[/url]",
    "[url=javascript:alert(1)]x[/url]",
    '[url=https://one.example/"onclick="alert(1)]x[/url]',
    "[url=https://one.example'onclick='alert(1)]x[/url]",
    "[url=https:<script>alert(1)</script>]x[/url]",
    "[img]javascript:alert(1)[/img]",
    '[img]https://one.example/"onerror="alert(1)[/img]',
    "[img]https://one.example/<script>alert(1)</script>[/img]",
    "[b onclick=alert(1)]x[/b]",
    "[code]</code><script>alert(1)</script>[/code]",
    "[b]<script>alert(1)</script>[/b]",
    "[u][url=https://one.example][url=https://two.example]x[/url][/url][/u]",
    'https://one.example/"onclick="alert(1)',
    "https://one.example/'onclick='alert(1)",
    "https://one.example/<script>alert(1)</script>",
    "https://one.example/&quot;onclick=&quot;alert(1)",
    "https://one.example/\u202egpj.exe",
    "javascript://one.com/%0aalert(1)",
    '#tag"onclick="alert(1)',
    "#<script>alert(1)</script>",
    '@bob"onclick="alert(1)',
    "@bob<script>alert(1)</script>",
    '@bob@one.example"><script>alert(1)</script>',
    "@bo<!-- -->b @bob #a<b>b</b> https://one.example/<b>x</b>",
    "\u202e\u2066<script>\u2069",
    "\ud800<script>alert(1)</script>\udfff",
    "\ud83d\ude00 \x00 \x0b \x1b \x7f \x85 \ufffe \U0010ffff",
]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_executable_remains(attack, content_type):
    shown = format_status(attack, content_type, people=PEOPLE, base_url=BASE)

    assert is_harmless(shown.html)
    assert is_harmless(for_plain_reader(shown.html))
    shown.plain.encode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_notes_and_fields_are_no_way_in(attack):
    assert is_harmless(format_note(attack, people=PEOPLE, base_url=BASE))
    assert is_harmless(format_field(attack, people=PEOPLE, base_url=BASE))


@pytest.mark.parametrize("attack", ATTACKS)
def test_stripped_text_opens_no_tag(attack):
    assert not re.search(r"<[A-Za-z/!?]", strip_tags(attack))


PIECES = [
    *"<>&\"'=/:;@#[]()*_`~!\\ \n\t\x00abx1.-é\u0301\u200d\u202e\ud800👍",
    *["<script>", "</script>", "<a href=", "javascript:", "<svg>", "<style>", "<!--", "-->", "</p>", "<p>", "<pre>"],
    *["[b]", "[/b]", "[url=", "[list]", "[*]", "[code]", "https://", "one.com", "@bob", "#tag", "&lt;", "&#x6a;"],
    *["onerror=", "<img src=", "```", "> ", "](", "<x", "<table>", "<math>", "<template>"],
]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_thrown_together_does_no_harm_either(seed):
    chance = random.Random(seed)
    for _ in range(40):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 40)))
        for content_type in CONTENT_TYPES:
            shown = format_status(text, content_type, people=PEOPLE, base_url=BASE)
            assert is_harmless(shown.html), text
            assert {person.acct for person in shown.mentions} <= {
                name.casefold() for name in mentioned_names(text, content_type)
            }
        assert is_harmless(format_field(text, people=PEOPLE, base_url=BASE)), text


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_formatting_what_was_formatted_as_html_changes_nothing(content_type):
    typed = "**a** [b]x[/b] <b>@bob</b> #tag https://one.example/?a&b"
    once = format_status(typed, content_type, people={}, base_url=BASE)

    assert format_status(once.html, "text/html", people={}, base_url=BASE).html == once.html


LONG = 5000
# fmt: off
REPEATED = [
    "[", "![", "[x](", "[a][", "[*][", "[a]: b\n", "*", "**a*", "_a*", "`a", "~~a", "\\", "> ", ">", "- ", "1. ", "|a",
    "@", "@a", "@a@", "a@", "#", "#1", "#a", ":", ":a", "a-", "a.", "a.co/", "é.", "http://", "http://a ", "mailto:",
    "https://one.example/(", "https://one.example/)", "https://one.example/.",
    "<", "<<b", "<b>", "<b><p>", "<blockquote>", "<a href=x>", "<table><a>", "<svg>", "<!--", "<a href='", '<x "',
    "<div>\n\n", "&", "&amp;", "'", '"',
    "[b]", "[/b]", "[code]", "[url]", "[list][*]", "[*]", "[b][/i]",
    "\n", "a\n", " ", "\t", "\u0301", "\u200d", "\ud800", "\x00",
]
# fmt: on


@pytest.mark.parametrize("unit", REPEATED)
def test_five_thousand_hostile_characters_take_no_time_to_speak_of(unit):
    text = (unit * LONG)[:LONG]
    format_status("warm", "text/markdown", people={}, base_url=BASE)

    def work(content_type: str) -> None:
        shown = format_status(text, content_type, people=PEOPLE, base_url=BASE)
        mentioned_names(text, content_type)
        for_plain_reader(shown.html)

    for content_type in CONTENT_TYPES:
        # Some 60 ms at the most on one core; a pattern that runs away takes seconds.
        assert takes_less_than(0.5, partial(work, content_type))


@pytest.mark.parametrize("unit", REPEATED)
def test_the_smaller_questions_are_answered_as_fast(unit):
    text = (unit * LONG)[:LONG]

    def work() -> None:
        strip_tags(text), plain_text(text), custom_shortcodes(text), length(text)
        format_field(text, people=PEOPLE, base_url=BASE)
        format_note(text, people=PEOPLE, base_url=BASE)

    assert takes_less_than(0.5, work)


def test_a_text_far_beyond_the_limit_is_still_no_trouble_when_plain():
    assert takes_less_than(2, lambda: format_note("@a #b c.com https://d " * 10_000, people={}, base_url=BASE))


def test_tags_deeper_than_anybody_needs_go():
    deep = "<b>" * 100 + "<i title='a>b'>x</i>y" + "</b>" * 100
    wide = "<p><b>x</b><i>y</i><br>" * 500

    shown = format_status(deep, "text/html", people={}, base_url=BASE)
    assert shown.html.count("<b>") == shown.html.count("</b>") == 100
    assert "<b>xy</b>" in shown.html
    assert format_status(wide, "text/html", people={}, base_url=BASE).html.count("<i>") == 500
    assert is_harmless(format_status("<a title='<i>'>" * 300, "text/html", people={}, base_url=BASE).html)


def test_a_quote_that_nothing_closes_is_as_it_was_typed():
    shown = format_status("[quote=bob]a [b]c", "text/bbcode", people={}, base_url=BASE)

    assert shown.html == "[quote=bob]a [b]c"
