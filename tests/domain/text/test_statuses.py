"""What is typed as a status, a note or a field, and the HTML that it becomes."""

import pytest

from chalicelib.domain.text import (
    Mentioned,
    for_plain_reader,
    format_field,
    format_note,
    format_status,
    mentioned_names,
)

BASE = "https://kenoma.example"
BOB = Mentioned("9xBob", "bob", "bob", f"{BASE}/users/bob")
ZED = Mentioned("9xZed", "zed@two.example", "zed", "https://two.example/users/zed")
SNAKE = Mentioned("9xSnake", "_snake_case_", "_snake_case_", f"{BASE}/users/_snake_case_")
PEOPLE = {"bob": BOB, "zed@two.example": ZED, "_snake_case_": SNAKE}

BOB_LINKED = (
    '<span class="h-card"><a class="u-url mention" data-user="9xBob" href="https://kenoma.example/users/bob"'
    ' rel="ugc">@<span>bob</span></a></span>'
)
TAG_LINKED = '<a class="hashtag" data-tag="cofe" href="https://kenoma.example/tag/cofe">#Cofe</a>'
URL_LINKED = '<a href="https://one.example" rel="ugc">https://one.example</a>'


def formatted(text, content_type="text/plain"):
    return format_status(text, content_type, people=PEOPLE, base_url=BASE)


def html(text, content_type="text/plain"):
    return formatted(text, content_type).html


@pytest.mark.parametrize(
    ("content_type", "typed", "shown"),
    [
        ("text/markdown", "**a**", "<p><strong>a</strong></p>"),
        ("text/markdown", "> q\n\nt", "<blockquote><p>q</p></blockquote><p>t</p>"),
        ("text/bbcode", "[b]x[/b]", "<strong>x</strong>"),
        (
            "text/html",
            "<p><b>2hu</b></p><script>alert('xss')</script>",
            "<p><b>2hu</b></p>alert(&#39;xss&#39;)",
        ),
        ("text/html", "<script>alert(1)</script>", "alert(1)"),
        ("text/plain", "@bob", BOB_LINKED),
        ("text/plain", "#Cofe", TAG_LINKED),
    ],
)
def test_the_examples_of_the_reference_come_out_to_the_letter(content_type, typed, shown):
    assert html(typed, content_type) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("hello", "hello"),
        ("<b>no</b>", "&lt;b&gt;no&lt;/b&gt;"),
        ('"it\'s" & more', "&quot;it&#39;s&quot; &amp; more"),
        ("&amp;", "&amp;amp;"),
        ("one\ntwo\r\nthree\rfour", "one<br/>two<br/>three<br/>four"),
        ("one\n\ntwo", "one<br/><br/>two"),
        ("**stars** [b]b[/b]", "**stars** [b]b[/b]"),
        (":firefox: stays", ":firefox: stays"),
        ("  spaces  ", "  spaces  "),
        ("a\xa0b", "a\xa0b"),
        ("日本語 العربية 👍🏽", "日本語 العربية 👍🏽"),
    ],
)
def test_plain_text_is_escaped_and_keeps_its_lines(typed, shown):
    assert html(typed) == shown


@pytest.mark.parametrize("content_type", ["text/x-unknown", "", "TEXT/HTML", "text/html; charset=utf-8"])
def test_an_unknown_content_type_counts_as_plain_text(content_type):
    assert html("<b>x</b>\n", content_type) == "&lt;b&gt;x&lt;/b&gt;<br/>"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\nb", "<p>a\nb</p>"),
        ("a  \nb", "<p>a<br/>b</p>"),
        ("a\\\nb", "<p>a<br/>b</p>"),
        ("a\n\nb", "<p>a</p><p>b</p>"),
        (
            "*i* _i_ __b__ ~~gone~~ `code`",
            "<p><em>i</em> <em>i</em> <strong>b</strong> <del>gone</del> <code>code</code></p>",
        ),
        ("- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("```py\nif a < b:\n    pass\n```", "<pre><code>if a &lt; b:\n    pass</code></pre>"),
        ("    indented", "<pre><code>indented</code></pre>"),
        ("# Heading\n\ntext", "Heading<p>text</p>"),
        ("a\n\n---\n\nb", "<p>a</p><p>b</p>"),
        ('[x](https://one.example/a_b "t")', '<p><a href="https://one.example/a_b" title="t">x</a></p>'),
        ("<https://one.example>", '<p><a href="https://one.example">https://one.example</a></p>'),
        ("![alt](https://one.example/i.png)", '<p><img src="https://one.example/i.png" alt="alt"/></p>'),
        ('"it\'s" &copy;', "<p>&quot;it&#39;s&quot; ©</p>"),
        ("<b>html</b> is <i>kept</i>", "<p><b>html</b> is <i>kept</i></p>"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("\\*no\\*", "<p>*no*</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_the_html_that_is_allowed(typed, shown):
    assert html(typed, "text/markdown") == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("see https://one.example/_a_b_c", "https://one.example/_a_b_c"),
        ("https://one.example/a_b_ and _this_", "https://one.example/a_b_"),
        ("https://one.example/?a=1&copy=2", "https://one.example/?a=1&amp;copy=2"),
        ("https://one.example/N_(k)_m_", "https://one.example/N_(k)_m_"),
        ("https://one.example/key:*b*", "https://one.example/key:*b*"),
        ("https://one.example/[a](b)", "https://one.example/[a](b)"),
        ("https://one.example/~~a~~/**b**", "https://one.example/~~a~~/**b**"),
        ("https://one.example/`a`", "https://one.example/`a`"),
        ("https://one.example/![a](b)", "https://one.example/![a](b)"),
        ("**https://one.example/a_b**", "https://one.example/a_b"),
        ("*see https://one.example/a*b*", "https://one.example/a*b"),
        ("https://one.example*a*", "https://one.example"),
    ],
)
def test_markdown_leaves_an_address_whole(typed, shown):
    assert f'<a href="{shown}" rel="ugc">{shown}</a>' in html(typed, "text/markdown")


@pytest.mark.parametrize("address", ["one.com/N_(k)_m_", "one.com/key:*b*", "one.com/[a](b)", "one.com/`a`"])
def test_markdown_leaves_a_bare_host_and_its_path_whole(address):
    assert f'<a href="http://{address}" rel="ugc">{address}</a>' in html(f"see {address} now", "text/markdown")


def test_markdown_makes_a_link_of_an_address_that_stands_for_another():
    assert html("[see https://one.example/a_b](https://two.example/c_d)", "text/markdown") == (
        '<p><a href="https://two.example/c_d">see https://one.example/a_b</a></p>'
    )


@pytest.mark.parametrize(
    ("typed", "shown", "plain"),
    [
        ("2024. What a year", "<p>2024. What a year</p>", "2024. What a year"),
        ("3) c\n4) **d**", "<p>3) c</p><p>4) <strong>d</strong></p>", "3) c\n4) d"),
        ("0. a\n\n   b\n1. c", "<p>0. a</p><p>b</p><p>1. c</p>", "0. a\nb\n1. c"),
        ("7. ```\n   x\n   ```", "<p>7.</p><pre><code>x</code></pre>", "7.\nx"),
        ("7. a\n   - b", "<p>7. a</p><ul><li>b</li></ul>", "7. a\nb"),
        ("- 7. a\n  8. b\n- c", "<ul><li><p>7. a</p><p>8. b</p></li><li>c</li></ul>", "7. a\n8. b\nc"),
        ("7.\n8.", "<p>7.</p><p>8.</p>", "7.\n8."),
        ("# A\n## B", "A<br/>B", "A\nB"),
        ("A\n===\nB\n---\n- c\n# D", "A<br/>B<ul><li>c</li></ul>D", "A\nB\nc\nD"),
    ],
)
def test_markdown_loses_no_number_and_merges_no_headings(typed, shown, plain):
    assert (html(typed, "text/markdown"), formatted(typed, "text/markdown").plain) == (shown, plain)


def test_markdown_leaves_the_underscores_of_a_name_alone():
    assert "<span>_snake_case_</span>" in html("hi @_snake_case_ and _em_", "text/markdown")


def test_a_mention_may_stand_within_emphasis():
    assert html("_hi @bob_ **@bob**", "text/markdown") == (
        f"<p><em>hi {BOB_LINKED}</em> <strong>{BOB_LINKED}</strong></p>"
    )


def test_more_brackets_than_links_could_have_make_no_links_and_cost_little():
    assert html("[x](https://one.example)" + "[" * 400, "text/markdown").startswith("<p>[x](<a href=")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("[b]b[/b][i]i[/i][u]u[/u][s]s[/s]", "<strong>b</strong><em>i</em><u>u</u><del>s</del>"),
        ("[B]loud[/b]", "<strong>loud</strong>"),
        ("[b][i]both[/i][/b]", "<strong><em>both</em></strong>"),
        ("[quote]q[/quote]\nt", "<blockquote>q</blockquote><br/>t"),
        ("[code]a [b]b[/b] @bob[/code]", "<code>a [b]b[/b] @bob</code>"),
        ("[code]\na\n  b\n[/code]", "<pre><code>a\n  b</code></pre>"),
        (
            "[url]https://one.example/?a&b[/url]",
            '<a href="https://one.example/?a&amp;b">https://one.example/?a&amp;b</a>',
        ),
        ("[url=https://one.example][b]x[/b][/url]", '<a href="https://one.example"><strong>x</strong></a>'),
        ("[img]https://one.example/i.png[/img]", '<img src="https://one.example/i.png"/>'),
        ("[list]\n[*]a\n[*]b\n[/list]\nend", "<ul><li>a</li><li>b</li></ul>end"),
        ("[list=1][*]a[/list]", "<ol><li>a</li></ol>"),
        ("[list=a][*]a[/list][list='I'][*]b[/list]", "<ol><li>a</li></ol><ol><li>b</li></ol>"),
        ('[url="https://one.example/"]t[/url]', '<a href="https://one.example/">t</a>'),
        ("[url='https://one.example/']t[/url]", '<a href="https://one.example/">t</a>'),
        ("[url = https://one.example/ ]t[/url]", '<a href="https://one.example/">t</a>'),
        ("[url=' https://one.example/ ']it's[/url]", '<a href="https://one.example/">it&#39;s</a>'),
        ("[url] https://one.example/ [/url]", '<a href="https://one.example/">https://one.example/</a>'),
        ("[quote=bob]q[/quote]", "<blockquote>bob:<br/>q</blockquote>"),
        ('[quote = "Bob & <b>" ]q[/quote]', "<blockquote>Bob &amp; &lt;b&gt;:<br/>q</blockquote>"),
        ("[code=py]a[b]c[/code]", "<code>a[b]c</code>"),
        ("[img width=10]https://one.example/i[/img]", '<img src="https://one.example/i" width="10"/>'),
        ("[img=10x20]https://one.example/i[/img]", '<img src="https://one.example/i" width="10" height="20"/>'),
        (
            "[img width='10' height=\"20\"] https://one.example/i [/img]",
            '<img src="https://one.example/i" width="10" height="20"/>',
        ),
        ("[ul][li]a[/li][/ul][ol][li]b[/li][/ol]", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("[list][*]a[list][*]b[/list][*]c[/list]", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("one\ntwo", "one<br/>two"),
        ("<b> \"q\" 'a' &", "&lt;b&gt; &quot;q&quot; &#39;a&#39; &amp;"),
        ("", ""),
    ],
)
def test_bbcode_becomes_the_html_that_is_allowed(typed, shown):
    assert html(typed, "text/bbcode") == shown


@pytest.mark.parametrize(
    "typed",
    [
        "[b]never closed",
        "never opened[/b]",
        "[nonsense]x[/nonsense]",
        "[*] no list",
        "[url=javascript:alert(1)]x[/url]",
        "[url]no address[/url]",
        "[img]data:image/png;base64,AAAA[/img]",
        "[img][/img]",
        "[code]no end",
        "[code][/code]",
        "[b=x]y[/b]",
        "[list=no][*]a[/list]",
        "[quote=]x",
        "[b onclick=alert(1)]x",
        "[]",
    ],
)
def test_bbcode_that_makes_no_sense_stays_as_typed(typed):
    assert html(typed, "text/bbcode") == typed


def test_bbcode_that_overlaps_keeps_the_tag_that_closed_first():
    assert html("[b]1[i]2[/b]3[/i]", "text/bbcode") == "<strong>1[i]2</strong>3[/i]"


ALLOWED = "abbr b blockquote code del em i li ol p pre strong sub sup ruby rb rp rt rtc u ul span"
BLOCKS = (
    "h1 h2 h3 h4 h5 h6 div center form section details summary table dl dt dd article aside header footer main nav"
    " address figure figcaption fieldset legend hgroup dialog caption tr option optgroup"
)
REMOVED = (
    "font s small big button label iframe object marquee"
    " svg math template text g mi desc title textarea style script noscript custom-tag"
)
SCHEMES = "https http dat dweb gopher hyper ipfs ipns irc ircs magnet mailto mumble ssb xmpp"
OTHER_SCHEMES = "javascript data vbscript file ftp blob about view-source tel"


@pytest.mark.parametrize("tag", ALLOWED.split())
def test_an_allowed_tag_passes(tag):
    assert f"<{tag}>" in html(f"<{tag}>x</{tag}>", "text/html")


@pytest.mark.parametrize("tag", REMOVED.split())
def test_any_other_tag_goes_and_its_text_stays(tag):
    assert html(f"a<{tag}>words</{tag}>", "text/html") == "awords"


@pytest.mark.parametrize("tag", BLOCKS.split())
def test_a_block_that_goes_leaves_its_text_on_a_line_of_its_own(tag):
    shown = formatted(f"a<{tag}>b</{tag}>\n<{tag.upper()} class='x'>c</{tag}>d<p>e</p>", "text/html")

    assert shown.html == "a<br/>b<br/>c<br/>d<p>e</p>"
    assert shown.plain == "a\nb\nc\nd\ne"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a<hr>b<hr/>c", "a<br/>b<br/>c"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c<td>d</table>e", "a b<br/>c d<br/>e"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a<br/>b<br/>c<br/>d"),
        ("<details><summary>a</summary>b</details>c", "a<br/>b<br/>c"),
        ("<div><div>a</div></div> <div></div> <div><b>b</b></div>", "a<br/><b>b</b>"),
        ("<h1>a</h1><p>b</p><h2>c</h2>", "a<p>b</p>c"),
        ("<p>a<div>b</div>c</p>", "<p>a<br/>b<br/>c</p>"),
        ("a<br><div>b</div>", "a<br/>b"),
        ("<ul><li><div>a</div><div>b</div></li></ul>", "<ul><li>a<br/>b</li></ul>"),
        ("<div></div><div>a</div><div></div>", "a"),
    ],
)
def test_texts_of_blocks_stay_apart_where_nothing_else_parts_them(typed, shown):
    assert html(typed, "text/html") == shown


def test_text_stays_in_drawings_and_formulas_too():
    drawing = "<svg><g onload=alert(1)><text>one</text><a href='https://one.example'>two</a></g></svg>"

    assert html(drawing, "text/html") == 'one<a href="https://one.example">two</a>'


@pytest.mark.parametrize(
    "typed", ["a<!-- x -->b", "a<!-- > -->b", "a<?php x ?>b", "a<!DOCTYPE html>b", "a<![CDATA[x]]>b"]
)
def test_comments_and_their_kin_vanish(typed):
    assert html(typed, "text/html") == "ab"


def test_a_sign_that_opens_no_tag_stays():
    assert html("1 < 2 <3 a <b", "text/html") == "1 &lt; 2 &lt;3 a &lt;b"


@pytest.mark.parametrize("value", ["hashtag", "u-url", "mention", "u-url mention", "mention u-url"])
def test_a_link_may_have_one_of_the_known_classes(value):
    assert html(f'<a class="{value}">x</a>', "text/html") == f'<a class="{value}">x</a>'


@pytest.mark.parametrize("value", ["tag", "nofollow", "noopener", "noreferrer", "ugc"])
def test_a_link_may_have_one_of_the_known_relations(value):
    assert html(f'<a rel="{value}">x</a>', "text/html") == f'<a rel="{value}">x</a>'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('<a class="hashtag mention">x</a>', "<a>x</a>"),
        ('<a class="mention other">x</a>', "<a>x</a>"),
        ('<a rel="tag ugc">x</a>', "<a>x</a>"),
        ('<a rel="me">x</a>', "<a>x</a>"),
        ('<a target="_blank" id="i" style="x">x</a>', "<a>x</a>"),
        (
            '<a name="n" title="t" data-user="u" data-tag="t">x</a>',
            '<a name="n" title="t" data-user="u" data-tag="t">x</a>',
        ),
        ('<span class="h-card">x</span>', '<span class="h-card">x</span>'),
        ('<span class="big">x</span>', "<span>x</span>"),
        ('<abbr title="t" class="c">x</abbr>', '<abbr title="t">x</abbr>'),
        ('<p class="c" align="left">x</p>', "<p>x</p>"),
        (
            '<img src="https://one.example/i" width="1" height="2" class="c" title="t" alt="a" onerror="x">',
            '<img src="https://one.example/i" width="1" height="2" class="c" title="t" alt="a"/>',
        ),
        ('<img src="ftp://one.example/i">', "<img/>"),
        ('<img src="mailto:x@one.example">', "<img/>"),
        ('<img src="/local">', "<img/>"),
        ("a<br>b<BR/>c", "a<br/>b<br/>c"),
        ("<b>never closed", "<b>never closed</b>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("&quot;&apos;&#60;&eacute;", "&quot;&#39;&lt;é"),
    ],
)
def test_only_the_known_attributes_pass(typed, shown):
    assert html(typed, "text/html") == shown


@pytest.mark.parametrize("scheme", SCHEMES.split())
def test_a_link_may_have_any_of_the_known_schemes(scheme):
    assert html(f'<a href="{scheme}:x">x</a>', "text/html").startswith(f'<a href="{scheme}:')


@pytest.mark.parametrize("scheme", OTHER_SCHEMES.split())
def test_a_link_of_any_other_scheme_loses_its_address(scheme):
    assert html(f'<a href="{scheme}:x">x</a>', "text/html") == "<a>x</a>"


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "text/markdown", "text/bbcode"])
def test_links_mentions_and_tags_are_recognised_in_every_content_type(content_type):
    shown = html("@bob #Cofe https://one.example", content_type)

    assert shown.removeprefix("<p>").removesuffix("</p>") == f"{BOB_LINKED} {TAG_LINKED} {URL_LINKED}"


@pytest.mark.parametrize(
    "typed",
    [
        '<a href="https://two.example">@bob #cofe https://one.example</a>',
        "<code>@bob #cofe https://one.example</code>",
        "<pre>@bob <b>#cofe</b> https://one.example</pre>",
        '<abbr title="@bob #cofe https://one.example">x</abbr>',
        '<img src="https://one.example/@bob#cofe" alt="@bob"/>',
    ],
)
def test_nothing_is_recognised_within_links_code_and_attributes(typed):
    shown = formatted(typed, "text/html")

    assert shown.html == typed
    assert shown.tags == []
    assert shown.mentions == []
    assert mentioned_names(typed, "text/html") == []


def test_links_are_made_again_after_code_has_ended():
    assert html("<code>@bob</code>@bob", "text/html") == f"<code>@bob</code>{BOB_LINKED}"


def test_a_status_tells_its_tags_and_mentions_once_and_in_order():
    shown = formatted("#B @zed@two.example #a @bob #b @Bob @ZED@Two.Example #nsfw")

    assert shown.tags == ["b", "a", "nsfw"]
    assert shown.mentions == [ZED, BOB]


@pytest.mark.parametrize(
    ("typed", "content_type", "plain"),
    [
        ("a <b>\n\"c\" & 'd'", "text/plain", "a <b>\n\"c\" & 'd'"),
        ("@bob #Cofe https://one.example", "text/plain", "@bob #Cofe https://one.example"),
        ("> q\n\nt\n\n- a\n- b", "text/markdown", "q\nt\na\nb"),
        ("# T\n\nt", "text/markdown", "T\nt"),
        ("<p>a<br>b</p>\n<p>&lt;c&gt;</p>", "text/html", "a\nb\n<c>"),
        ("[b]x[/b]\ny", "text/bbcode", "x\ny"),
    ],
)
def test_a_status_has_a_plain_form(typed, content_type, plain):
    assert formatted(typed, content_type).plain == plain


def test_the_names_to_look_up_come_in_order_and_once():
    text = "@bob @Zed@two.example @BOB\n@nobody @zed@two.example"

    assert mentioned_names(text, "text/plain") == ["bob", "Zed@two.example", "nobody"]


def test_the_names_to_look_up_are_those_a_reader_would_see():
    assert mentioned_names("`@code` @bob <b>@zed</b>", "text/markdown") == ["bob", "zed"]


def test_a_note_is_plain_text_with_links():
    note = format_note("I'm <b>@bob</b>\n#Cofe https://one.example", people=PEOPLE, base_url=BASE)

    assert note == f"I&#39;m &lt;b&gt;{BOB_LINKED}&lt;/b&gt;<br/>{TAG_LINKED} {URL_LINKED}"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>bar</script>", "bar"),
        ('<b>x</b> & "y" <3', "x &amp; &quot;y&quot; &lt;3"),
        ("https://one.example", URL_LINKED),
        ("one.example", "one.example"),
        ("one.com", '<a href="http://one.com" rel="ugc">one.com</a>'),
        (
            "@bob",
            '<a class="u-url mention" data-user="9xBob" href="https://kenoma.example/users/bob" rel="ugc">@bob</a>',
        ),
        ("@nobody", "@nobody"),
        ("#cofe", "#cofe"),
        ('<a href="https://one.example" rel="me">me</a>', '<a href="https://one.example" rel="me">me</a>'),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ("", ""),
    ],
)
def test_a_field_holds_text_and_links_only(typed, shown):
    assert format_field(typed, people=PEOPLE, base_url=BASE) == shown


def test_a_plain_reader_sees_links_lines_and_images_only():
    rich = html("> **q** [x](https://one.example '>')\n\n@bob `c`  \n![i](https://one.example/i)", "text/markdown")

    assert for_plain_reader(rich) == (
        f'<p>q <a href="https://one.example" title="&gt;">x</a></p><p>{BOB_LINKED} c<br/>'
        '<img src="https://one.example/i" alt="i"/></p>'
    )


def test_a_plain_reader_gets_no_tag_that_only_begins_like_an_allowed_one():
    assert for_plain_reader("<abbr>a</abbr><pre>p</pre><blockquote>b</blockquote>") == "a<br/>p<br/>b"
