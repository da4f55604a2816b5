"""Settling in with a real browser on a small telephone, without JavaScript. The keyboard: test_by_keyboard."""

from __future__ import annotations

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import PHONE
from tests.endpoints.signing_in.mfa_steps import code_of
from tests.pictures import picture


@pytest.fixture(autouse=True)
def small_without_scripts(browser, visitor):
    browser.forget_scripts()
    browser.resize(PHONE)


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
