"""HTML back to text, tags out of text, and shortcodes."""

import pytest

from chalicelib.domain.text import custom_shortcodes, plain_text, strip_tags


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("words", "words"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<p>a</p>\n<p>b</p>\n", "a\nb"),
        ("<p>a<br/></p><p>b</p>", "a\n\nb"),
        ("a<p>b</p>c", "a\nb\nc"),
        ("<blockquote><p>q</p></blockquote><p>t</p>", "q\nt"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "a\nb\nc"),
        ("<pre><code>a\n  b</code></pre>c", "a\n  b\nc"),
        ("<b>a</b> <i>b</i>", "a b"),
        ("&lt;b&gt; &amp;amp; &quot;&#39;", "<b> &amp; \"'"),
        ('<a href="https://one.example" title="&gt;">x</a>', "x"),
        ('<img src="https://one.example/i" alt="a"/>x', "x"),
        ("<p></p>", ""),
    ],
)
def test_html_has_a_plain_form(html, text):
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("typed", "stripped"),
    [
        ("", ""),
        ("R&B & more", "R&B & more"),
        ("R&amp;B <b>x</b>", "R&amp;B x"),
        ("<script>bar</script>", "bar"),
        ("a<!-- no -->b<br>c", "abc"),
        ("I <3 you, 1 < 2 > 0", "I <3 you, 1 < 2 > 0"),
        ("\"quotes\" 'too'", "\"quotes\" 'too'"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<<b>script>alert(1)</script>", "script>alert(1)"),
        ("<svg><text>x</text></svg>", "x"),
        ("two\r\nlines\x00", "two\nlines"),
        ("\ud83d\ude00\ud800", "😀\ufffd"),
    ],
)
def test_tags_are_stripped_and_nothing_else_changes(typed, stripped):
    assert strip_tags(typed) == stripped


@pytest.mark.parametrize(
    ("texts", "shortcodes"),
    [
        ([":firefox:"], ["firefox"]),
        (["a :b: c :d: :b:"], ["b", "d"]),
        ([":a:b:"], ["a", "b"]),
        ([":a:", ":b:", ":a:"], ["a", "b"]),
        ([":blob_cat-2:", ":+1:", ":foo.bar:", ":日本:"], ["blob_cat-2", "+1", "foo.bar", "日本"]),
        ([":with space:", "::", ":", ":open", "closed:", ""], []),
        ([":Case:", ":case:"], ["Case", "case"]),
        ([], []),
        ([":" + "a" * 256 + ":"], []),
    ],
)
def test_shortcodes_stand_between_colons(texts, shortcodes):
    assert custom_shortcodes(*texts) == shortcodes
