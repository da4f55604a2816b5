"""What a web page says about itself in its head: OpenGraph and Twitter cards, and its title.

A stranger's page may contain anything, so only so many bytes and tags are looked at. nh3 parses the page as browsers
do, and writes down the `meta` and `title` that it found. Only that text is read here: it has one spelling.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html import unescape
from itertools import islice

MOST_BYTES = 100_000
MOST_TAGS = 2_000
"""A head has some hundred. Parsing takes longer the deeper tags are nested, but this many take no time."""
MOST_VALUES = 60
LONGEST_VALUE = 2000
ARTICLE = "article:"
PREFIXES = ("og:", "twitter:", ARTICLE)
# The encodings of pages, by Python's names. Other codecs are not of text, or take too much time.
ENCODINGS = frozenset({
    "utf-8", "utf-16-le", "utf-16-be", "ascii", "big5", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "iso2022_jp",
    "koi8-r", "koi8-u", "mac-roman", "shift_jis", "cp866", "cp874", *(f"cp125{page}" for page in range(9)),
    *(f"iso8859-{part}" for part in range(1, 17)),
})
_CHARSET = re.compile(r"charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z]")
_META = re.compile(r"<meta((?: [a-z]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([a-z]+)=\"([^\"]*)\"")
_TITLE = re.compile(r"<title>([^<]*)</title>")


@dataclass
class PageCard:
    """The page's own words. `values` have keys without prefix; OpenGraph's win over Twitter's.

    `author`: a name. `published`: a time, as the page writes it.
    """

    title: str = ""
    values: dict[str, str] = field(default_factory=dict)
    author: str = ""
    published: str = ""


def read(body: bytes, content_type: str = "") -> PageCard | None:
    """The card of a page, given its first bytes. None if the page has none."""
    head = _written_down(_decoded(body[:MOST_BYTES], content_type))
    named = _named(head)
    values = {**named["twitter:"], **named["og:"]}
    found = _TITLE.search(head)
    title = values.get("title") or (unescape(found[1]).strip() if found else "")
    if not values or not title:
        return None
    article = named[ARTICLE]
    author = article.get("author", "")
    return PageCard(title[:LONGEST_VALUE], values, "" if "://" in author else author,
                    article.get("published_time", ""))


def _decoded(body: bytes, content_type: str) -> str:
    """The text, in the encoding that the reply or the page names if pages may have it, else in UTF-8."""
    named = _CHARSET.search(content_type) or _CHARSET.search(body[:2048].decode("ascii", "replace"))
    return body.decode(_encoding(named[1]) if named else "utf-8", "replace")


def _encoding(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if name in ENCODINGS else "utf-8"


def _written_down(html: str) -> str:
    """The `meta` and `title` of the page, each attribute as ` name="value"` and each value escaped."""
    import nh3

    last = next(islice(_TAG.finditer(html), MOST_TAGS, None), None)
    return nh3.clean(html[:last.start()] if last else html, tags={"meta", "title"},
                     attributes={"meta": {"name", "property", "content"}})


def _named(head: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {prefix: {} for prefix in PREFIXES}
    for meta in _META.finditer(head):
        values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(meta[1])}
        name = (values.get("property") or values.get("name") or "").strip().lower()
        content = values.get("content", "").strip()[:LONGEST_VALUE]
        for prefix, known in found.items():
            if name.startswith(prefix) and content and len(known) < MOST_VALUES:
                known.setdefault(name.removeprefix(prefix)[:LONGEST_VALUE], content)
    return found
