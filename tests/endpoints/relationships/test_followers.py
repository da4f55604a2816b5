"""Removing followers, and which of them one knows."""

from __future__ import annotations

import pytest

from tests.domain.federation.conftest import far as far
from tests.endpoints.federation.sending import follow, sends, uri
from tests.endpoints.relationships.acting import BLANK, act, counts, ids


def test_a_follower_is_removed_and_may_come_back(alice, bob, drain):
    bob.follows(alice)
    bob.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    alice.posts("before")
    drain()

    reply = act(alice, bob, "remove_from_followers")

    assert (reply.status, reply.json) == (200, {"id": bob.id, **BLANK})
    assert counts(alice) == counts(bob) == (0, 0)
    assert bob.relationship(alice) == {"id": alice.id, **BLANK}
    assert bob.home() == []
    assert (reply.calls, reply.rounds) == (2, 2)
    bob.follows(alice)
    assert counts(alice) == (1, 0)


def test_a_request_is_refused(cast, bob):
    alice = cast.person("alice", locked=True)
    bob.follows(alice)

    assert act(alice, bob, "remove_from_followers").json["requested_by"] is False
    assert bob.relationship(alice)["requested"] is False
    assert alice.get("/api/v1/notifications").json == []


def test_removing_nobody_is_harmless(alice, bob):
    alice.follows(bob)

    assert act(alice, bob, "remove_from_followers").json == {"id": bob.id, **BLANK, "following": True}
    assert act(alice, alice, "remove_from_followers").status == 404


def test_another_server_hears_that_the_follow_is_rejected(alice, far, drain):
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    known = alice.get(f"/api/v1/accounts/{alice.id}/followers").json[0]
    before = len(far.received)

    reply = alice.post(f"/api/v1/accounts/{known['id']}/remove_from_followers")
    drain()

    assert reply.json["followed_by"] is False
    assert counts(alice) == (0, 0)
    assert [(each.json["type"], each.json["actor"], each.json["object"]["type"]) for each in far.received[before:]] == [
        ("Reject", uri(alice), "Follow")]
    assert alice.account.foreign_followers_count == 0


# Whom one knows.


def familiar(person, *others):
    reply = person.get("/api/v1/accounts/familiar_followers", {"id": [each.id for each in others]})
    assert reply.status == 200, reply.text
    return reply


def test_followers_are_familiar_whom_one_follows(alice, bob, carol, cast):
    dora, erin = cast.people(2)
    for friend in (bob, carol):
        alice.follows(friend)
        friend.follows(dora)
    erin.follows(dora)

    reply = familiar(alice, dora, erin)

    assert [each["id"] for each in reply.json] == [dora.id, erin.id]
    assert {each["id"] for each in reply.json[0]["accounts"]} == {bob.id, carol.id}
    assert reply.json[1]["accounts"] == []


@pytest.mark.parametrize(("who", "hidden"), [("followed", "hide_followers"), ("friend", "hide_follows")])
def test_nobody_is_named_who_hides_it(alice, bob, carol, who, hidden):
    alice.follows(bob)
    bob.follows(carol)
    person = carol if who == "followed" else bob
    person.patch("/api/v1/accounts/update_credentials", json={hidden: True})

    assert familiar(alice, carol).json == [{"id": carol.id, "accounts": []}]


def test_who_is_unknown_is_left_out_and_a_page_costs_the_same(alice, bob, cast):
    alice.follows(bob)
    costs = []
    for each in cast.people(3):
        bob.follows(each)
        each.follows(bob)
        alice.follows(each)
        costs.append(familiar(alice, bob).calls)

    assert set(costs) == {5}
    assert alice.get("/api/v1/accounts/familiar_followers", {"id": ["0" * 18, "x"]}).json == []
    assert alice.get("/api/v1/accounts/familiar_followers").json == []


# Several accounts at once.


def test_several_accounts_come_in_the_order_asked(alice, bob, carol, anonymous):
    reply = anonymous.get("/api/v1/accounts", {"id": [carol.id, "unknown", "0" * 18, alice.id, carol.id]})

    assert ids(reply) == [carol.id, alice.id]
    assert reply.calls == 1
    assert anonymous.get("/api/v1/accounts").json == []
    assert ids(alice.get("/api/v1/accounts", {"id": bob.id})) == [bob.id]


def test_a_lookup_says_how_the_viewer_stands(alice, bob):
    alice.follows(bob)

    shown = alice.get("/api/v1/accounts/lookup", {"acct": "bob", "with_relationships": True}).json

    assert shown["pleroma"]["relationship"]["following"] is True
