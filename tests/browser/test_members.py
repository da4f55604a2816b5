"""How the pages of members look in a browser, and that they keep nobody out."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import Chromium
from tests.browser.test_pages import LOOK
from tests.browser.test_public_pages import FAULTS, OPENED, SIZES
from tests.running.stage import Someone


@pytest.fixture(scope="module")
def lived(stage) -> str:
    """Somebody who was written to, and wrote."""
    moth, friend = (Someone(stage.url).sign_up(name) for name in ("luna", "sol"))
    moth.follows(friend)
    mine = moth.posts("Which?", poll={"options": ["Moths", "An option that is longer than a line of a phone"],
                                      "expires_in": 3600})
    friend.posts("@luna " + "x" * 80, in_reply_to_id=mine["id"])
    friend.posts("@luna between us", visibility="direct")
    friend.posts("And you?", poll={"options": ["Tea", "Coffee " * 12], "expires_in": 3600})
    friend.reacts(mine["id"], "🔥")
    moth.post("/api/v1/lists", title="Friends")
    return "luna"


PAGES = ["home", "notifications", "conversations", "bookmarks", "favourites", "lists", "requests", "search?q=sol",
         "write",
         "", "profile", "posting", "privacy", "email", "password", "mfa", "sessions", "import", "export", "backups",
         "aliases", "move", "blocks", "mutes", "followers", "disable", "delete"]


def signs_in(browser: Chromium, url: str, name: str) -> None:
    browser.open(url + "/account/sign-in?next=/account/home")
    browser.type("#name", name)
    browser.type("#password", PASSWORD)
    browser.press("main form button")


def test_emoji_go_where_one_writes_and_files_that_are_too_large_stay_here(visitor, browser, lived, tmp_path):
    signs_in(browser, visitor.stage.url, lived)
    browser.open(visitor.stage.url + "/account/write")
    browser.type("#text", "Hello")
    browser.run("document.querySelector('[data-inserts-into]').closest('details').open = true")

    code = browser.run("const first = document.querySelector('button[name=emoji]'); first.click(); return first.value")

    assert browser.run("return document.querySelector('#text').value") == f"Hello :{code}: "
    with (tmp_path / "large.png").open("wb") as large:
        large.truncate(browser.run("return Number(document.querySelector('[data-most-bytes]').dataset.mostBytes)") + 1)
    browser.type("#file-0", str(tmp_path / "large.png"))
    browser.run("document.querySelector('[data-most-bytes]').requestSubmit()")
    assert browser.has("[data-too-large]:not([hidden])")
    assert browser.url.endswith("/account/write")
    assert browser.complaints() == []


def test_the_pages_of_members_look_right_and_keep_nobody_out(visitor, browser, lived, axe):
    signs_in(browser, visitor.stage.url, lived)
    found: list[tuple[Any, ...]] = []
    for name in PAGES:
        for (width, height), scheme in zip(SIZES, ("light", "dark", "light"), strict=True):
            browser.resize((width, height))
            browser.prefer(scheme)
            browser.open(f"{visitor.stage.url}/account/{name}".rstrip("/"))
            found += [(name, width, scheme, fault) for fault in browser.run(LOOK, width)]
        browser.run(axe + "; window.axe = axe;" + OPENED)
        found += [(name, fault) for fault in browser.run(FAULTS)]

    assert found == []
