"""Notes that one takes of accounts."""

from __future__ import annotations

import pytest

from tests.endpoints.relationships.acting import BLANK, act


def test_a_note_is_only_for_who_took_it(alice, bob):
    reply = act(alice, bob, "note", comment="met at the lake")

    assert (reply.status, reply.json) == (200, {"id": bob.id, **BLANK, "note": "met at the lake"})
    assert bob.relationship(alice)["note"] == ""
    assert "lake" not in bob.get(f"/api/v1/accounts/{alice.id}").text
    assert (reply.calls, reply.rounds) == (2, 2)


def test_a_note_is_replaced_and_taken_away(alice, bob):
    act(alice, bob, "note", comment="one")
    act(alice, bob, "note", comment="two")
    alice.follows(bob)

    assert (alice.relationship(bob)["note"], alice.relationship(bob)["following"]) == ("two", True)
    assert act(alice, bob, "note", comment="").json["note"] == ""
    act(alice, bob, "note", comment="three")
    assert act(alice, bob, "note").json["note"] == ""


@pytest.mark.parametrize(("whom", "comment", "refusal"), [
    ("alice", "x", (403, {"error": "Can not take notes of yourself"})),
    ("bob", "x" * 2_001, (422, {"error": "Comment must be up to 2000 characters"})),
    (None, "x", (404, {"error": "Record not found"})),
])
def test_what_cannot_be_noted(alice, bob, whom, comment, refusal):
    id = {"alice": alice.id, "bob": bob.id}.get(whom, "0" * 18)

    reply = alice.post(f"/api/v1/accounts/{id}/note", json={"comment": comment})

    assert (reply.status, reply.json) == refusal
