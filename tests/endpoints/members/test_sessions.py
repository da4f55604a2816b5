"""The page of sessions, and their end."""

from __future__ import annotations

import time

import pytest

from chalicelib.domain.signing_in import browsing
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps, tokens
from tests.cast import PASSWORD
from tests.endpoints.members.browser import Browser

PAGE = "/account/sessions"


def signs_in():
    browser = Browser()
    browser.open("/account/sign-in")
    browser.send("/account/sign-in", name="alice", password=PASSWORD)
    return browser


def rows(page):
    return [form for form in page.forms if form.action.startswith(f"{PAGE}/") and form.action != f"{PAGE}/end"]


def test_apps_and_browsers_are_listed_this_one_first(home, alice, cast):
    update(apps.App.stub(alice.app.client_id), [apps.App.website.set("https://client.example/about")])

    page = home.open(PAGE)

    assert "Web browser (this browser) Read everything in your account; Change everything" in page.text
    assert "Kenoma tests client.example Read everything in your account" in page.text
    assert page.links["client.example"] == "https://client.example/about"
    assert len(rows(page)) == 2
    assert home.reply.calls == 3


def test_each_tells_the_day_on_which_it_was_last_used_and_that_costs_a_write_a_day(home, alice, monkeypatch):
    def last_used():
        return [each for each in home.open(PAGE).times if each["datetime"].endswith("T00:00:00.000Z")]

    first, calls = last_used(), home.reply.calls
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 86_400)

    later = last_used()

    assert home.reply.calls == calls + 1
    assert later[0]["datetime"] > first[0]["datetime"]
    assert later[1] == first[1], "nothing has asked with it since"
    last_used()
    assert home.reply.calls == calls


@pytest.mark.parametrize("website", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_an_address_of_another_kind_is_no_link(home, alice, website):
    update(apps.App.stub(alice.app.client_id), [apps.App.website.set(website)])

    page = home.open(PAGE)

    assert website not in home.reply.text
    assert "Kenoma tests" in page.text


def test_a_session_is_ended(home, alice):
    page = home.open(PAGE)

    page = home.send(rows(page)[1])

    assert page.texts["status"] == "The session has ended."
    assert alice.get("/api/v1/accounts/verify_credentials").status == 403
    assert len(rows(page)) == 1


def test_the_end_of_this_session_signs_out(home):
    home.open(PAGE)

    home.send(rows(home.page)[0])

    assert (home.address, home.cookies) == ("/", {})


def test_a_session_of_somebody_else_is_not_there(home, bob):
    number = tokens.list_of(bob.id)[0].number
    for id in (str(number), "1", "x", "9" * 30, "-1", "٣"):
        reply = home._asks("POST", f"{PAGE}/{id}/end")
        assert reply.status == 404, id
    assert bob.get("/api/v1/accounts/verify_credentials").status == 200


def test_all_others_are_ended_and_this_one_goes_on(home, alice):
    other = signs_in()
    home.open(PAGE)

    page = home.send(f"{PAGE}/end")

    assert page.texts["status"] == "All other sessions have ended."
    assert len(rows(page)) == 1
    assert "(this browser)" in page.text
    assert alice.get("/api/v1/accounts/verify_credentials").status == 403
    assert other.open("/account").title == "Sign in"
    assert home.open("/account").title == "Your account"


def test_clients_see_a_browser_by_its_name(home, alice):
    names = [each["app_name"] for each in alice.get("/api/oauth_tokens").json]

    assert browsing.NAME in names


def test_two_hundred_are_shown_and_cost_no_more(home, alice, cast):
    for _ in range(210):
        tokens.issue(alice.id, cast.app.client_id, ["read"], 0)

    page = home.open(PAGE)

    assert len(rows(page)) == 200
    assert home.reply.calls <= 4
