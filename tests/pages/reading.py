"""Reading pages as people and machines do: what is in the head, what can be pressed, and what screen readers need."""

from __future__ import annotations

import itertools
import re
import time
from typing import Any

from tests.cast import Reply
from tests.pictures import picture
from tests.security.pages import Page

ACTING = ("script", "iframe", "object", "embed", "base", "svg", "math", "style", "frame", "applet")
HEAD_OF_PREVIEWERS = 8_192


class WebPage(Page):
    """A page with the questions that tests have."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.html, self.calls = reply.text, reply.calls
        self.seconds = 0.0

    def meta(self, key: str) -> list[str]:
        return [each["content"] for each in self.all("meta") if key in (each.get("name"), each.get("property"))]

    def links(self, relation: str) -> list[dict[str, str]]:
        return [each for each in self.all("link", "a") if relation in each.get("rel", "").split()]

    @property
    def articles(self) -> list[str]:
        """The ids of the statuses, as they come."""
        return [each["id"] for each in self.all("article")]

    @property
    def forms(self) -> list[str]:
        return [each["action"] for each in self.all("form")]


def visit(person: Any, path: str, **more: Any) -> WebPage:
    """A page as a browser asks for it."""
    reply = person.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, **more)
    return WebPage(reply)


def pages_from(person: Any, path: str) -> list[WebPage]:
    """The page at an address, and all that follow by `rel=next`. Each knows the `seconds` that it took."""
    found: list[WebPage] = []
    while path:
        begun = time.perf_counter()
        found.append(visit(person, path))
        found[-1].seconds = time.perf_counter() - begun
        path = next((each["href"] for each in found[-1].links("next") if each["href"].startswith("/")), "")
    return found


def uploads(person: Any, **more: str) -> str:
    """Upload a picture; its id."""
    id: str = person.post("/api/v1/media", form=more, files={"file": ("a.png", picture(), "image/png")}).json["id"]
    return id


def check(page: WebPage, said: str = "") -> None:
    """Nothing in it acts, everything has its name, and the head is where previewers look."""
    assert page.all(*ACTING) == [], said
    assert not [name for _, given in page.elements for name in given if name.startswith("on") or name == "style"], said
    assert not [each for each in page.addresses() if re.match(r"\s*(javascript|vbscript|data):", each, re.I)], said
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1, said
    assert page.all("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(headings)), said
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(ids) == len(set(ids)), said
    labels = {each.get("for") for each in page.all("label")}
    assert all(each["id"] in labels for each in page.all("input", "select", "textarea") if each.get("type") != "hidden")
    assert all("alt" in each for each in page.all("img")), said
    assert all({"width", "height"} <= each.keys() for each in page.all("img") if "emoji" in each.get("class", "")
               or "avatar" in each.get("class", "")), said
    assert all(each["aria-labelledby"] in ids for each in page.all("article")), said
    assert "</head>" in page.html.encode()[:HEAD_OF_PREVIEWERS].decode(errors="replace"), said
