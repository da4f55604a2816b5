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


# Whom one has asked.

OUTGOING = "/api/v1/pleroma/outgoing_follow_requests"


def test_whom_one_has_asked_is_listed_until_they_answer(alice, bob, dora, cast):
    erin = cast.person("erin", locked=True)
    for person in (dora, bob, erin):
        act(alice, person, "follow")

    assert ids(alice.get(OUTGOING)) == ids(alice.get("/api/v1/follow_requests/outgoing")) == [erin.id, dora.id]
    assert ids(dora.get(OUTGOING)) == []
    dora.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    assert ids(alice.get(OUTGOING)) == [erin.id]
    erin.post(f"/api/v1/follow_requests/{alice.id}/reject")
    assert ids(alice.get(OUTGOING)) == []


@pytest.mark.parametrize("ending", ["unfollow", "block"])
def test_who_takes_a_request_back_waits_no_more(alice, dora, ending):
    act(alice, dora, "follow")

    act(dora if ending == "block" else alice, alice if ending == "block" else dora, ending)

    assert ids(alice.get(OUTGOING)) == []


def test_both_may_wait_for_each_other(alice, dora):
    alice.patch("/api/v1/accounts/update_credentials", json={"locked": True})
    act(alice, dora, "follow")
    act(dora, alice, "follow")

    assert ids(alice.get(OUTGOING)) == ids(alice.get("/api/v1/follow_requests")) == [dora.id]
    dora.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    assert ids(alice.get(OUTGOING)) == []
    assert ids(dora.get(OUTGOING)) == [alice.id]


def test_nobody_waits_for_who_is_not_active(alice, admin, dora):
    act(alice, dora, "follow")

    admin.patch("/api/pleroma/admin/users/deactivate", json={"nicknames": [dora.nickname]})

    assert ids(alice.get(OUTGOING)) == []


def test_two_and_forty_cost_the_same(alice, cast):
    crowd, costs = [cast.person(f"locked{number}", locked=True) for number in range(40)], []
    for people in (crowd[:2], crowd[2:]):
        for person in people:
            act(alice, person, "follow")
        reply = alice.get(OUTGOING)
        costs.append((reply.calls, reply.rounds))

    assert len(reply.json) == 40
    assert costs == [(3, 3)] * 2
