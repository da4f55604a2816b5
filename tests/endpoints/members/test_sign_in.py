"""Signing a browser in and out, by the pages."""

import pytest

from chalicelib.domain.signing_in import browsing
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import tokens
from tests.cast import PASSWORD, Person
from tests.endpoints.members.browser import Browser
from tests.endpoints.signing_in.mfa_steps import Clock, code_of, turns_on, wrong_code

SIGN_IN = "/account/sign-in"
WRONG = "Invalid username or password"
ELSEWHERE = [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]


def state(person, **attributes):
    update(Account.stub(person.id, "P"), [getattr(Account, name).set(value) for name, value in attributes.items()])


def enters(browser, name="alice", password=PASSWORD, next=""):
    browser.open(SIGN_IN + (f"?next={next}" if next else ""))
    return browser.send(SIGN_IN, name=name, password=password)


@pytest.mark.parametrize("name", ["alice", "ALICE", " @alice", "alice@localhost.localdomain"])
def test_name_or_address_and_password_sign_a_browser_in(alice, browser, name):
    page = enters(browser, name)

    assert page.title == "Your account"
    assert "You are signed in as alice" in page.text
    assert browser.reply.status == 200


def test_a_session_may_do_what_people_do_in_their_account_and_nothing_of_the_staff(admin, browser):
    enters(browser, "admin")

    (held,) = [each for each in tokens.list_of(admin.id) if each.app == browsing.PAGES]
    assert held.scope_list == ("read", "write", "follow", "push")


def test_signing_in_costs_three_rounds_and_a_write(alice):
    reply = Person().post(SIGN_IN, form={"name": "alice", "password": PASSWORD})

    assert (reply.status, reply.headers["location"]) == (303, "/account")
    assert (reply.calls, reply.rounds) == (3, 3)


@pytest.mark.parametrize(("name", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("", ""), ("a" * 5_000, "x")])
def test_a_wrong_password_shows_the_form_again_with_the_name(alice, browser, name, password):
    page = enters(browser, name, password)

    assert (browser.reply.status, page.texts["alert"]) == (401, WRONG)
    assert page.form(SIGN_IN).values["name"] == name
    assert page.form(SIGN_IN).values["password"] == ""
    assert browser.cookies == {}


def test_the_form_says_how_browsers_fill_it_in(browser):
    page = browser.open(SIGN_IN)

    assert page.attributes("input", name="name")["autocomplete"] == "username"
    assert page.attributes("input", name="password")["autocomplete"] == "current-password"
    assert page.links["Forgot password?"] == "/auth/password"
    assert page.links["Make an account"] == "/account/sign-up"


@pytest.mark.parametrize(("attributes", "reason"), [
    ({"deactivated": True}, "Your account is currently disabled"),
    ({"approval_pending": True}, "Your account is awaiting approval."),
    ({"confirmation_pending": True}, "Your login is missing a confirmed e-mail address"),
    ({"reset_pending": True}, "Password reset is required"),
])
def test_who_may_not_sign_in_is_told_why_once_the_password_is_right(alice, browser, setting, attributes, reason):
    setting(account_activation_required=True)
    state(alice, **attributes)

    page = enters(browser)
    assert (browser.reply.status, page.texts["alert"]) == (403, reason)
    assert browser.cookies == {}
    enters(browser, password="wrong")
    assert (browser.reply.status, browser.page.texts["alert"]) == (401, WRONG)


def test_many_wrong_passwords_end_in_a_pause(alice, browser, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=86400000/3")
    for _ in range(3):
        enters(browser, password="wrong")

    page = enters(browser)

    assert (browser.reply.status, page.texts["alert"]) == (429, "Too many attempts. Wait for a while.")


def test_without_a_key_nobody_is_promised_a_session(alice, browser, setting):
    setting(secret_key="")

    page = enters(browser)

    assert browser.reply.status == 503
    assert "no key" in page.texts["alert"]


# Where it leads.


@pytest.mark.parametrize("next", ["/account/profile", "/account/import?x=1", "/users/alice"])
def test_it_leads_to_the_place_that_was_asked_for(alice, next):
    reply = Person().post(SIGN_IN, form={"name": "alice", "password": PASSWORD, "next": next})

    assert reply.headers["location"] == next


@pytest.mark.parametrize("next", [
    "", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/\t/evil.example", "/\n/evil.example", "account", " /account", "/a\0", "/" + "a" * 3_000, "http:/evil.example",
])
def test_it_leads_nowhere_else(alice, next):
    reply = Person().post(SIGN_IN, form={"name": "alice", "password": PASSWORD, "next": next})

    assert reply.headers["location"] == "/account"


def test_the_page_that_was_asked_for_comes_after_signing_in(alice, browser):
    browser.open("/account/blocks?since_id=1")

    assert browser.address == "/account/sign-in?next=/account/blocks%3Fsince_id%3D1"
    browser.send(SIGN_IN, name="alice", password=PASSWORD)
    assert browser.address == "/account/blocks?since_id=1"


def test_a_token_in_the_address_is_not_carried_on(browser, anonymous):
    reply = anonymous.get("/account/profile", {"access_token": "x"})

    assert reply.headers["location"] == "/account/sign-in?next=/account/profile"


# The second factor.


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def key(alice, clock):
    key = turns_on(alice)
    clock.passes(60)
    return key


def test_with_a_second_factor_a_code_is_asked_for(alice, key, browser):
    page = enters(browser, next="/account/profile")

    assert page.title == "Two-factor authentication"
    assert "To sign in as @alice" in page.text
    assert page.attributes("input", name="code")["autocomplete"] == "one-time-code"
    assert browser.cookies == {}
    browser.send("/account/sign-in/mfa", code=code_of(key))
    assert browser.address == "/account/profile"


def test_a_recovery_code_does_as_well_once(alice, key, browser):
    code = alice.get("/api/pleroma/accounts/mfa/backup_codes").json["codes"][0]

    enters(browser)
    browser.send("/account/sign-in/mfa", code=code)
    assert browser.page.title == "Your account"
    other = Browser()
    enters(other)
    other.send("/account/sign-in/mfa", code=code)
    assert other.reply.status == 401


def test_a_wrong_code_may_be_corrected(alice, key, browser):
    enters(browser)

    page = browser.send("/account/sign-in/mfa", code=wrong_code(key))

    assert (browser.reply.status, page.texts["alert"]) == (401, "Two-factor authentication failed.")
    assert "To sign in as @alice" in page.text
    browser.send("/account/sign-in/mfa", code=code_of(key))
    assert browser.page.title == "Your account"


@pytest.mark.parametrize("mfa_token", ["", "x", "x" * 5_000])
def test_an_unknown_first_step_names_nobody(mfa_token):
    reply = Person().post("/account/sign-in/mfa", form={"mfa_token": mfa_token, "code": "123456"})

    assert reply.status == 401
    assert "To sign in as" not in reply.text


def test_the_first_step_at_an_app_opens_no_session_and_the_other_way_round(alice, key, cast, anonymous):
    fields = {"client_id": cast.app.client_id, "client_secret": cast.app.secret}
    of_app = anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": "alice", "password": PASSWORD, **fields}).json["mfa_token"]
    browser = Browser()
    enters(browser)
    of_page = browser.page.form("/account/sign-in/mfa").values["mfa_token"]

    reply = anonymous.post("/account/sign-in/mfa", form={"mfa_token": of_app, "code": code_of(key)})
    assert reply.status == 401
    reply = anonymous.post("/oauth/mfa/challenge", form={
        "mfa_token": of_page, "challenge_type": "totp", "code": code_of(key), **fields})
    assert reply.status == 400


# Forged requests.


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("path", [SIGN_IN, "/account/sign-in/mfa", "/account/sign-out", "/account/sign-up",
                                  "/account/confirmation"])
def test_no_other_site_signs_a_browser_in_or_out(home, alice, path, headers):
    cookie = "; ".join(f"{name}={value}" for name, value in home.cookies.items())

    reply = Person().post(path, form={"name": "alice", "password": PASSWORD}, headers={"Cookie": cookie, **headers})

    assert reply.status == 403
    assert "set-cookie" not in reply.headers
    home.open("/account")
    assert home.page.title == "Your account"


# Signing out.


def test_signing_out_ends_the_token_too(home, alice):
    cookie = dict(home.cookies)

    home.send("/account/sign-out")

    assert home.address == "/"
    assert home.cookies == {}
    home.cookies = cookie
    home.open("/account")
    assert home.page.title == "Sign in"
    assert [each.app for each in tokens.list_of(alice.id)] == [alice.app.client_id]


def test_signing_out_when_nobody_is_signed_in_is_harmless(browser, anonymous):
    reply = anonymous.post("/account/sign-out")

    assert (reply.status, reply.headers["location"]) == (303, "/")


# Faults, as a browser gets them.


def test_a_form_after_the_end_of_the_session_gets_a_page_that_leads_to_signing_in(home):
    home.open("/account/profile")
    home.cookies.clear()

    page = home.send("/account/profile", display_name="lost")

    assert (home.reply.status, page.title) == (401, "Please sign in")
    assert any(address.startswith("/account/sign-in") for address in page.links.values())


def test_what_another_site_sends_gets_a_page(home, anonymous):
    cookie = "; ".join(f"{name}={value}" for name, value in home.cookies.items())

    reply = anonymous.post("/account/sign-out", headers={
        "Cookie": cookie, "Origin": "https://evil.example", "Accept": "text/html"})

    assert reply.status == 403
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_a_session_that_is_not_there_gets_a_page(home):
    reply = home._asks("POST", "/account/sessions/1/end")

    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
