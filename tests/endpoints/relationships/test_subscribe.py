"""Subscribing to an account."""

from __future__ import annotations

from chalicelib.store.dynamo.table import update
from chalicelib.store.relationships.relations import Relation
from tests.endpoints.relationships.acting import unread


def subscribe(viewer, person):
    return viewer.post(f"/api/v1/pleroma/accounts/{person.id}/subscribe")


def unsubscribe(viewer, person):
    return viewer.post(f"/api/v1/pleroma/accounts/{person.id}/unsubscribe")


def test_a_subscriber_hears_of_every_new_status(alice, bob, drain):
    reply = subscribe(bob, alice)
    assert (reply.json["subscribing"], reply.json["following"], reply.json["id"]) == (True, False, alice.id)

    alice.posts("news")
    alice.posts("@bob news")
    drain()

    assert unread(bob) == 2


def test_replies_and_hidden_statuses_are_no_news(alice, bob, carol, drain):
    subscribe(bob, alice)
    alice.posts("an answer", in_reply_to_id=carol.posts("x")["id"])
    alice.posts("friends only", visibility="private")
    alice.posts("@carol", visibility="direct")
    drain()
    assert unread(bob) == 0

    bob.follows(alice)
    alice.posts("friends only", visibility="private")
    drain()
    assert unread(bob) == 1


def test_hearing_twice_of_one_status_is_hearing_once(alice, bob, drain):
    from chalicelib.domain.statuses import fan_out
    from chalicelib.queues.statuses import Deliver

    subscribe(bob, alice)
    id = alice.posts("news")["id"]
    drain()
    fan_out.deliver([Deliver(id, alice.id)])

    assert unread(bob) == 1


def test_subscribing_is_idempotent_and_ends(alice, bob, drain):
    assert [subscribe(bob, alice).json["subscribing"] for _ in range(2)] == [True, True]
    assert [unsubscribe(bob, alice).json["subscribing"] for _ in range(2)] == [False, False]

    alice.posts("news")
    drain()

    assert unread(bob) == 0
    assert bob.relationship(alice)["subscribing"] is False


def test_unfollowing_ends_a_subscription(alice, bob, drain):
    bob.follows(alice)
    subscribe(bob, alice)

    assert bob.post(f"/api/v1/accounts/{alice.id}/unfollow").json["subscribing"] is False
    alice.posts("news")
    drain()
    assert unread(bob) == 0


def test_who_is_blocked_cannot_subscribe(alice, bob):
    update(Relation.stub(bob.id, alice.id), [Relation.blocked_by.set(True)])

    reply = subscribe(bob, alice)

    assert (reply.status, reply.json) == (403, {"error": "Could not subscribe: alice is blocking you"})


def test_subscribing_to_oneself_or_nobody(bob):
    assert subscribe(bob, bob).status == 403
    assert bob.post("/api/v1/pleroma/accounts/unknown/subscribe").json == {"error": "Record not found"}


def test_subscribing_needs_its_scope(cast, alice):
    reader = cast.person("reader", scopes="read")

    assert subscribe(reader, alice).json == {"error": "Insufficient permissions: follow | write:follows."}
