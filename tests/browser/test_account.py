"""Coming, settling in and going with a real browser on a small telephone, without JavaScript and by keyboard."""

from __future__ import annotations

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import ENTER, PHONE, TAB
from tests.endpoints.signing_in.mfa_steps import code_of
from tests.pictures import picture

PAST_THE_HEADER = (TAB, ENTER)
"""The first link of each page leads to the content."""


@pytest.fixture(autouse=True)
def small_without_scripts(browser, visitor):
    browser.forget_scripts()
    browser.resize(PHONE)


def test_the_keyboard_is_enough_to_sign_up_and_out(visitor, browser):
    browser.open(visitor.stage.url + "/account/sign-up")

    with browser.leaving():
        browser.keys(*PAST_THE_HEADER, TAB, *"nina", TAB, *"nina@one.example", TAB, *PASSWORD, TAB, TAB, TAB, " ",
                     TAB, TAB, TAB, ENTER)

    assert "Welcome! Your account is ready." in browser.text(".notice")
    with browser.leaving():
        browser.press("main form button")
    assert browser.cookies() == []


def test_a_picture_the_second_factor_and_the_way_back_in(visitor, browser, tmp_path):
    name = "nora"
    visitor.becomes(name)
    (tmp_path / "me.png").write_bytes(picture())
    browser.open(visitor.stage.url + "/account/profile")
    browser.type("#name", name)
    browser.type("#password", PASSWORD)
    browser.press("main form button")

    browser.type("#avatar", str(tmp_path / "me.png"))
    browser.press("main form button")
    assert browser.text(".notice") == "Your profile is changed."
    assert "/media/" in browser.run("return document.querySelector('img[alt=\"Your avatar\"]').src")

    browser.open(visitor.stage.url + "/account/mfa")
    browser.type("#password", PASSWORD)
    browser.press("main form button")
    key = browser.text("output").replace(" ", "").replace("\n", "")
    assert browser.run("return document.querySelector('img.code').naturalWidth") > 200
    browser.type("#code", code_of(key))
    browser.type("#password", PASSWORD)
    browser.press("main form button")
    codes = browser.text("pre").split()
    browser.open(visitor.stage.url + "/account")
    browser.press("main form button")

    browser.open(visitor.stage.url + "/account/sign-in")
    browser.type("#name", name)
    browser.type("#password", PASSWORD)
    browser.press("main form button")
    assert f"To sign in as @{name}." in browser.text()
    browser.type("#code", codes[0])
    browser.press("main form button")
    assert browser.text("h1") == "Your account"
