"""What a web page says of itself in its head: OpenGraph and Twitter cards, with its title."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

MOST_VALUES = 60
LONGEST_VALUE = 2000
PREFIXES = ("og:", "twitter:")


@dataclass
class PageCard:
    """The page's own words; `values` are keyed without prefix, OpenGraph's over Twitter's."""

    title: str = ""
    values: dict[str, str] = field(default_factory=dict)


def read(html: str) -> PageCard | None:
    """The card of a page; None for one that offers none."""
    head = _Head()
    head.feed(html)
    head.close()
    values = {**head.named["twitter:"], **head.named["og:"]}
    title = values.get("title") or head.title.strip()
    if not values or not title:
        return None
    return PageCard(title[:LONGEST_VALUE], values)


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.named: dict[str, dict[str, str]] = {prefix: {} for prefix in PREFIXES}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title
        if tag != "meta":
            return
        values = {name: value or "" for name, value in attrs}
        name = (values.get("property") or values.get("name") or "").strip().lower()
        content = values.get("content", "").strip()[:LONGEST_VALUE]
        for prefix in PREFIXES:
            known = self.named[prefix]
            if name.startswith(prefix) and content and len(known) < MOST_VALUES:
                known.setdefault(name.removeprefix(prefix)[:LONGEST_VALUE], content)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < LONGEST_VALUE:
            self.title += data
