"""The pages that people see, and the elements they have when a browser has read them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.cast import Reply


class Page(HTMLParser):
    """The elements of a page with their attributes, in their order."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        assert reply.headers["content-type"] == "text/html; charset=utf-8", reply.text[:300]
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._texts: list[tuple[str, str]] = []
        self._within = ""
        self.feed(reply.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._within = tag

    def handle_data(self, data: str) -> None:
        self._texts.append((self._within, data))

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """The page without anything that could have been typed: elements and the names of their attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def text_of(self, tag: str) -> str:
        """The text in the element of this name."""
        return next(text for within, text in self._texts if within == tag)

    def addresses(self) -> list[str]:
        """Every address that the page leads to or loads from."""
        return [value for _, attributes in self.elements for name, value in attributes.items()
                if name in ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "background")]


def sign_in(person: Any, **fields: Any) -> Reply:
    """POST the sign-in page's form."""
    reply: Reply = person.post("/oauth/authorize", form={
        f"authorization[{name}]": value for name, value in fields.items()})
    return reply
