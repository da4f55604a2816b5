"""Sessions: nobody is signed in as somebody else without noticing, and no other site acts in anybody's name."""

from __future__ import annotations

import pytest

from chalicelib import endpoints
from chalicelib.web import session
from chalicelib.web.auth import Need
from chalicelib.web.endpoint import DECLARED
from tests import leftovers
from tests.cast import PASSWORD

OWN = "/api/v1/accounts/verify_credentials"
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://thief.example"},
    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
]
LINK_IN_A_LETTER = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
PASSING = {"ephemeral"}
"""Windows of rate limits, which a request leaves whoever makes it."""


@pytest.fixture
def cookie(alice):
    return alice.get(OWN).headers["set-cookie"].partition(";")[0]


def grant(cast, person, name="alice", headers=None):
    return person.post("/oauth/token", headers=headers, form={
        "grant_type": "password", "username": name, "password": PASSWORD, "client_id": cast.app.client_id,
        "client_secret": cast.app.secret})


# Fixation: a session that somebody else has prepared.


@pytest.mark.parametrize("headers", [*ELSEWHERE, LINK_IN_A_LETTER])
@pytest.mark.parametrize("path", ["/main/public", "/api/v1/timelines/public", OWN])
def test_a_link_with_a_token_signs_no_browser_in(bob, anonymous, path, headers):
    reply = anonymous.get(path, {"access_token": bob.token}, headers=headers)

    assert reply.status == 200
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_of_another_site_signs_no_browser_in(bob, cast, anonymous, headers):
    reply = grant(cast, anonymous, "bob", headers)

    assert reply.json["access_token"]
    assert "set-cookie" not in reply.headers


def test_a_form_of_another_site_signs_nobody_up_in_this_browser(cast, anonymous):
    app = anonymous.post("/oauth/token", form={"grant_type": "client_credentials", "client_id": cast.app.client_id,
                                               "client_secret": cast.app.secret}).json["access_token"]
    reply = anonymous.post("/api/v1/accounts", form={"access_token": app, "username": "dora", "password": PASSWORD,
                                                     "agreement": "1"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert reply.status == 200
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://kenoma.test"}])
def test_our_own_pages_and_clients_without_a_browser_sign_in_as_ever(alice, cast, anonymous, headers):
    assert grant(cast, anonymous, headers=headers).headers["set-cookie"].startswith("_pleroma_key=")
    assert anonymous.get(OWN, {"access_token": alice.token}, headers=headers).headers["set-cookie"]


def test_signing_in_replaces_the_session_that_was_there(alice, bob, cast, anonymous):
    planted = bob.get(OWN).headers["set-cookie"].partition(";")[0]

    reply = grant(cast, anonymous, headers={"Cookie": planted})

    fresh = reply.headers["set-cookie"].partition(";")[0]
    assert fresh != planted
    assert anonymous.get(OWN, headers={"Cookie": fresh}).json["username"] == "alice"


def test_each_signing_in_has_a_session_of_its_own(alice, cast, anonymous):
    assert len({grant(cast, anonymous).headers["set-cookie"] for _ in range(3)}) == 3


@pytest.mark.parametrize("make", [
    lambda token: token, lambda token: f"{token}.", lambda token: f"{token}.{'A' * 43}",
    lambda token: session.seal(token)[:-1], lambda token: f'"{session.seal(token)}"',
])
def test_a_cookie_that_somebody_made_up_is_none(bob, anonymous, make):
    reply = anonymous.get(OWN, headers={"Cookie": f"_pleroma_key={make(bob.token)}"})

    assert reply.status == 403


def test_a_session_is_over_once_it_was_ended(alice, cookie, anonymous):
    anonymous.delete("/auth/sign_out", headers={"Cookie": cookie})

    assert anonymous.get(OWN, headers={"Cookie": cookie}).status == 403
    assert alice.get(OWN).status == 403


@pytest.mark.parametrize(("base_url", "secure"), [("https://kenoma.test", True), ("http://kenoma.test", False)])
def test_the_cookie_is_kept_from_scripts_and_other_sites(alice, setting, base_url, secure):
    setting(base_url=base_url)

    name, *flags = alice.get(OWN).headers["set-cookie"].split("; ")

    assert name.startswith("_pleroma_key=")
    assert set(flags) == {"Path=/", "HttpOnly", "SameSite=Lax"} | ({"Secure"} if secure else set())


def test_the_end_of_a_session_has_the_same_flags(alice, cookie, anonymous, setting):
    setting(base_url="https://kenoma.test")

    ended = anonymous.delete("/auth/sign_out", headers={"Cookie": cookie}).headers["set-cookie"]

    assert set(ended.split("; ")) == {"_pleroma_key=", "Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"}


# Forged requests: our cookie, sent by a page of somebody else.


def path_of(declared, alice, status):
    found = declared.path
    for parameter in declared.in_path:
        value = status if "statuses" in declared.path else "totp" if parameter.name == "method" else alice.id
        found = found.replace("{" + parameter.name + "}", value)
    return found


endpoints.load()
CHANGING = [each for each in DECLARED if each.method != "GET" and each.auth.need in (Need.USER, Need.ADMIN)]
READING = [each for each in DECLARED if each.method == "GET"]


def named(declared):
    return f"{declared.method} {declared.path}"


@pytest.mark.parametrize("headers", ELSEWHERE[:4], ids=str)
def test_nothing_is_done_with_a_session_that_another_site_sends(alice, cookie, anonymous, headers):
    wrong = {}
    for declared in CHANGING:
        reply = anonymous.request(declared.method, path_of(declared, alice, alice.id), form={},
                                  headers={"Cookie": cookie, **headers})
        if (reply.status, reply.json) != (403, {"error": "Invalid credentials."}):
            wrong[named(declared)] = (reply.status, reply.text[:100])

    assert wrong == {}
    assert len(CHANGING) > 40


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://kenoma.test"}], ids=str)
def test_a_session_of_our_own_pages_may_do_what_its_token_may(alice, cookie, anonymous, headers):
    reply = anonymous.post("/api/v1/statuses", form={"status": "hello"}, headers={"Cookie": cookie, **headers})

    assert reply.status == 200


def test_no_link_changes_anything_for_who_follows_it_from_elsewhere(aws, alice, bob, cookie, anonymous):
    status = alice.posts("hello @bob")["id"]
    bob.follows(alice)
    anonymous.get("/internal/fetch")  # whoever comes first has the server's own account made
    before = standing(aws)
    changed = []

    for declared in READING:
        anonymous.get(path_of(declared, alice, status), headers={"Cookie": cookie, "Sec-Fetch-Site": "cross-site"})
        if standing(aws) != before:
            changed.append(named(declared))
            before = standing(aws)

    assert changed == []
    assert len(READING) > 40


def standing(aws):
    return {table: sorted(map(str, items)) for table, items in leftovers.contents(aws).items.items()
            if table not in PASSING}


def test_a_link_still_finds_who_is_signed_in(alice, cookie, anonymous):
    """The app's link to the sign-in page also comes from another site, but it only shows something."""
    another = anonymous.post("/api/v1/apps", form={
        "client_name": "Another", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}).json["client_id"]

    reply = anonymous.get("/oauth/authorize", {"client_id": another, "response_type": "code"},
                          headers={"Cookie": cookie, "Sec-Fetch-Site": "cross-site"})

    assert "You are signed in as <strong><bdi>alice</bdi></strong>" in reply.text


def test_scripts_of_other_sites_read_nothing_with_a_session(alice, cookie, anonymous):
    reply = anonymous.get(OWN, headers={"Cookie": cookie, "Origin": "https://thief.example"})

    # With a star, browsers give no script the reply to a request with cookies.
    assert reply.headers["access-control-allow-origin"] == "*"
