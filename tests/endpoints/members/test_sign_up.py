"""The page to sign up, and what follows."""

from __future__ import annotations

import hashlib
import json

import pytest

from chalicelib.domain.accounts import captcha, invites
from chalicelib.store.accounts import accounts
from tests.cast import Person
from tests.endpoints.members.test_settings import fault_at
from tests.other_server import serving

PAGE = "/account/sign-up"
DORA = {"username": "dora", "password": "moth-light", "agreement": True}


def signs_up(browser, **typed):
    browser.open(PAGE)
    return browser.send(PAGE, **DORA | typed)


def test_an_account_is_made_and_the_browser_is_signed_in(browser, setting):
    page = signs_up(browser, email="dora@one.example", fullname="Dora", bio="I like #moths")

    assert browser.address == "/account?done=sign-up"
    assert page.texts["status"] == "Welcome! Your account is ready."
    account = accounts.find_by_nickname("dora")
    assert (account.profile["display_name"], account.profile["note"]) == ("Dora", "I like #moths")
    assert browser.open("/account/email").form("/account/email").values["email"] == "dora@one.example"


def test_name_and_text_may_be_left_out(browser):
    signs_up(browser)

    account = accounts.find_by_nickname("dora")
    assert (account.profile["display_name"], account.profile.get("note")) == ("dora", None)


def test_the_form_says_how_browsers_fill_it_in(browser):
    page = browser.open(PAGE)

    given = {name: page.attributes("input", name=name)["autocomplete"] for name in ("username", "email", "password")}
    assert given == {"username": "username", "email": "email", "password": "new-password"}
    assert page.links["Rules"] == "/about#rules"


@pytest.mark.parametrize(("typed", "field", "fault"), [
    ({"username": ""}, "username", "Username can't be blank."),
    ({"username": "no spaces here"}, "username", "Username has invalid format."),
    ({"username": "alice"}, "username", "Username has already been taken."),
    ({"username": "ALICE"}, "username", "Username has already been taken."),
    ({"username": "about"}, "username", "Username is reserved."),
    ({"email": "nonsense"}, "email", "Email has invalid format."),
    ({"email": "alice@localhost.localdomain"}, "email", "Email has already been taken."),
    ({"password": " "}, "password", "Password can't be blank."),
    ({"fullname": "x" * 101}, "fullname", "Fullname should be at most 100 character(s)."),
    ({"bio": "x" * 5_001}, "bio", "Bio should be at most 5000 character(s)."),
    ({"agreement": False}, "agreement", "Please agree to the rules of this server."),
])
def test_each_fault_stands_beside_its_field(alice, browser, typed, field, fault):
    page = signs_up(browser, **{"fullname": "Dora"} | typed)

    assert (browser.reply.status, fault_at(browser, field)) == (422, fault)
    form = page.form(PAGE)
    assert form.values["password"] == ""
    assert form.values["fullname"] == {"fullname": "Dora", **typed}["fullname"]
    assert accounts.find_by_nickname("dora") is None
    assert browser.cookies == {}


# Invites.


def test_where_registrations_are_closed_an_invite_opens(browser, setting):
    setting(registrations_open=False)
    token = invites.create().token

    assert "a new account needs an invite" in browser.open(PAGE).text
    assert browser.open(f"{PAGE}?token={token}").form(PAGE).values["token"] == token
    browser.send(PAGE, **DORA)

    assert browser.page.title == "Your account"


@pytest.mark.parametrize(("token", "fault"), [("", "Expired token"), ("nonsense", "Invalid token")])
def test_an_invite_that_does_not_open_is_told(browser, setting, token, fault):
    setting(registrations_open=False)

    signs_up(browser, token=token)

    assert (browser.reply.status, fault_at(browser, "token")) == (422, fault)


def test_an_invite_is_not_asked_for_where_anybody_may_sign_up(browser):
    assert "token" not in browser.open(PAGE).form(PAGE).names


# Approval and confirmation.


def test_an_account_that_waits_for_approval_says_so(browser, setting):
    setting(account_approval_required=True)
    browser.open(PAGE)

    page = browser.send(PAGE, **DORA, reason="I like moths")

    assert page.title == "Nearly done"
    assert "waits for an administrator" in page.texts["status"]
    assert browser.cookies == {}
    assert accounts.find_by_nickname("dora").approval_pending


def test_a_reason_that_is_too_long_is_told(browser, setting):
    setting(account_approval_required=True)
    browser.open(PAGE)

    browser.send(PAGE, **DORA, reason="x" * 501)

    assert fault_at(browser, "reason") == "Reason should be at most 500 character(s)."


def test_an_address_that_must_be_confirmed_gets_a_letter(browser, setting):
    setting(account_activation_required=True)

    page = signs_up(browser, email="")
    assert fault_at(browser, "email") == "Email can't be blank."
    page = signs_up(browser, email="dora@one.example")

    assert page.title == "Nearly done"
    assert "A letter is on its way" in page.texts["status"]
    assert page.links["have it sent again"] == "/account/confirmation"
    page = browser.open("/account/confirmation")
    page = browser.send("/account/confirmation", email="dora@one.example")
    assert page.texts["status"] == "If an account waits for this, a letter is on its way."


# The captcha.


@pytest.fixture
def native(setting):
    setting(captcha="native")


def answer_on(page):
    """The letters of the picture. The test has the server's key and can read the sealed answer."""
    sent = page.form(PAGE).values
    return captcha._opened(sent["captcha_token"], sent["captcha_answer_data"])[0]["answer"]


def test_a_captcha_is_solved(browser, native):
    page = browser.open(PAGE)
    assert page.attributes("img", **{"class": "captcha"})["src"].startswith("data:image/png;base64,")

    browser.send(PAGE, **DORA, captcha_solution=answer_on(page))

    assert browser.page.title == "Your account"


def test_a_captcha_that_is_not_solved_is_told_and_comes_anew(browser, native):
    browser.open(PAGE)

    page = browser.send(PAGE, **DORA, captcha_solution="wrong")

    assert (browser.reply.status, fault_at(browser, "captcha_solution")) == (422, "Invalid CAPTCHA")
    assert page.form(PAGE).values["captcha_solution"] == ""
    browser.send(PAGE, **DORA, captcha_solution=answer_on(page))
    assert browser.page.title == "Your account"


def test_a_captcha_of_the_service_is_shown_though_it_is_elsewhere(browser, setting):
    made = {"token": "ko", "url": "/captchas/ko.png", "md5": hashlib.md5(b"ocean").hexdigest()}
    with serving({"/new": (200, json.dumps(made).encode())}) as server:
        setting(captcha="kocaptcha", kocaptcha_endpoint=server.url)
        page = browser.open(PAGE)
        allowed = browser.reply.headers["content-security-policy"]
        page = browser.send(PAGE, **DORA, captcha_solution="wrong")
        assert browser.reply.headers["content-security-policy"] == allowed
        assert page.attributes("img", **{"class": "captcha"})["src"] == f"{server.url}/captchas/ko.png"
        browser.send(PAGE, **DORA, captcha_solution="ocean")

    assert f"img-src 'self' data: {server.url};" in allowed
    assert browser.page.title == "Your account"


# Limits.


def test_the_limit_of_signing_up_is_that_of_the_api(anonymous, setting):
    setting(rate_limits=True, rate_limit_overrides="app_account_creation=86400000/1")
    sent = {"username": "dora", "password": "moth-light", "agreement": "true"}

    assert Person().post(PAGE, form=sent).status == 303
    assert Person().post(PAGE, form=sent | {"username": "eve"}).status == 429
