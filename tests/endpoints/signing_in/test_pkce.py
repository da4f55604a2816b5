"""PKCE, and codes that are bound to the address they were sent to."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.signing_in import apps, tokens
from tests.cast import PASSWORD
from tests.endpoints.signing_in.mfa_steps import code_of, turns_on

CALLBACK, OTHER = "https://client.example/callback", "https://client.example/other"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The pair of RFC 7636, appendix B."""


@pytest.fixture
def app(cast):
    return apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Tester",
                             redirect_uris=f"{CALLBACK} {OTHER}", scopes="read"))


@pytest.fixture
def code(alice, anonymous, app):
    def code(**more):
        fields = {"name": "alice", "password": PASSWORD, "client_id": app.client_id, "redirect_uri": CALLBACK, **more}
        reply = anonymous.post("/oauth/authorize", form={f"authorization[{each}]": fields[each] for each in fields})
        assert reply.status == 302, reply.text
        return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]

    return code


@pytest.fixture
def exchange(anonymous, app):
    def exchange(code, **more):
        return anonymous.post("/oauth/token", form={
            "grant_type": "authorization_code", "code": code, "client_id": app.client_id, "client_secret": "s", **more})

    return exchange


def test_the_pair_of_the_standard_fits():
    digest = hashlib.sha256(VERIFIER.encode()).digest()

    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == CHALLENGE


def test_a_code_with_a_challenge_needs_its_verifier(code, exchange):
    bound = code(code_challenge=CHALLENGE, code_challenge_method="S256")

    for wrong in ({}, {"code_verifier": ""}, {"code_verifier": VERIFIER[:-1] + "x"}, {"code_verifier": CHALLENGE},
                  {"code_verifier": "short"}, {"code_verifier": VERIFIER + "é"}):
        reply = exchange(bound, **wrong)
        assert (reply.status, reply.json["error"]) == (400, "invalid_grant")
    assert exchange(bound, code_verifier=VERIFIER).status == 200


def test_a_code_without_a_challenge_takes_no_verifier(code, exchange):
    plain = code()

    assert exchange(plain, code_verifier=VERIFIER).json["error"] == "invalid_grant"
    assert exchange(plain).status == 200


@pytest.mark.parametrize("more", [
    {"code_challenge": VERIFIER, "code_challenge_method": "plain"}, {"code_challenge": CHALLENGE},
    {"code_challenge": CHALLENGE, "code_challenge_method": "s256"},
    {"code_challenge": "short", "code_challenge_method": "S256"},
    {"code_challenge": "!" * 43, "code_challenge_method": "S256"},
])
def test_other_methods_and_broken_challenges_are_refused_at_once(alice, anonymous, app, more):
    asked = {"client_id": app.client_id, "redirect_uri": CALLBACK, "response_type": "code", **more}

    for reply in (anonymous.get("/oauth/authorize", asked),
                  anonymous.post("/oauth/authorize", form={"name": "alice", "password": PASSWORD, **asked})):
        assert reply.status == 400
        assert "code_challenge" in reply.text
        assert "location" not in reply.headers


def test_the_page_keeps_the_challenge(anonymous, app):
    reply = anonymous.get("/oauth/authorize", {
        "client_id": app.client_id, "redirect_uri": CALLBACK, "response_type": "code", "code_challenge": CHALLENGE,
        "code_challenge_method": "S256"})

    assert f'name="authorization[code_challenge]" value="{CHALLENGE}"' in reply.text
    assert 'name="authorization[code_challenge_method]" value="S256"' in reply.text


def test_the_second_factor_keeps_the_challenge(alice, anonymous, app, exchange):
    key = turns_on(alice)
    page = anonymous.post("/oauth/authorize", form={
        "name": "alice", "password": PASSWORD, "client_id": app.client_id, "redirect_uri": CALLBACK,
        "code_challenge": CHALLENGE, "code_challenge_method": "S256"})
    token = page.text.partition('name="mfa[mfa_token]" value="')[2][:43]
    reply = anonymous.post("/oauth/mfa/verify", form={
        "mfa[mfa_token]": token, "mfa[code]": code_of(key), "mfa[redirect_uri]": CALLBACK})
    bound = parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]

    assert exchange(bound).json["error"] == "invalid_grant"
    assert exchange(bound, code_verifier=VERIFIER).status == 200


def test_a_code_is_exchanged_for_the_address_it_was_sent_to(code, exchange):
    sent = code()

    assert exchange(sent, redirect_uri=OTHER).json["error"] == "invalid_grant"
    assert exchange(sent, redirect_uri=CALLBACK + "/").json["error"] == "invalid_grant"
    assert exchange(sent, redirect_uri=CALLBACK).status == 200


def test_a_client_that_leaves_the_address_out_shows_its_secret(code, exchange):
    assert exchange(code(), client_secret="wrong").status == 400
    assert exchange(code()).status == 200
