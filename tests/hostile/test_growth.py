"""Whatever strangers send is read in a time that grows no faster than its length.

Each reader gets four times as much of each nasty repetition, and may take little more than four times as long. What
reads a megabyte gets one. Rich texts never get so much: a text is refused before it is read if it has more than
`CODE_POINTS_EACH` code points for each of its characters, or more than `MOST_BYTES` in all. They get that at least.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.domain.emoji import folder_import, sharing, zips
from chalicelib.domain.relationships.importing import brought
from chalicelib.domain.search import queries, stems
from chalicelib.domain.text import (
    bbcode,
    custom_shortcodes,
    find_emoji,
    fits,
    fold_tag,
    for_plain_reader,
    format_field,
    format_note,
    length,
    markdown,
    mentioned_names,
    plain_text,
    recognise,
    sanitise,
    strip_tags,
)
from chalicelib.domain.text.characters import CODE_POINTS_EACH, MOST_BYTES, is_blank, look
from chalicelib.domain.text.phrases import Phrase, Texts
from chalicelib.domain.text.plain import whole
from chalicelib.outside import Unreachable
from chalicelib.settings import settings
from tests.quickness import grows_less_than

MEGABYTE = 1_000_000
LET_IN = settings.limit * CODE_POINTS_EACH
FACTOR, NOISE = 2.5, 0.02
STEP = 0.1
"""Seconds. The memory that an expression needs for a megabyte grows in steps."""


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def repeated(*units: str) -> dict[str, Callable[[int], str]]:
    return {unit: lambda size, unit=unit: (unit * (size // len(unit) + 1))[:size] for unit in units}  # type: ignore[misc]


def nested(*pairs: tuple[str, str]) -> dict[str, Callable[[int], str]]:
    """As many beginnings as ends."""
    return {f"{begin}…{end}": lambda size, begin=begin, end=end: (  # type: ignore[misc]
        begin * (size // len(begin + end)) + end * (size // len(begin + end))) for begin, end in pairs}


# fmt: off
LINKS = repeated(
    "@", "@a", "@a@", "a@", "@a.", "@a-", "@-a", "#", "#1", "#a", "#a·", "·#a", "#\u0301", "#_", "#ﷺ", ":", ":a",
    "a-", "a.", "a.a", "a_", "-a", "w.w", "a.co/", "é.", "http://", "http://a ", "mailto:", "mailto:a@", "xmpp:a@",
    "magnet:?", "https://[", "https://[1:", "https://a:1", "http://a@", "a.com", "a.com:", "a.com/`", "a.com/\"",
    "(http://a.b ", "a—", "a/—", "http://a.b/—", "http://a.b/_—_", "http://a.b/(", "https://one.example/)",
    "https://one.example/.", "·", "a·", "a\u200c", "a\u0301", "\u0301", "\u200d", "\U0001f1e6", "👍\u200d", "０",
    "\u0301\u0316", "\uff9e\u0316", "ﷺ", "\uff03a", " ", "\n", "a", "\ud800", "\x00", "\u3000",
) | {
    "host": lambda size: "http://" + "a." * (size // 2), "user": lambda size: "http://" + "a:" * (size // 2) + "@",
    "brackets of a path": lambda size: "http://a.b/" + "(" * (size // 2) + ")" * (size // 2),
    "marks of a path": lambda size: "http://a.b/" + "\"`" * (size // 2),
    "tag": lambda size: "#" + "a\u200c" * (size // 2),
    "dots of a path": lambda size: "http://a.b/" + "." * size, "name": lambda size: "@a@" + "b." * (size // 2),
}
BBCODE = repeated(
    "[", "[b]", "[/b]", "[code]", "[code]x", "[code][/code]", "[code]\n[/code]", "[code=", "[url]", "[url=",
    "[url=http://a.b]", "[url]x[/url]", "[url]http://", "[img]", "[img]x[/img]", "[img width=1", "[list][*]", "[*]",
    "[*][list]", "[list=1]", "[b][/i]", "[b][i]", "[/b][b]", "[i][b][/i]", "[quote=a]", "[quote", "[b ", "[ul][li]",
    "\n", "[li]\n", "[list]\n \n", "[code\n", "<", "&", "\u0130[code]",
) | nested(
    ("[b]", "[/b]"), ("[b]x", "[/b]"), ("[i][b]", "[/b][/i]"), ("[i][b]", "[/i]"), ("[list][*]", "[/list]"),
    ("[list]", "[/list]"),
    ("[quote=a]", "[/quote]"), ("[url=http://a.b]", "[/url]"), ("[code]", "[/code]"), ("[img]", "[/img]"),
    ("[url]", "[/url]"),
    ("[ul][li]", "[/ul]"), ("[b]\n", "\n[/b]"),
)
MARKDOWN = repeated(
    "[", "![", "[x](", "[a][", "[*][", "[a]: b\n", "[a]:\n", "[a]: <", "[a](<", "[a](b \"", "![a](", "[[", "]]",
    "[]", "()", "\\[", "*", "**a*", "_a*", "*a_", "***a**", "*a **b _c __d ~~e ", "`a", "a`", "``a`", "~~a", "~",
    "\\", "> ", ">", "- ", "1. ", "3. a\n", "1) ", "* * ", "- a\n", "|a", "---\n", "a\n=", "# ", "#", "```\n",
    "~~~a\n", "    a\n", "\ta\n", "\n", "a\n", "a\n\n", "\\\n", "<a ", "<a b='", "<!--", "<!a", "<?a", "<![CDATA[",
    "<http://a", "<a@", "<div>\n\n", "<script>\n", "&a", "&#1", "@a_", "http://a.b/*c ", "http://a.b/_", "@", "a@",
    " ", "\t",
) | {
    "ticks": lambda size: " ".join("`" * number for number in range(1, int((2 * size) ** 0.5))),
    "lists within lists": lambda size: "\n".join("  " * number + "- a" for number in range(1, int(size ** 0.5))),
    "numbered lists within lists": lambda size: "\n".join(
        "   " * number + "3. a" for number in range(1, int((size / 2) ** 0.5))),
    "quotes within quotes": lambda size: "\n".join("> " * number + "a" for number in range(1, int(size ** 0.5))),
    "few brackets": lambda size: ("[" + "a" * (size // 300)) * 300, "one label": lambda size: "[" + "a" * size + "]: x",
    "one title": lambda size: "[a]: /u \"" + "u\n" * (size // 2), "names": lambda size: "".join(
        f"[a{number}]: /u\n" for number in range(size // 20)) + "".join(f"[a{number}]" for number in range(size // 20)),
} | nested(("*a ", "b* "), ("**a *b ", "b* c** "), ("~~a ", "b~~ "), ("_", "_"), ("(", ")"))
HTML = repeated(
    "<", "<<b", "<b>", "<b><p>", "<blockquote>", "<a href=x>", "<table><a>", "<table>", "<td>", "<svg>", "<svg><p>",
    "<math><mi>", "<!--", "<!", "<?", "<![CDATA[", "<a href='", '<x "', "<a b=", "<a b='c' ", "</", "</a", "</p>",
    "</b>", "<div>\n\n", "<h1>", "<p><b>", "<i><b><p>", "<ul><li>", "<ruby><rt>", "<select><option>", "<pre>\n",
    "<code>", "<b></x>", "<b><i></b></i>", "<b><p></b>", "<a><b>", "<li>", "<p>", "<br>", "<nobr>", "<font>",
    "<body>", "<form>", "<template>", "<script>", "<textarea>", "<title>", "<plaintext>", "&", "&amp;", "&#", "&#1",
    "&#x", "&lt", "'", '"', "<\0b>", "\u0301", "\n",
) | {
    "names": lambda size: "".join(f"<a{number}>" for number in range(size // 8)),



    "rebuilt": lambda size: "<i>" + "".join(f"<b title={number}>" for number in range(size // 24)) + "</i>"
               + "<p>x</p>" * (size // 16),
    "ends of nothing": lambda size: "<span>" * (size // 12) + "</i>" * (size // 8),
} | nested(("<b>", "</b>"), ("<div>", "</div>"), ("<ul><li>", "</ul>"))
TABLES = repeated(",", "a,", "a@b\n", '"', '"a', '""', "a;", "a\t", "\n", "\r", " ", "a b ", "@", "acct:", "<a@b>",
"Account address\n",
                  "\0", "\ufeff", "http://a/@b\n", "a,true,false,en de\n", "'", "\u200b", "a;b,c\td\n")
JSON = repeated("[", "{", '{"a":', '"', "1", "-", "\\u0000", "[1,", "[[],", '"\\', " ", "tru", '{"files":', "1e5")


def with_prefix(prefix: str, units: dict[str, Callable[[int], str]]) -> dict[str, Callable[[int], str]]:
    return {name: lambda size, made=made: prefix + made(size) for name, made in units.items()}  # type: ignore[misc]
# fmt: on


def filtered(text: str) -> None:
    """All that somebody wrote, looked through for the keywords of somebody who wants to make it slow."""
    keywords = (text[:1], text[:255], text[:254] + "x", "x" + text[:254], " ".join(text[:50]))
    Texts([text, text]).find(Phrase(each, whole_word=whole_word) for each in keywords for whole_word in (True, False))


def manifest(text: str) -> None:
    with suppress(Unreachable):
        sharing._json(text.encode())


def of_names(size: int) -> str:
    return json.dumps({f"a{number}": "d/" * 3 + f"{number}.png" for number in range(size // 30)})


def paths(text: str) -> None:
    sharing._safe(dict(list(json.loads(text).items())[:zips.MOST_ENTRIES]), "cats")


def unzipped(data: bytes) -> None:
    zips.is_zip(data)
    with suppress(zips.NotAnArchive):
        zips.names_in(data)
        zips.unpacked(data)


def zip_of(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(min(size // 150, zips.MOST_ENTRIES)):
            archive.writestr(f"a\\{number}.png", b"\x89PNG")
    return out.getvalue()


def of_bytes(*units: bytes) -> dict[str, Callable[[int], bytes]]:
    return {repr(unit): lambda size, unit=unit: unit * (size // len(unit)) for unit in units}  # type: ignore[misc]


ZIPS: dict[str, Callable[[int], bytes]] = of_bytes(
    b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\b", b"PK\5\6" + b"\xff" * 18, b"PK\1\2" + bytes(42),
    b"\0", b"PK\5\6" + bytes(18), b"<!--", b"<svg",
) | {"many files": zip_of, "files and a comment": lambda size: zip_of(size // 2) + b"PK\5\6" * (size // 8)}

READERS: dict[str, tuple[Callable[[Any], Any], dict[str, Callable[[int], Any]], int]] = {
    "links": (lambda text: list(recognise.find(whole(text))), LINKS, MEGABYTE),
    "mentions, hashtags and shortcodes": (lambda text: (
        mentioned_names(text, "text/plain"), fold_tag(text), custom_shortcodes(text),
        format_note(text, people={}, base_url="https://k.example")), LINKS, MEGABYTE // 4),
    "characters": (lambda text: (length(text), fits(10**9, text), find_emoji(text), is_blank(text), look(text)), LINKS,
                   MEGABYTE // 4),
    "stems": (stems.stems, LINKS | repeated("a'", "ab", "ab ", "éa", "日本", "\u0e01", "a1"), LET_IN),
    "questions": (lambda text: (queries.alternatives(text), queries.hashtags(text)), LINKS | repeated(
        "or ", "-", "-a ", '"', '-"a', "#a ", "aB", "a/"), LET_IN),
    "BBCode": (lambda text: bbcode.to_html(whole(text)), BBCODE, MEGABYTE // 4),
    "Markdown": (lambda text: markdown.to_html(whole(text)), MARKDOWN, LET_IN),
    "HTML": (lambda text: plain_text(for_plain_reader(sanitise.clean(whole(text)))), HTML, LET_IN),
    "fields": (lambda text: format_field(text, people={}, base_url="https://k.example"), HTML, LET_IN),
    "texts without tags": (strip_tags, HTML, LET_IN),
    "filters": (filtered, LINKS | repeated("a ", "_", "क्", "日本", "❤\ufe0f"), MEGABYTE // 4),
    "imports": (lambda text: brought.read(text, "following"), TABLES, MEGABYTE),
    "imports of bytes": (lambda text: brought.read(text.encode("utf-16"), "following"), TABLES, MEGABYTE // 4),
    "imports with a header": (lambda text: brought.read(text, "following"), with_prefix(
        "Account address,Show boosts,Notify on new posts,Languages\n", TABLES), MEGABYTE // 4),
    "pack.json": (manifest, JSON, MEGABYTE), "names of a pack": (paths, {"many": of_names}, MEGABYTE // 4),
    "emoji.txt": (lambda text: folder_import._safe("cats", folder_import._from_list("cats", text.encode())), repeated(
        ",", "a,", "a, ", "a, b\n", "\\", "/", "/emoji/cats/", ", ", "\n", " ", "a,b,c", "\x85"), MEGABYTE),
    "zips": (unzipped, ZIPS, MEGABYTE),
}
CASES = [(reader, unit) for reader, (_, units, _) in READERS.items() for unit in units]


@pytest.mark.parametrize(("reader", "unit"), CASES)
def test_time_grows_no_faster_than_the_text(reader: str, unit: str) -> None:
    read, units, size = READERS[reader]
    read(units[unit](100))
    for each in (size // 4, size):  # what grows too fast shows in the short ones, and is not waited for
        noise = STEP if size == MEGABYTE else NOISE
        assert grows_less_than(4 * FACTOR, read, units[unit](each // 4), units[unit](each), noise)


def test_what_is_let_in_is_bounded_in_bytes() -> None:
    assert LET_IN == 50_000
    assert MOST_BYTES == 200_000
    assert not fits(settings.limit, "a" + "\u0301" * LET_IN)
    assert not fits(10**9, "a" * (MOST_BYTES + 1))
