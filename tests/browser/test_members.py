"""Reading, writing and answering by the pages alone, with a real browser and without JavaScript, and how these look."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import PHONE
from tests.browser.test_pages import LOOK
from tests.browser.test_public_pages import FAULTS, OPENED, SIZES
from tests.pictures import picture
from tests.running.stage import Someone, until


def becomes(visitor, name: str) -> Someone:
    """Sign a new account in, in the browser and by the API."""
    someone = Someone(visitor.stage.url).sign_up(name)
    visitor.browser.open(visitor.stage.url + "/account/sign-in?next=/account/home")
    visitor.browser.type("#name", name)
    visitor.browser.type("#password", PASSWORD)
    visitor.browser.press("main form button")
    return someone


@pytest.fixture(scope="module")
def lived(stage) -> str:
    """Somebody who was written to, and wrote."""
    moth, friend = (Someone(stage.url).sign_up(name) for name in ("luna", "sol"))
    moth.follows(friend)
    mine = moth.posts("Which?", poll={"options": ["Moths", "An option that is longer than a line of a phone"],
                                      "expires_in": 3600})
    friend.posts("@luna " + "x" * 80, in_reply_to_id=mine["id"])
    friend.posts("@luna between us", visibility="direct")
    friend.reacts(mine["id"], "🔥")
    moth.post("/api/v1/lists", title="Friends")
    return "luna"


PAGES = ["home", "notifications", "conversations", "bookmarks", "favourites", "lists", "requests", "search?q=sol",
         "write",
         "", "profile", "posting", "privacy", "email", "password", "mfa", "sessions", "import", "export", "backups",
         "aliases", "move", "blocks", "mutes", "followers", "disable", "delete"]


def test_the_pages_of_members_look_right_and_keep_nobody_out(visitor, browser, lived, axe):
    browser.open(visitor.stage.url + "/account/sign-in?next=/account/home")
    browser.type("#name", lived)
    browser.type("#password", PASSWORD)
    browser.press("main form button")
    found: list[tuple[Any, ...]] = []
    for name in PAGES:
        for width, height in SIZES:
            for scheme in ("light", "dark"):
                browser.resize((width, height))
                browser.prefer(scheme)
                browser.open(f"{visitor.stage.url}/account/{name}".rstrip("/"))
                found += [(name, width, scheme, fault) for fault in browser.run(LOOK, width)]
        browser.run(axe + "; window.axe = axe;" + OPENED)
        found += [(name, fault) for fault in browser.run(FAULTS)]

    assert found == []


def test_a_day_on_a_telephone_without_scripts(visitor, browser, tmp_path):
    """The last one here: from now on the browser runs no scripts."""
    browser.forget_scripts()
    browser.resize(PHONE)
    becomes(visitor, "mira")
    (tmp_path / "hill.png").write_bytes(picture())
    browser.press("a[href='/account/write']")
    browser.type("#text", "Tea or coffee?")
    browser.type("#file-0", str(tmp_path / "hill.png"))
    browser.type("#description-0", "A green hill")
    browser.press("main form button[name=preview]:not(.unseen)")
    assert "Tea or coffee?" in browser.text("article")
    browser.press("main form button:not([name])")

    assert browser.text(".notice") == "Your post is out."
    assert browser.has("article img[alt='A green hill']")
    status_id = browser.run("return location.pathname.split('/').pop()") or ""
    reader = Someone(visitor.stage.url).sign_up("rolf")
    reader.posts("@mira coffee!", in_reply_to_id=status_id)
    reader.reacts(status_id, "🔥")

    def told() -> str:
        browser.open(visitor.stage.url + "/account/notifications")
        return browser.text() if "reacted" in browser.text() else ""

    page = until(told)
    assert "rolf" in page
    assert "coffee!" in page
    browser.press("main form button")
    assert "Unread" not in browser.text("main")
    browser.open(visitor.stage.url + "/account")
    browser.press("form[action='/account/sign-out'] button")
    assert browser.cookies() == []
