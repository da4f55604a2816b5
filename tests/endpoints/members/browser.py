"""A browser without JavaScript: it keeps cookies, follows redirects, and sends the forms that a page has.

Every page that it opens must be one that people can use: see `Page.check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.cast import Person, Reply

HERE = "http://kenoma.test"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOST_REDIRECTS = 5
Value = str | list[str]


@dataclass
class Button:
    """`name`, `value`: what it adds to its form. `action`: where it sends the form, if not where the form says."""

    text: str
    action: str
    name: str
    value: str


@dataclass
class Form:
    """A form as the page fills it in. A box that is not ticked has no value. Fields of one name have a list of values.
    """

    action: str
    method: str
    values: dict[str, Value] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    buttons: list[Button] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {*self.values, *self.boxes, *self.files}


class Page(HTMLParser):
    """What is on a page."""

    VOID = ("meta", "link", "img", "input", "br", "hr")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.headings: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.labelled: set[str] = set()
        self._open: list[tuple[str, dict[str, str]]] = []
        self._said: list[str] = []
        self.feed(html)
        self.check()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.tags.append((tag, given))
        if tag == "form":
            self.forms.append(Form(given["action"], given["method"]))
        elif self.forms and "name" in given and self._is_within("form"):
            self._take(tag, given)
        elif tag == "option" and self._is_within("select"):
            name = next(each["name"] for kind, each in reversed(self._open) if kind == "select")
            if "selected" in given or name not in self.forms[-1].values:
                self.forms[-1].values[name] = given["value"]
        if tag == "button" and self.forms and self._is_within("form"):
            self.forms[-1].buttons.append(Button(
                "", given.get("formaction", ""), given.get("name", ""), given.get("value", "")))
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if "aria-label" in given or self._is_within("label"):
            self.labelled.add(given.setdefault("id", f"without-{len(self.tags)}"))
        if tag not in self.VOID:
            self._open.append((tag, given))

    def _take(self, tag: str, given: dict[str, str]) -> None:
        form, kind = self.forms[-1], given.get("type", "text")
        if tag == "textarea":
            form.values[given["name"]] = ""
        elif tag == "input" and kind == "radio":
            form.values.setdefault(given["name"], "")
        elif tag == "input" and kind == "checkbox":
            form.boxes[given["name"]] = given["value"] if "checked" in given else ""
        elif tag == "input" and kind == "file":
            form.files.add(given["name"])
        elif tag == "input":
            self._add(form, given["name"], given.get("value", ""))

    @staticmethod
    def _add(form: Form, name: str, value: str) -> None:
        before = form.values.get(name)
        form.values[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]

    def _is_within(self, tag: str) -> bool:
        return any(kind == tag for kind, _ in self._open)

    def handle_endtag(self, tag: str) -> None:
        kind, _ = self._open.pop()
        assert kind == tag, f"{kind} is closed by {tag}"

    def handle_data(self, data: str) -> None:
        if not self._open:
            return
        tag, given = self._open[-1]
        if tag == "textarea":
            self.forms[-1].values[given["name"]] = f'{self.forms[-1].values[given["name"]]}{data.removeprefix(chr(10))}'
        text = " ".join(data.split())
        if not text:
            return
        if self._is_within("button") and self._is_within("form"):
            button = self.forms[-1].buttons[-1]
            button.text = f"{button.text} {text}".strip()
        self._said.append(text)
        for kind, each in self._open:
            if kind == "a":
                self.links[text] = each["href"]
            if kind in ("h1", "h2", "h3"):
                self.headings.append((kind, text))
            for mark in (each.get("role", ""), f"#{each.get('id', '')}"):
                if len(mark) > 1:
                    self.texts[mark] = f"{self.texts.get(mark, '')} {text}".strip()

    @property
    def text(self) -> str:
        return " ".join(self._said)

    @property
    def title(self) -> str:
        return next(text for kind, text in self.headings if kind == "h1")

    @property
    def times(self) -> list[dict[str, str]]:
        return [given for tag, given in self.tags if tag == "time"]

    def form(self, action: str) -> Form:
        return next(form for form in self.forms if form.action == action)

    def attributes(self, tag: str, **wanted: str) -> dict[str, str]:
        return next(given for kind, given in self.tags if kind == tag and wanted.items() <= given.items())

    def check(self) -> None:
        """The page is whole: one main heading, ids that are its own, labels, no script, nothing from elsewhere."""
        ids = [given["id"] for _, given in self.tags if "id" in given]
        assert len(ids) == len(set(ids)), ids
        assert sum(tag == "h1" for tag, _ in self.tags) == 1
        for tag, given in self.tags:
            assert tag != "script" or given.get("src", "").startswith("/static/")
            assert not any(name.startswith("on") or name == "style" for name in given), given
            assert not given.get("href", "").lower().startswith("javascript:")
            for target in given.get("aria-describedby", "").split():
                assert target in ids, target
            if tag == "img":
                assert "alt" in given
                assert {"width", "height"} <= given.keys()
            if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
                assert given["id"] in self.labelled, given
        for link in (given["href"] for tag, given in self.tags if tag == "a" and given["href"].startswith("#")):
            assert link.removeprefix("#") in ids, link


class Browser:
    """Somebody before a browser. `page` is what they see."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.address = "/"
        self.calls: list[int] = []
        self.reply = Reply(0, "")
        self.fragment = ""
        self.page: Page

    def open(self, address: str) -> Page:
        return self._follow("GET", address)

    def send(self, form: Form | str, *, files: Any = None, **typed: Any) -> Page:
        """Send a form of the page, or the one with this action. `typed`: values; True and False tick boxes."""
        form = self.page.form(form) if isinstance(form, str) else form
        return self._sent(form, form.action, [], files, typed)

    def press(self, name: str, *, files: Any = None, **typed: Any) -> Page:
        """Press the button that is called so, after filling in its form."""
        form, button = next((form, each) for form in self.page.forms for each in form.buttons if each.text == name)
        own = [(button.name, button.value)] if button.name else []
        return self._sent(form, button.action or form.action, own, files, typed)

    def _sent(self, form: Form, action: str, own: list[tuple[str, str]],
              files: dict[str, tuple[str, bytes, str]] | None, typed: dict[str, Any]) -> Page:
        assert typed.keys() <= form.names, (typed.keys() - form.names, form.names)
        assert (files or {}).keys() <= form.files
        pairs = [*self._pairs(form, typed), *own]
        enctype = self.page.attributes("form", action=form.action).get("enctype", "")
        assert bool(form.files) == (enctype == "multipart/form-data")
        return self._follow("POST", action, form=pairs, files=files)

    @staticmethod
    def _pairs(form: Form, typed: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for name, value in form.values.items():
            wanted = typed.get(name, value)
            yield from ((name, str(each)) for each in (wanted if isinstance(wanted, list) else [wanted]))
        for name, value in form.boxes.items():
            if typed.get(name, bool(value)):
                yield name, value or "true"

    def download(self, address: str) -> Reply:
        """A file, which is no page."""
        self.reply = self._asks("GET", urljoin(HERE + self.address, address))
        return self.reply

    def _follow(self, method: str, address: str, **sent: Any) -> Page:
        for _ in range(MOST_REDIRECTS):
            self.reply = self._asks(method, address, **sent)
            if self.reply.status not in (301, 302, 303):
                self.page = Page(self.reply.text)
                return self.page
            address = urljoin(HERE + self.address, self.reply.headers["location"])
            assert address.startswith(HERE), address
            method, sent = "GET", {}
        raise AssertionError("too many redirects")

    def _asks(self, method: str, address: str, **sent: Any) -> Reply:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept": ACCEPT, "Sec-Fetch-Site": "same-origin"} | ({"Origin": HERE} if method == "POST" else {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = Person().request(method, path, headers=headers, **sent)
        if "set-cookie" in reply.headers:
            name, _, value = reply.headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in reply.headers["set-cookie"]:
                del self.cookies[name]
        self.address, self.fragment = path, parts.fragment
        self.calls.append(reply.calls)
        return reply
