"""Pinned statuses."""

from __future__ import annotations

import pytest

from tests.endpoints.statuses.acting import act, ids, show


def test_a_pinned_status_is_first_on_the_profile(alice, bob, status):
    alice.posts("newer")

    assert act(alice, status, "pin").json["pinned"] is True
    assert show(bob, status)["pinned"] is True
    assert ids(bob.get(f"/api/v1/accounts/{alice.id}/statuses", {"pinned": True})) == [status]
    assert act(alice, status, "pin").status == 200


def test_only_so_many_can_be_pinned(alice, status, setting):
    other = alice.posts("other")["id"]
    act(alice, status, "pin")

    reply = act(alice, other, "pin")
    assert (reply.status, reply.json) == (
        400, {"error": "You have already pinned the maximum number of statuses"})
    setting(max_pinned_statuses=2)
    assert act(alice, other, "pin").status == 200


def test_a_deleted_status_makes_room_at_once(alice, status):
    act(alice, status, "pin")
    alice.delete(f"/api/v1/statuses/{status}")

    other = alice.posts("other")["id"]

    assert act(alice, other, "pin").status == 200
    assert ids(alice.get(f"/api/v1/accounts/{alice.id}/statuses", {"pinned": True})) == [other]


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_is_not_open_cannot_be_pinned(alice, visibility):
    reply = act(alice, alice.posts("x", visibility=visibility)["id"], "pin")

    assert (reply.status, reply.json) == (400, {"error": "Could not pin"})


def test_only_ones_own_statuses_can_be_pinned(bob, status):
    wrapper = act(bob, status, "reblog").json["id"]

    for id in (status, wrapper, "unknown"):
        assert act(bob, id, "pin").json == {"error": "Could not pin"}
        assert act(bob, id, "unpin").json == ({"error": "Could not unpin"} if id != wrapper else show(bob, wrapper))


def test_unpinning_is_harmless_and_deleting_unpins(alice, status, drain):
    act(alice, status, "pin")
    assert act(alice, status, "unpin").json["pinned"] is False
    assert act(alice, status, "unpin").status == 200
    act(alice, status, "pin")

    alice.delete(f"/api/v1/statuses/{status}")
    drain()

    assert not alice.account.pins
    assert act(alice, alice.posts("next")["id"], "pin").status == 200
