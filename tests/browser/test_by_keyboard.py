"""The whole day of somebody with a small telephone, a keyboard and no JavaScript. Nothing is ever clicked."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import PHONE, Chromium
from tests.browser.keyboard import BACKSPACE, TO_THE_END, Keyboard
from tests.pictures import picture
from tests.running.stage import Stage, until

NAME = "nina"


@pytest.fixture(scope="module")
def stage(browser, tmp_path_factory):
    """A server that wants to know whether the address is right."""
    running = Stage(tmp_path_factory.mktemp("stage") / "data", KENOMA_ACCOUNT_ACTIVATION_REQUIRED="1").answering()
    yield running
    running.stop()
    assert "Traceback" not in running.errors


@pytest.fixture
def keyboard(browser: Chromium, stage: Stage, tmp_path: Path) -> Keyboard:
    browser.forget_scripts()
    browser.resize(PHONE)
    browser.keep_downloads(tmp_path / "downloads")
    browser.open(stage.url + "/")
    return Keyboard(browser)


def test_the_keyboard_is_enough_for_a_whole_day(browser, stage, keyboard, tmp_path):
    signs_up(browser, stage, keyboard)
    sets_a_picture(browser, keyboard, tmp_path)
    status_id = posts(browser, keyboard, tmp_path)
    bob = stage.signs_in("bob")
    bob.posts(f"@{NAME} coffee!", in_reply_to_id=status_id)
    bob.reacts(status_id, "🔥")
    reads_what_happened(browser, stage, keyboard)
    changes_settings(browser, keyboard)
    takes_everything_along(browser, keyboard, tmp_path / "downloads")
    keyboard.follows("Account")
    keyboard.skips_the_header()
    keyboard.follows("Sign out")

    assert browser.cookies() == []
    assert keyboard.wrong == []


def signs_up(browser: Chromium, stage: Stage, keyboard: Keyboard) -> None:
    keyboard.skips_the_header()
    keyboard.follows("Make an account")
    keyboard.skips_the_header()
    keyboard.writes("Username", "bob")
    keyboard.writes("E-mail address", f"{NAME}@one.example")
    keyboard.writes("Password", PASSWORD)
    keyboard.ticks("I agree")
    keyboard.follows("Make the account")
    assert browser.run("return document.activeElement.className") == "fault"
    keyboard.opens("Username has already been taken")
    assert browser.run("return document.activeElement.id") == "username"
    browser.keys(TO_THE_END, *[BACKSPACE] * 3, *NAME)
    keyboard.writes("Password", PASSWORD)
    keyboard.follows("Make the account")
    assert browser.text("h1") == "Nearly done"

    def letter() -> bool:
        browser.open(stage.url + "/dev/mailbox")
        return "confirm" in browser.text()

    until(letter)
    keyboard.follows(stage.url)
    assert browser.text("h1") == "Your address is confirmed"
    keyboard.skips_the_header()
    keyboard.follows("Sign in")
    keyboard.skips_the_header()
    keyboard.writes("Username", NAME)
    keyboard.writes("Password", PASSWORD)
    keyboard.follows("Sign in")


def sets_a_picture(browser: Chromium, keyboard: Keyboard, folder: Path) -> None:
    (folder / "me.png").write_bytes(picture())
    if browser.text("h1") != "Your account":
        keyboard.follows("Account")
    keyboard.skips_the_header()
    keyboard.follows("Profile")
    keyboard.skips_the_header()
    keyboard.goes_to("New avatar")
    browser.type("#avatar", str(folder / "me.png"))
    keyboard.follows("Save the profile")

    assert browser.text(".notice") == "Your profile is changed."
    assert "/media/" in browser.run("return document.querySelector('img[alt=\"Your avatar\"]').src")


def posts(browser: Chromium, keyboard: Keyboard, folder: Path) -> str:
    """Post with a picture and a poll. Answers the id of the status."""
    (folder / "hill.png").write_bytes(picture())
    keyboard.follows("Write")
    keyboard.skips_the_header()
    keyboard.writes("What you write", "Tea or coffee?")
    keyboard.chooses("Who may read it", down=1)
    keyboard.goes_to("File 1")
    browser.type("#file-0", str(folder / "hill.png"))
    keyboard.writes("What file 1 shows", "A green hill")
    keyboard.opens("Poll")
    keyboard.writes("Option 1", "Tea")
    keyboard.writes("Option 2", "Coffee")
    keyboard.follows("More options")
    assert browser.run("return document.activeElement.id") == "poll-option-3"
    browser.keys(*"Milk")
    keyboard.follows("Post")

    assert browser.text(".notice") == "Your post is out."
    assert browser.has("article img[alt='A green hill']")
    assert "Unlisted" in browser.text("article .head")
    assert "Coffee" in browser.text("article .poll")
    return browser.url.partition("#")[0].rpartition("/")[2]


def reads_what_happened(browser: Chromium, stage: Stage, keyboard: Keyboard) -> None:
    def told() -> bool:
        browser.open(stage.url + "/account/home")
        keyboard.follows("Notifications")
        return "reacted" in browser.text("main")

    until(told)
    assert "bob" in browser.text("main")
    assert "coffee!" in browser.text("main")
    keyboard.skips_the_header()
    keyboard.follows("Mark all as read")
    assert "Unread" not in browser.text("main")
    keyboard.skips_the_header()
    keyboard.opens("More for post by bob")
    keyboard.writes("Emoji for post by bob", "🎉")
    keyboard.follows("React")
    assert "🎉 1" in browser.text("main")


def changes_settings(browser: Chromium, keyboard: Keyboard) -> None:
    keyboard.follows("Account")
    keyboard.skips_the_header()
    keyboard.follows("Posting")
    keyboard.skips_the_header()
    keyboard.chooses("Who may read", down=2)
    keyboard.follows("Save")

    assert browser.has(".notice")


def takes_everything_along(browser: Chromium, keyboard: Keyboard, downloads: Path) -> None:
    keyboard.follows("Account")
    keyboard.skips_the_header()
    keyboard.follows("Export")
    keyboard.skips_the_header()
    keyboard.opens("Whom you follow")
    until(lambda: (downloads / "following_accounts.csv").exists())
    keyboard.follows("backup")
    keyboard.skips_the_header()
    keyboard.follows("Make a backup")

    def made() -> bool:
        keyboard.skips_the_header()
        keyboard.follows("Reload")
        return "Download" in browser.text("main")

    until(made)
    keyboard.skips_the_header()
    keyboard.opens("Download")
    archive = until(lambda: next(iter(downloads.glob("*.zip")), None))
    assert "outbox.json" in zipfile.ZipFile(archive).namelist()
