"""Whom accounts recommend on their profiles."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.relationships import endorsements
from tests.endpoints.relationships.acting import act, ids


def test_whom_one_follows_one_can_recommend(alice, bob, anonymous):
    alice.follows(bob)

    reply = act(alice, bob, "endorse")

    assert (reply.status, reply.json["endorsed"]) == (200, True)
    assert (reply.calls, reply.rounds) == (2, 2)
    assert alice.relationship(bob)["endorsed"] is True
    assert ids(alice.get("/api/v1/endorsements")) == [bob.id]
    for path in ("/api/v1/accounts/", "/api/v1/pleroma/accounts/"):
        assert ids(anonymous.get(f"{path}{alice.id}/endorsements")) == [bob.id]
    assert bob.relationship(alice)["endorsed"] is False


@pytest.mark.parametrize("verb", ["unendorse", "unpin", "unfollow", "block"])
def test_it_ends_on_request_and_with_the_follow(alice, bob, verb):
    alice.follows(bob)
    act(alice, bob, "pin")
    act(alice, bob, verb)
    if verb == "block":
        act(alice, bob, "unblock")
    alice.follows(bob)

    assert alice.relationship(bob)["endorsed"] is False
    assert alice.get("/api/v1/endorsements").json == []


def test_who_removes_a_follower_is_recommended_no_more(alice, bob):
    alice.follows(bob)
    act(alice, bob, "endorse")
    act(bob, alice, "remove_from_followers")

    assert alice.get("/api/v1/endorsements").json == []
    assert not alice.account.endorsed


def test_a_stranger_cannot_be_recommended(alice, bob):
    reply = act(alice, bob, "endorse")

    assert reply.status == 422
    assert "following the person" in reply.json["error"]
    assert act(alice, alice, "endorse").status == 404
    assert act(alice, bob, "unendorse").json["endorsed"] is False


def test_there_is_a_limit(alice, bob, carol, monkeypatch):
    monkeypatch.setattr(endorsements, "MOST", 1)
    alice.follows(bob)
    alice.follows(carol)
    act(alice, bob, "endorse")

    assert act(alice, bob, "endorse").status == 200
    assert act(alice, carol, "endorse").status == 422
    act(alice, bob, "unendorse")
    assert act(alice, carol, "endorse").status == 200


def test_a_page_costs_the_same_whatever_its_length_and_leaves_out_who_is_gone(alice, bob, cast):
    people = cast.people(4)
    costs = []
    for each in people:
        alice.follows(each)
        act(alice, each, "endorse")
        costs.append(alice.get("/api/v1/endorsements").calls)
    update(Account.stub(people[0].id, PROFILE), [Account.deactivated.set(True)])
    newest = sorted((each.id for each in people[1:]), reverse=True)

    page = bob.get(f"/api/v1/accounts/{alice.id}/endorsements", {"limit": 2})

    assert ids(page) == newest[:2]
    assert ids(bob.get(f"/api/v1/accounts/{alice.id}/endorsements", page.links()["next"])) == newest[2:]
    assert set(costs) == {3}
