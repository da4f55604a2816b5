"""How the viewer stands to accounts."""

from __future__ import annotations

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import update
from chalicelib.store.relationships.relations import Relation
from tests.endpoints.relationships.acting import BLANK, followed


def test_relationships_come_in_the_order_asked_each_once(cast, alice):
    people = cast.people(3)
    followed(alice, people[1])
    ids = [people[2].id, people[0].id, new_flake(), people[2].id, people[1].id, "no id"]

    reply = alice.get("/api/v1/accounts/relationships", {"id": ids})

    assert [each["id"] for each in reply.json] == [people[2].id, people[0].id, people[1].id]
    assert [each["following"] for each in reply.json] == [False, False, True]


def test_one_id_may_be_given_bare(alice, bob):
    reply = alice.get("/api/v1/accounts/relationships", {"id": bob.id})

    assert reply.json == [{"id": bob.id, **BLANK}]


@pytest.mark.parametrize("params", [None, {"id": ""}, {"id": []}, {"id": "nobody"}])
def test_without_a_known_id_there_are_none(alice, params):
    reply = alice.get("/api/v1/accounts/relationships", params)

    assert (reply.status, reply.json) == (200, [])


def test_to_oneself_one_stands_as_to_a_stranger(alice):
    update(ViewerSet.stub(alice.id, VIEWER_SET), [ViewerSet.blocked_domains.add({"kenoma.test"})])

    assert alice.relationship(alice) == {"id": alice.id, **BLANK}


def test_every_flag_is_shown(alice, bob):
    update(Relation.stub(alice.id, bob.id), [
        Relation.blocks.set(True), Relation.blocked_by.set(True), Relation.mutes.set(True),
        Relation.mutes_notifications.set(True), Relation.subscribes.set(True), Relation.follows_reblogs.set(False)])

    assert alice.relationship(bob) == {
        "id": bob.id, **BLANK, "blocking": True, "blocked_by": True, "muting": True, "muting_notifications": True,
        "subscribing": True, "notifying": True, "showing_reblogs": False}


def test_a_mute_whose_time_is_over_is_none(alice, bob):
    update(Relation.stub(alice.id, bob.id), [
        Relation.mutes.set(True), Relation.mutes_notifications.set(True), Relation.mutes_until.set(1_600_000_000)])

    assert alice.relationship(bob) == {"id": bob.id, **BLANK}


def test_a_blocked_domain_is_shown(alice, bob):
    update(Account.stub(bob.id, PROFILE), [Account.host.set("Sub.Elsewhere.example:443")])
    update(ViewerSet.stub(alice.id, VIEWER_SET), [ViewerSet.blocked_domains.add({"*.elsewhere.example"})])

    assert alice.relationship(bob)["domain_blocking"] is True


def test_forty_relationships_cost_what_two_cost(cast, alice):
    ids = [each.id for each in cast.people(40)]

    two = alice.get("/api/v1/accounts/relationships", {"id": ids[:2]})
    forty = alice.get("/api/v1/accounts/relationships", {"id": ids})

    assert len(forty.json) == 40
    assert (two.rounds, two.calls) == (forty.rounds, forty.calls) == (2, 2)


def test_a_hundred_relationships_are_answered_and_no_more(cast, alice, bob):
    ids = [new_flake() for _ in range(99)] + [bob.id] + [alice.id]

    reply = alice.get("/api/v1/accounts/relationships", {"id": ids})

    assert [each["id"] for each in reply.json] == [bob.id]
    assert (reply.rounds, reply.calls) == (2, 3)


@pytest.mark.parametrize("scopes", ["write", "follow", "read:accounts"])
def test_relationships_need_their_scope(cast, bob, scopes):
    reply = cast.person("other", scopes=scopes).get("/api/v1/accounts/relationships", {"id": bob.id})

    assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: read:follows."})
