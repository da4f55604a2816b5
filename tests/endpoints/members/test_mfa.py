"""The second factor, switched on and off by the pages."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.cast import PASSWORD
from tests.endpoints.members.browser import Browser
from tests.endpoints.members.test_settings import fault_at
from tests.endpoints.signing_in.mfa_steps import Clock, code_of, turns_on, wrong_code

MFA, SETUP, CONFIRM = "/account/mfa", "/account/mfa/setup", "/account/mfa/confirm"
CODES, OFF = "/account/mfa/codes", "/account/mfa/off"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


def key_on(page):
    return page.text.partition("Secret: ")[2].partition(" Open in an app")[0].replace(" ", "")


def sets_up(home):
    home.open(MFA)
    home.send(SETUP, password=PASSWORD)
    return key_on(home.page)


def is_on(alice):
    return alice.get("/api/pleroma/accounts/mfa").json["enabled"]


def test_the_secret_is_a_picture_a_text_and_a_link(home, alice):
    key = sets_up(home)

    assert re.fullmatch("[A-Z2-7]{32}", key)
    assert re.search(r"Secret: (\w{4} ){8}", home.page.text)
    link = home.page.links["Open in an app on this device"]
    assert link.startswith("otpauth://totp/alice@localhost.localdomain?")
    assert f"secret={key}" in link
    picture = home.page.attributes("img", alt="QR code with the secret that stands below as text")
    assert picture["src"].startswith("data:image/svg+xml;charset=utf-8,")
    assert "<svg" in unquote(picture["src"])
    assert not is_on(alice)


def test_a_code_switches_it_on_and_shows_the_recovery_codes_once(home, alice):
    key = sets_up(home)

    page = home.send(CONFIRM, code=code_of(key), password=PASSWORD)

    assert page.title == "Recovery codes"
    codes = re.findall(r"<pre>(.*?)</pre>", home.reply.text, re.DOTALL)[0].split()
    assert len(codes) == 10 or len(codes) > 1
    download = next(given for tag, given in page.tags if "download" in given)
    assert unquote(download["href"]) == "data:text/plain;charset=utf-8," + "\n".join(codes)
    assert is_on(alice)
    home.open(MFA)
    assert "The second factor is on" in home.page.text
    assert codes[0] not in home.reply.text
    other = Browser()
    other.open("/account/sign-in")
    other.send("/account/sign-in", name="alice", password=PASSWORD)
    assert other.send("/account/sign-in/mfa", code=codes[0]).title == "Your account"


def test_a_wrong_code_shows_the_same_secret_again(home, alice):
    key = sets_up(home)

    home.send(CONFIRM, code=wrong_code(key), password=PASSWORD)

    assert home.reply.status == 422
    assert fault_at(home, "code").startswith("This is not the code")
    assert key_on(home.page) == key
    assert not is_on(alice)


def test_a_wrong_password_shows_no_secret(home, alice):
    key = sets_up(home)

    home.send(CONFIRM, code=code_of(key), password="wrong")

    assert (home.reply.status, fault_at(home, "password")) == (422, "Invalid password.")
    assert key not in home.reply.text.replace(" ", "")
    home.send(CONFIRM, code=code_of(key), password=PASSWORD)
    assert is_on(alice)


def test_no_secret_is_made_without_the_password(home, alice):
    home.open(MFA)

    home.send(SETUP, password="wrong")

    assert (home.reply.status, fault_at(home, "password")) == (422, "Invalid password.")


def test_a_page_that_is_too_old_says_so(home, alice):
    sets_up(home)
    form = home.page.form(CONFIRM)
    key = turns_on(alice)
    alice.delete("/api/pleroma/accounts/mfa/totp", json={"password": PASSWORD})

    home.send(form, code=code_of(key), password=PASSWORD)

    assert home.reply.status == 422
    assert fault_at(home, "code") == "This page is too old. Begin again."


def test_without_a_key_of_the_server_it_says_that_it_cannot(home, setting):
    setting(encryption_key="")
    home.open(MFA)

    page = home.send(SETUP, password=PASSWORD)

    assert home.reply.status == 422
    assert "this server has no encryption key" in page.texts["alert"]


def test_new_recovery_codes_replace_the_old_ones(home, alice):
    turns_on(alice)
    old = alice.get("/api/pleroma/accounts/mfa/backup_codes").json["codes"]
    home.open(MFA)

    home.send(CODES, password="wrong")
    assert (home.reply.status, fault_at(home, "password")) == (422, "Invalid password.")
    page = home.send(CODES, password=PASSWORD)

    assert page.title == "Recovery codes"
    assert old[0] not in home.reply.text


def test_it_is_switched_off_with_the_password(home, alice):
    turns_on(alice)
    home.open(MFA)

    page = home.send(OFF, password="wrong")
    assert (home.reply.status, page.texts["alert"]) == (422, "This was not saved Invalid password.")
    assert is_on(alice)
    page = home.send(OFF, password=PASSWORD)

    assert page.texts["status"] == "The second factor is off."
    assert not is_on(alice)


def test_what_each_step_costs(home, alice):
    home.open(MFA)
    assert home.reply.calls == 1
    home.send(SETUP, password=PASSWORD)
    assert home.reply.calls <= 4
    home.send(CONFIRM, code=code_of(key_on(home.page)), password=PASSWORD)
    assert home.reply.calls <= 3
