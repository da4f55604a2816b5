"""The cards of all kinds of pages. The time grows no faster than the page, and nothing crashes."""


import pytest

from chalicelib.domain.text import page_cards
from tests.quickness import grows_less_than

META = '<meta property="og:title" content="found">'
NASTY = ["<a ", "<!--", "</", "<?", "<!", "<![<![", '<meta content="', "<meta property=og:", "<title>a<a", "<title>",
         "<div>", "<p><b>", "<b><i>", "<table>", "<svg>", "<math>", "<template>", "<select>", "&amp", "&#1", "<x a='",
         "&#" + "1" * 5_000, "\0", "charset=", "<meta a=b a=c "]


def card(html, content_type="text/html"):
    return page_cards.read(html if isinstance(html, bytes) else html.encode(), content_type)


def repeated(nasty, size):
    return (nasty * (size // len(nasty) + 1))[:size].encode()


@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: nasty[:12])
def test_a_page_of_nothing_but_repetition_takes_no_longer_than_its_length_explains(nasty):
    """Compares half of what is looked at with all of it, and all of it with a megabyte."""
    half, whole, megabyte = (repeated(nasty, size) for size in (50_000, 100_000, 1_000_000))

    assert grows_less_than(4, page_cards.read, half, whole, 0.01)
    assert grows_less_than(2, page_cards.read, whole, megabyte, 0.01)


@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: nasty[:12])
def test_what_a_page_says_first_is_found_whatever_follows(nasty):
    assert card(META.encode() + repeated(nasty, 1_000_000)).title == "found"


@pytest.mark.parametrize("label", ["idna", "undefined", "punycode", "unicode_escape", "utf-7", "rot13", "zip", "hex",
                                   "no-such", "x" * 5_000])
def test_an_encoding_that_is_none_of_pages_is_read_as_utf_8(label):
    said = card("<title>é</title>".encode() + META.encode(), f"text/html; charset={label}")

    assert said.title == "found"


@pytest.mark.parametrize(("label", "encoding"), [
    ("Shift_JIS", "shift_jis"), ("windows-1251", "cp1251"), ("GBK", "gbk"), ("ISO-8859-2", "iso8859_2"),
    ("EUC-KR", "euc_kr"), ("big5", "big5"),
])
def test_the_encodings_of_pages_are_read(label, encoding):
    words = {"shift_jis": "日本", "cp1251": "Привет", "gbk": "中文", "iso8859_2": "Łódź", "euc_kr": "한국",
             "big5": "中文"}
    html = f'<meta property="og:title" content="{words[encoding]}">'.encode(encoding)

    assert card(html, f"text/html; charset={label}").title == words[encoding]
    assert card(f'<meta charset="{label}">'.encode() + html, "text/html").title == words[encoding]


def test_attributes_are_read_however_they_are_written():
    said = card("""<META CONTENT='a "b" > c &amp;lt; d' Property=og:title><meta name=twitter:card content=summary />
                   <!-- <meta property="og:image" content="/hidden.png"> --><meta property="og:title" content="second">
                   <script>var x = '<meta property="og:url" content="/script">';</script>""")

    assert said.title == 'a "b" > c &lt; d'
    assert said.values == {"title": 'a "b" > c &lt; d', "card": "summary"}


def test_the_title_stands_in_where_the_card_has_none():
    said = card('<title> A &amp; <b> </title><meta property="og:type" content="article">')

    assert (said.title, said.values) == ("A & <b>", {"type": "article"})


@pytest.mark.parametrize("html", ["", "<title>only</title>", '<meta property="og:type" content="x">',
                                  '<meta property="other" content="x"><title>t</title>'])
def test_a_page_that_says_too_little_has_no_card(html):
    assert card(html) is None
