"""From signing up to signing out in one go, by nothing but the forms and links of pages."""

from __future__ import annotations

import re

from chalicelib.store.accounts import accounts
from tests.endpoints.members.browser import Browser
from tests.endpoints.members.test_mfa import key_on
from tests.endpoints.signing_in.mfa_steps import Clock, code_of
from tests.pictures import picture

PASSWORD = "moth-light"
MOST_CALLS = 12
"""At DynamoDB for a request of any of the pages: most for signing up, which writes a whole account."""


def link_in(letters, start):
    """The newest link that was mailed and begins so, as a path."""
    return next(re.search(rf"http://kenoma.test({re.escape(start)}\S+)", letter["text"])[1]
                for letter in letters if start in letter["text"])


def test_somebody_comes_settles_in_and_goes(aws, bob, drain, setting, monkeypatch):
    clock = Clock(monkeypatch)
    setting(account_activation_required=True)
    browser = Browser()

    # Sign up, and confirm by the mailbox.
    browser.open("/account/sign-in")
    browser.open(browser.page.links["Make an account"])
    browser.send("/account/sign-up", username="dora", email="dora@one.example", password=PASSWORD, agreement=True)
    assert browser.page.title == "Nearly done"
    drain()
    browser.open(link_in(aws.letters.letters(), "/api/account/confirm_email/"))
    assert browser.page.title == "Your address is confirmed"
    browser.open(browser.page.links["Sign in"])
    browser.send("/account/sign-in", name="dora", password=PASSWORD)
    assert browser.page.title == "Your account"

    # A picture, and settings.
    browser.open(browser.page.links["Profile"])
    browser.send("/account/profile", display_name="Dora", note="I like moths.",
                 files={"avatar": ("me.png", picture(), "image/png")})
    assert browser.page.texts["status"] == "Your profile is changed."
    assert "/media/" in browser.page.attributes("img", alt="Your avatar")["src"]
    browser.open("/account/posting")
    browser.send("/account/posting", default_scope="private")
    browser.open("/account/privacy")
    browser.send("/account/privacy", block_from_strangers=True)
    assert browser.page.texts["status"] == "Your settings are changed."

    # A list from elsewhere.
    browser.open("/account/import")
    browser.send("/account/import", kind="following", list="bob")
    drain()
    browser.open(browser.page.links["Reload"])
    assert "1 of 1" in browser.page.text

    # The second factor, by which they sign in anew.
    browser.open("/account/mfa")
    browser.send("/account/mfa/setup", password=PASSWORD)
    key = key_on(browser.page)
    browser.send("/account/mfa/confirm", code=code_of(key), password=PASSWORD)
    browser.open(browser.page.links["I have kept them"])
    browser.open(browser.page.links["Your account"])
    browser.send("/account/sign-out")
    clock.passes(60)
    browser.open("/account/sign-in?next=/account/export")
    browser.send("/account/sign-in", name="dora@one.example", password=PASSWORD)
    browser.send("/account/sign-in/mfa", code=code_of(key))
    assert browser.page.title == "Export"

    # Export and backup.
    followed = browser.download(browser.page.links["Whom you follow"])
    assert followed.headers["content-type"] == "text/csv; charset=utf-8"
    assert followed.text.splitlines()[1].startswith("bob@kenoma.test,")
    browser.open("/account/backups")
    browser.send("/account/backups")
    drain()
    browser.open(browser.page.links["Reload"])
    assert browser.page.links["Download"].startswith("http://kenoma.test/media/backups/archive-dora-")

    # A forgotten password, and the way out.
    browser.open("/account")
    browser.send("/account/sign-out")
    assert browser.cookies == {}
    browser.open("/auth/password")
    browser.send("/auth/password", email="dora")
    drain()
    browser.open(link_in(aws.letters.letters(), "/api/pleroma/password_reset/"))
    browser.send("/api/pleroma/password_reset",
                 **{"data[password]": "another light", "data[password_confirmation]": "another light"})
    assert browser.page.title == "Password changed!"
    clock.passes(60)
    browser.open(browser.page.links["Sign in"])
    browser.send("/account/sign-in", name="dora", password="another light")
    browser.send("/account/sign-in/mfa", code=code_of(key))
    browser.open("/account/delete")
    browser.send("/account/delete", password="another light", confirm=True)
    assert browser.page.title == "Farewell"
    drain()
    assert accounts.find_by_nickname("dora") is None or accounts.find_by_nickname("dora").deleted

    assert max(browser.calls) <= MOST_CALLS, browser.calls
