"""The tokens that the viewer's apps hold."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts import accounts
from chalicelib.store.signing_in import tokens
from tests.cast import PASSWORD
from tests.endpoints.signing_in.granting import state, works


def test_my_tokens_are_listed_without_the_tokens(alice, ask):
    ask("password", username="alice", password=PASSWORD)

    reply = alice.get("/api/oauth_tokens")

    assert reply.status == 200
    assert len(reply.json) == 2
    for entry in reply.json:
        assert entry.keys() == {"id", "app_name", "valid_until"}
        assert isinstance(entry["id"], int)
        assert entry["app_name"] == "Kenoma tests"
        assert len(entry["valid_until"]) == 26
    assert alice.token not in reply.text
    assert alice.get("/api/oauth_tokens.json").json == reply.json
    assert (reply.calls, reply.rounds) == (3, 3)


def test_revoked_generations_are_not_listed(alice, cast):
    state(alice, token_generation=1)
    fresh = cast.signs_in(accounts.find(alice.id))

    assert len(fresh.get("/api/oauth_tokens").json) == 1


def test_a_token_of_mine_may_be_revoked_by_its_number(alice, cast, ask):
    other = cast.signs_in(alice.account)
    wanted = tokens.find_access(other.token).number

    reply = alice.delete(f"/api/oauth_tokens/{wanted}")

    assert (reply.status, reply.body) == (201, "")
    assert reply.headers["content-type"].startswith("application/json")
    assert not works(alice, other.token)
    assert works(alice, alice.token)


@pytest.mark.parametrize("unknown", ["0", "999999999999999999999999", "-1", "abc", "1.5"])
def test_revoking_an_unknown_number_changes_nothing(alice, unknown):
    assert alice.delete(f"/api/oauth_tokens/{unknown}").status == 201
    assert len(alice.get("/api/oauth_tokens").json) == 1


def test_anothers_token_stays(alice, bob):
    number = tokens.find_access(bob.token).number

    assert alice.delete(f"/api/oauth_tokens/{number}").status == 201
    assert works(bob, bob.token)


def test_tokens_need_a_user_but_no_scope(anonymous, cast):
    nothing = cast.person("narrow", scopes="nothing")

    assert nothing.get("/api/oauth_tokens").status == 200
    assert (anonymous.get("/api/oauth_tokens").status, anonymous.delete("/api/oauth_tokens/1").status) == (403, 403)
    assert anonymous.get("/api/oauth_tokens").json == {"error": "Invalid credentials."}
