"""Follow requests, and their answers."""

from __future__ import annotations

import pytest

from tests.endpoints.relationships.acting import act, counts, ids, unread


def test_a_locked_account_is_asked(alice, dora):
    reply = act(alice, dora, "follow")

    assert (reply.json["requested"], reply.json["following"]) == (True, False)
    assert ids(dora.get("/api/v1/follow_requests")) == [alice.id]
    assert dora.get("/api/v1/accounts/verify_credentials").json["follow_requests_count"] == 1
    assert counts(dora) == (0, 0)


def test_an_authorized_request_is_a_follow(alice, dora, drain):
    status = dora.posts("for friends", visibility="private")["id"]
    alice.follows(dora)

    reply = dora.post(f"/api/v1/follow_requests/{alice.id}/authorize")

    assert (reply.json["id"], reply.json["followed_by"]) == (alice.id, True)
    assert alice.relationship(dora)["following"] is True
    assert (counts(dora), counts(alice)) == ((1, 0), (0, 1))
    assert alice.home() == [status]
    assert unread(dora) == 1
    assert dora.get("/api/v1/follow_requests").json == []


def test_a_rejected_request_is_gone_and_may_be_made_again(alice, dora):
    alice.follows(dora)

    reply = dora.post(f"/api/v1/follow_requests/{alice.id}/reject")

    assert (reply.status, reply.json["followed_by"]) == (200, False)
    assert alice.relationship(dora)["requested"] is False
    assert unread(dora) == 0
    assert act(alice, dora, "follow").json["requested"] is True
    assert unread(dora) == 1


@pytest.mark.parametrize("verb", ["authorize", "reject"])
def test_without_a_request_there_is_nothing_to_answer(alice, bob, dora, verb):
    alice.follows(bob)

    for path in (alice.id, "unknown", dora.id):
        assert dora.post(f"/api/v1/follow_requests/{path}/{verb}").json == {"error": "Record not found"}
    assert bob.post(f"/api/v1/follow_requests/{alice.id}/{verb}").status == 404
    assert counts(dora) == (0, 0)


def test_whoever_a_locked_account_follows_may_follow_back(alice, bob, dora):
    act(alice, dora, "follow")
    dora.patch("/api/v1/accounts/update_credentials", json={"permit_followback": True})
    act(dora, alice, "follow")

    back, other = act(alice, dora, "follow").json, act(bob, dora, "follow").json

    assert (back["following"], back["requested"]) == (True, False)
    assert (other["following"], other["requested"]) == (False, True)
    assert ids(dora.get("/api/v1/follow_requests")) == [bob.id]


def test_who_does_not_permit_it_is_asked_by_those_whom_it_follows(alice, dora):
    act(dora, alice, "follow")

    assert act(alice, dora, "follow").json["requested"] is True
