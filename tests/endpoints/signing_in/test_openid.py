"""What apps ask to find their way, and whom they act for: metadata, the scope `profile`, userinfo."""

from __future__ import annotations

import pytest

from chalicelib import endpoints
from chalicelib.domain.signing_in import scopes
from chalicelib.web.endpoint import DECLARED

USERINFO = "/oauth/userinfo"
OWN = "/api/v1/accounts/verify_credentials"


@pytest.fixture
def narrow(cast):
    """Somebody whose token has the scope `profile` only."""
    return cast.person("narrow", scopes="profile")


def test_where_everything_of_oauth_is(anonymous):
    reply = anonymous.get("/.well-known/oauth-authorization-server", headers={"Origin": "https://phanpy.example"})

    assert (reply.status, reply.calls) == (200, 0)
    assert reply.headers["access-control-allow-origin"] == "*", "a web client asks from its own origin"
    shown = reply.json
    assert shown["issuer"] == "http://kenoma.test/"
    assert shown["code_challenge_methods_supported"] == ["S256"]
    assert shown["response_types_supported"] == ["code"]
    assert set(shown["grant_types_supported"]) == {
        "authorization_code", "client_credentials", "password", "refresh_token"}
    assert shown["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    for name, method in {"authorization_endpoint": "GET", "token_endpoint": "POST", "userinfo_endpoint": "GET",
                         "app_registration_endpoint": "POST", "revocation_endpoint": "POST",
                         "service_documentation": "GET"}.items():
        answered = anonymous.request(method, shown[name].removeprefix("http://kenoma.test"))
        assert answered.status != 404, name


def test_every_scope_that_anything_asks_for_is_named(anonymous):
    endpoints.load()
    asked = {scope for each in DECLARED for scope in each.auth.accepted}

    named = anonymous.get("/.well-known/oauth-authorization-server").json["scopes_supported"]

    assert named == list(scopes.KNOWN)
    assert asked - set(named) == set()


def test_the_scope_profile_tells_who_somebody_is_and_nothing_else(narrow):
    assert narrow.get(OWN).json["id"] == narrow.id
    assert narrow.get(USERINFO).json["preferred_username"] == "narrow"
    for path in ("/api/v1/timelines/home", "/api/v1/notifications", "/api/v1/blocks", "/api/v1/preferences"):
        assert narrow.get(path).status == 403, path
    assert narrow.patch("/api/v1/accounts/update_credentials", {"note": "x"}).status == 403
    assert narrow.post("/api/v1/statuses", {"status": "x"}).status == 403


def test_an_app_may_be_registered_and_approved_with_it(anonymous):
    app = anonymous.post("/api/v1/apps", {"client_name": "x", "redirect_uris": "x:y", "scopes": "profile"}).json

    reply = anonymous.post("/oauth/token", form={"grant_type": "client_credentials", "client_id": app["client_id"],
                                                 "client_secret": app["client_secret"]})

    assert (reply.status, reply.json["scope"]) == (200, "profile")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whom_a_token_belongs_to(alice, method):
    reply = alice.request(method, USERINFO)

    assert (reply.status, reply.calls) == (200, 1)
    shown = reply.json
    assert shown == {
        "iss": "http://kenoma.test/", "sub": "http://kenoma.test/users/alice", "name": "alice",
        "preferred_username": "alice", "profile": alice.get(OWN).json["url"], "picture": alice.get(OWN).json["avatar"]}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_others_are_refused_in_the_words_of_oauth(anonymous, cast, method):
    writer = cast.person("writer", scopes="write")

    nobody, unable = (person.request(method, USERINFO) for person in (anonymous, writer))

    assert (nobody.status, nobody.json) == (401, {"error": "The access token is invalid"})
    assert (unable.status, unable.json) == (403, {"error": "This action is outside the authorized scopes"})
