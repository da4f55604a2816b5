"""A small browser for tests: it reads a page's form, fills it in, and keeps cookies."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests


class Form(HTMLParser):
    """The first form of a page: where it goes, and what it sends if nobody touches it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.method, self.code = "", "get", ""
        self.fields: list[tuple[str, str]] = []
        self._in_code = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.method = values.get("action", ""), values.get("method", "get").lower()
        sent = values.get("type") not in ("checkbox", "radio", "submit") or "checked" in values
        if tag == "input" and values.get("name") and sent:
            self.fields.append((values["name"], values.get("value", "")))
        self._in_code = tag == "output"

    def handle_data(self, data: str) -> None:
        if self._in_code and data.strip():
            self.code = data.strip()


class Browser:
    """A browser, with the page that it shows."""

    def __init__(self) -> None:
        self.http = requests.Session()
        self.url, self.page, self.status = "", "", 0

    def open(self, url: str) -> Browser:
        return self._saw(self.http.get(url, timeout=10, allow_redirects=False))

    def sign_in(self, url: str, name: str, password: str) -> Browser:
        """Open the page, fill in the two fields that a person sees, and press the button."""
        form = Form(self.open(url).page)
        assert form.method == "post", self.page[:500]
        filled = [(field, {"name": name, "password": password}.get(field.rpartition("[")[2].rstrip("]"), value))
                  for field, value in form.fields]
        return self._saw(self.http.post(urljoin(self.url, form.action), data=filled, timeout=10, allow_redirects=False))

    @property
    def code(self) -> str:
        """The code that the page shows, or that the redirect carries."""
        return self.answered.get("code") or Form(self.page).code

    @property
    def answered(self) -> dict[str, str]:
        """The query of the address that the browser was sent to."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}

    def _saw(self, reply: requests.Response) -> Browser:
        self.url, self.page, self.status = reply.url, reply.text, reply.status_code
        self.location = reply.headers.get("location", "")
        return self
