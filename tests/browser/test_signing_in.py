"""Signing in with a real browser, without JavaScript: the app's link, password, second factor, back, token."""

from __future__ import annotations

import pytest

from infra.local.seed import PASSWORD
from tests.browser.chromium import ENTER, PHONE, TAB
from tests.endpoints.signing_in.mfa_steps import code_of, wrong_code
from tests.running.stage import OUT_OF_BAND

SCRIPTED = "data:text/html,<title>off</title><script>document.title = 'on'</script>"


@pytest.fixture(autouse=True)
def without_scripts(browser):
    browser.forget_scripts()


def test_the_browser_runs_no_scripts(browser):
    browser.open(SCRIPTED)

    assert browser.title == "off"


def test_password_and_second_factor_lead_back_to_the_app_with_a_code(visitor, browser, callback):
    browser.resize(PHONE)
    key, _ = visitor.guards(visitor.becomes("mara"))

    browser.open(visitor.page(state="a state"))
    assert "A friendly client" in browser.text()
    visitor.signs_in("mara")
    assert browser.text("h1") == "Two-factor authentication"
    browser.type("#code", code_of(key))
    browser.press("button")

    assert browser.text() == "Back in the app"
    (came,) = callback.called
    assert came == {"keep": "1", "code": came["code"], "state": "a state"}
    token = visitor.exchange(came["code"]).json()
    assert token["scope"] == "read write follow push"
    assert visitor.nickname(token["access_token"]) == "mara"
    assert visitor.exchange(came["code"]).status_code == 400


def test_a_wrong_code_is_told_and_a_recovery_code_does_as_well(visitor, browser, callback):
    key, codes = visitor.guards(visitor.becomes("mila"))
    browser.open(visitor.page(state="kept"))
    visitor.signs_in("mila")

    browser.type("#code", wrong_code(key))
    browser.press("button")
    assert browser.text(".fault") == "Two-factor authentication failed."
    browser.press("p a")
    assert browser.text("h1") == "Two-factor recovery"
    browser.type("#code", codes[0])
    browser.press("button")

    assert callback.called[0]["state"] == "kept"
    assert visitor.nickname(visitor.exchange(callback.called[0]["code"]).json()["access_token"]) == "mila"


def test_the_keyboard_is_enough(visitor, browser, callback):
    browser.open(visitor.page())

    with browser.leaving():
        browser.keys(TAB, ENTER, TAB, *"alice", TAB, *PASSWORD, ENTER)  # first comes the way to the content

    assert visitor.nickname(visitor.exchange(callback.called[0]["code"]).json()["access_token"]) == "alice"


def test_a_wrong_password_is_told_and_may_be_typed_again(visitor, browser, callback):
    browser.open(visitor.page(state="kept"))

    visitor.signs_in("alice", "wrong")
    assert browser.text(".fault") == "Invalid username or password"
    assert not callback.called
    assert browser.run("return document.querySelector('#name').value") == "alice"
    browser.type("#password", PASSWORD)
    browser.press("button")

    assert callback.called[0]["state"] == "kept"


def test_only_what_is_ticked_is_granted(visitor, browser, callback):
    browser.open(visitor.page())

    browser.tick("input[value=write]")
    browser.tick("input[value=push]")
    visitor.signs_in("alice")

    assert visitor.exchange(callback.called[0]["code"]).json()["scope"] == "read follow"


def test_who_is_signed_in_approves_another_app_with_one_press(visitor, browser, callback):
    browser.open(visitor.page())
    visitor.signs_in("bob")
    browser.open(visitor.stage.url + "/")
    visitor.keeps_session_of(visitor.exchange(callback.called[0]["code"]))
    visitor.app = visitor.register("Another client")

    browser.open(visitor.page(redirect_uri=OUT_OF_BAND))
    assert "You are signed in as bob." in browser.text()
    browser.press("button")

    assert visitor.nickname(visitor.exchange(browser.text("output")).json()["access_token"]) == "bob"


def test_a_form_on_another_site_approves_nothing(visitor, browser, callback):
    """The worst case: the browser has the cookie, and somebody's page sends the form by itself."""
    browser.open(visitor.page())
    visitor.signs_in("bob")
    browser.open(visitor.stage.url + "/")
    visitor.keeps_session_of(visitor.exchange(callback.called.pop()["code"]))
    fields = {"client_id": visitor.app["client_id"], "redirect_uri": visitor.callback}
    inputs = "".join(f"<input name='authorization[{name}]' value='{value}'>" for name, value in fields.items())

    browser.open(f"data:text/html,<form method=post action='{visitor.stage.url}/oauth/authorize'>{inputs}<button>Win"
                 .replace("?", "%3F"))
    browser.press("button")

    assert browser.text(".fault") == "Invalid username or password"
    assert not callback.called


def test_the_letters_link_sets_a_new_password(visitor, browser):
    visitor.becomes("nora")

    browser.open(visitor.forgot_password("nora"))
    assert browser.text("h1") == "Password Reset for nora"
    browser.type("#password", "another word")
    browser.type("#password_confirmation", "another word")
    browser.press("button")

    assert browser.text("h1") == "Password changed!"
    browser.open(visitor.page(redirect_uri=OUT_OF_BAND))
    visitor.signs_in("nora", "another word")
    assert visitor.nickname(visitor.exchange(browser.text("output")).json()["access_token"]) == "nora"


def test_no_script_may_read_the_session(visitor, browser, callback):
    browser.open(visitor.page())
    visitor.signs_in("bob")
    browser.open(visitor.stage.url + "/")
    visitor.keeps_session_of(visitor.exchange(callback.called[0]["code"]))

    assert [cookie["httpOnly"] for cookie in browser.cookies()] == [True]
    assert browser.run("return document.cookie") == ""
