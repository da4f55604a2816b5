"""Somebody who has a keyboard only. They find their way by Tab, and by what the thing in focus is called."""

from __future__ import annotations

from typing import Any

from tests.browser.chromium import ENTER, TAB, Chromium

BACKSPACE, DOWN, SPACE, TO_THE_END = "\ue003", "\ue015", " ", "\ue010"
FIRST, MOST = "Skip to content", 200
FOCUSED = """
const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
const label = element.labels && element.labels.length ? element.labels[0].innerText : element.textContent;
const name = (element.getAttribute('aria-label') || label).trim().replace(/\\s+/g, ' '), wrong = [];
const place = [...document.body.querySelectorAll('*')].indexOf(element);
const above = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2,
                                        box.top + Math.min(box.height, innerHeight) / 2);
if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) wrong.push('no outline');
if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) wrong.push('out of sight');
else if (!above || !(element.contains(above) || above.contains(element))) wrong.push('covered');
return {name, kind: element.localName, place, wrong: place < 0 ? [] : wrong};
"""


class Keyboard:
    """`wrong` gathers what made the focus hard to follow."""

    def __init__(self, browser: Chromium) -> None:
        self.browser = browser
        self.wrong: list[tuple[Any, ...]] = []

    def goes_to(self, name: str) -> None:
        """Press Tab until what begins with this name has the focus, from the end of the page once more from its top.

        Between both the focus may be on nothing, or not: that is the browser's to say.
        """
        met: list[str] = []
        last = -1
        while not met or not met[-1].startswith(name):
            self.browser.keys(TAB)
            here = self.browser.run(FOCUSED)
            if met and here["name"] == FIRST:
                last = -1
            if here["wrong"] or -1 < here["place"] <= last:
                faults = here["wrong"] or ["before what had the focus before"]
                self.wrong.append((self.browser.url, here["kind"], here["name"], *faults))
            last = here["place"]
            met.append(here["name"] if last >= 0 else "")
            assert met.count(FIRST) < 3, f"no way by Tab to {name!r} at {self.browser.url}: {met}"
            assert len(met) < MOST, f"no way by Tab to {name!r} at {self.browser.url}: {met}"

    def skips_the_header(self) -> None:
        """Take the first link of the page, which leads to the content."""
        self.browser.keys(TAB, ENTER)
        assert self.browser.comes_to("return document.activeElement.id === 'content'"), self.browser.url

    def follows(self, name: str) -> None:
        """Go to a link or a button, and press Enter there. It leads to another page."""
        self.goes_to(name)
        with self.browser.leaving():
            self.browser.keys(ENTER)

    def opens(self, name: str) -> None:
        """Open what is folded."""
        self.goes_to(name)
        self.browser.keys(ENTER)

    def ticks(self, name: str) -> None:
        self.goes_to(name)
        self.browser.keys(SPACE)

    def writes(self, name: str, text: str) -> None:
        self.goes_to(name)
        self.browser.keys(*text)

    def chooses(self, name: str, *, down: int) -> None:
        """Go to a list of choices, and press the arrow so many times."""
        self.goes_to(name)
        self.browser.keys(*[DOWN] * down)
