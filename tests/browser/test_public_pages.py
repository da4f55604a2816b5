"""How the public pages look in a browser: on a narrow phone, a tablet and a desk, by day and by night.

The pictures are for people to look at.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.test_pages import LOOK
from tests.running.stage import Someone

OPENED = "document.querySelectorAll('details').forEach(each => each.open = true);"
FAULTS = """
return axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(
  found => found.violations.map(each => each.id + ': ' + each.nodes[0].html.slice(0, 200)))
"""
SIZES = ((320, 640), (768, 1024), (1440, 900))
LONG = "A word of eighty letters: " + "x" * 80
PIXEL = (b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01"
         b"\x00\x01\x00\x00\x02\x02D\x01\x00;")


@pytest.fixture(scope="module")
def written(stage) -> dict[str, str]:
    """Statuses of every kind, by a new account: where each is."""
    moth = Someone(stage.url).sign_up("moth")
    moth.changes(display_name="Moth " * 5, note=f"I like #moths. {LONG}", locked=True,
                 fields_attributes=[{"name": "Site", "value": "https://one.example/" + "a" * 60}])
    picture = moth.upload("/api/v1/media", file=("a.gif", PIXEL))["id"]
    root: dict[str, Any] = moth.posts(f"{LONG} #moths", media_ids=[picture])
    parent = root
    for number in range(4):
        parent = moth.posts(f"reply {number}", in_reply_to_id=parent["id"])
    covered = moth.posts(LONG, spoiler_text="A warning " * 12)
    poll = moth.posts("Which?", poll={"options": ["Moths", "An option that is longer than a line of a phone"],
                                      "expires_in": 3600})
    moth.posts("טקסט מימין לשמאל", language="he")
    return {"thread": f"/notice/{root['id']}", "covered": f"/notice/{covered['id']}", "poll": f"/notice/{poll['id']}",
            "profile": "/users/moth", "media": "/users/moth/media", "nobody": "/users/nobody-at-all",
            "tag": "/tag/moths", "public": "/main/public", "front": "/", "about": "/about", "privacy": "/about/privacy",
            "api": "/api/openapi?subject=statuses"}


@pytest.mark.parametrize("name", ["thread", "covered", "poll", "profile", "media", "nobody", "tag", "public", "front",
                                  "about", "privacy", "api"])
def test_a_public_page_looks_right(visitor, browser, pictures, written, name):
    for width, height in SIZES:
        for scheme in ("light", "dark"):
            browser.resize((width, height))
            browser.prefer(scheme)
            browser.open(visitor.stage.url + written[name])
            browser.picture(pictures / f"{name}-{width}-{scheme}.png")
            assert browser.run(LOOK, width) == [], (name, width, scheme)
            assert browser.run("return [document.scripts.length, document.querySelectorAll('h1').length]") == [0, 1]


def test_nothing_keeps_anybody_out(visitor, browser, written, axe):
    browser.resize(SIZES[1])
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        for name, path in written.items():
            browser.open(visitor.stage.url + path)
            browser.run(axe + "; window.axe = axe;" + OPENED)

            assert browser.run(FAULTS) == [], (name, scheme)


def test_no_page_asks_anybody_else_for_anything(visitor, browser, written):
    for name, path in written.items():
        browser.open(visitor.stage.url + path)
        asked = browser.run("return performance.getEntriesByType('resource').map(each => each.name)")

        assert [each for each in asked if not each.startswith(visitor.stage.url + "/")] == [], name


def test_a_warning_opens_by_the_keyboard(visitor, browser, written):
    browser.open(visitor.stage.url + written["covered"])
    closed = browser.run("return document.querySelector('.content').checkVisibility()")
    browser.run("document.querySelector('details.covered summary').focus()")
    browser.keys("\ue007")

    assert closed is False
    assert browser.run("return document.querySelector('.content').checkVisibility()") is True
