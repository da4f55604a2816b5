"""Somebody at a web client that we have not made. They find their way by what things are called, as people do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.browser.chromium import Chromium, Failed
from tests.running.stage import until

PRESSED = "button, a, [role=button], [role=menuitem], [role=tab], summary, input[type=submit]"
WRITTEN = "textarea, [contenteditable=true], input:not([type=password], [type=hidden], [type=file])"
TYPED = "input:not([type=hidden], [type=password], [type=checkbox])"
FIND = """
const [kinds, pattern, near] = arguments, wanted = new RegExp(pattern, 'i');
const names = each => [each.ariaLabel, each.labels?.[0]?.innerText, each.innerText, each.title, each.placeholder,
                       each.value, each.name].filter(Boolean).map(name => name.trim());
const found = root => [...root.querySelectorAll(kinds)].find(each =>
  each.checkVisibility({visibilityProperty: true}) && !each.disabled && names(each).some(name => wanted.test(name)));
if (!near) return found(document.body) ?? null;
const said = [...document.body.querySelectorAll('*')].filter(each => each.textContent.includes(near));
let place = said.find(each => ![...each.children].some(child => said.includes(child)));
for (; place; place = place.parentElement) if (found(place)) return found(place);
return null;
"""
SIGN_IN, GO_ON = "^(log|sign) ?in", "^(log ?in|sign ?in|continue|connect|authori[sz]e|go$)"


class WebClient:
    def __init__(self, browser: Chromium, url: str) -> None:
        self.browser, self.url = browser, url

    def finds(self, kinds: str, name: str, near: str = "") -> Any:
        return self.browser.run(FIND, kinds, name, near)

    def presses(self, name: str, near: str = "", *, behind: str = "") -> None:
        """Press what is called so. `near`: beside this text. `behind`: what to press first if it is not there yet."""
        if behind and not self.finds(PRESSED, name, near):
            self.presses(behind, near)
        until(lambda: self._does(self.browser.choose, PRESSED, name, near))

    def writes(self, name: str, text: str, *, behind: str = "") -> None:
        if behind and not self.finds(WRITTEN, name):
            self.presses(behind)
        until(lambda: self._does(lambda found: self.browser.fill(found, text), WRITTEN, name))

    def _does(self, act: Callable[[dict[str, str]], None], kinds: str, name: str, near: str = "") -> bool:
        """Whether it was there. The page may put another in its place at any moment."""
        found = self.finds(kinds, name, near)
        with suppress(Failed):
            if found:
                act(found)
                return True
        return False

    def sees(self, text: str) -> None:
        until(lambda: text in self._text())

    def _text(self) -> str:
        with suppress(Failed):
            return self.browser.text()
        return ""

    def signs_in(self, name: str, password: str) -> None:
        """By whatever the client asks for: the server's address, a name and a password of its own, or at the server."""
        self.browser.open(self.url)
        for _ in range(3):
            until(lambda: self._can_go_on() or self.finds(PRESSED, SIGN_IN))
            if self._can_go_on():
                break
            self.presses(SIGN_IN)
        if self.finds(WRITTEN, "instance|server|domain"):
            self.writes("instance|server|domain", self.url.removeprefix("https://"))
            self.presses(GO_ON)
        until(lambda: self.browser.has("input[type=password]"))
        until(lambda: self._does(lambda found: self.browser.fill(found, name), TYPED, "user|name|mail"))
        self.browser.type("input[type=password]", password)
        self.presses(GO_ON)

    def _can_go_on(self) -> bool:
        return self.browser.has("input[type=password]") or bool(self.finds(WRITTEN, "instance|server|domain"))
