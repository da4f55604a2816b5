"""Imports of blocks and mutes."""

import pytest

from chalicelib.domain.relationships import imports
from chalicelib.store.relationships import relations

CSV = "Account address,Hide notifications\n@bob@kenoma.test,true\ncarol\nnobody\nalice\nbob\n"


def start(person, what, text):
    return person.post(f"/api/pleroma/{what}s_import", form={"list": text})


@pytest.mark.parametrize(("what", "shown"), [("block", "blocking"), ("mute", "muting")])
def test_everybody_on_the_list_is_hidden(alice, bob, carol, drain, what, shown):
    carol.follows(alice)

    reply = start(alice, what, CSV)
    drain()

    assert (reply.status, reply.json) == (200, "job started")
    for person in (bob, carol):
        assert alice.relationship(person)[shown] is True
    assert alice.relationship(carol)["followed_by"] is (what == "mute")
    assert alice.account.followers_count == (1 if what == "mute" else 0)


def test_muted_with_notifications_and_for_good(alice, bob, drain):
    start(alice, "mute", "bob")
    drain()

    relation = relations.find(alice.id, bob.id)
    assert (relation.mutes, relation.mutes_notifications, relation.mutes_until) == (True, True, 0)


@pytest.mark.parametrize("what", ["block", "mute"])
def test_twice_is_harmless(alice, bob, what):
    first = imports.hide_all(["bob", "nobody"], what, account_id=alice.id)
    second = imports.hide_all(["bob", "nobody"], what, account_id=alice.id)

    assert (first.hidden, first.skipped, second.already, second.hidden) == (1, 1, 1, 0)


@pytest.mark.parametrize("what", ["block", "mute"])
def test_a_list_is_needed_and_its_scope(cast, alice, anonymous, what):
    reader = cast.person("reader", scopes="read")

    assert alice.post(f"/api/pleroma/{what}s_import").json["error"] == "Missing field: list."
    assert start(reader, what, "bob").json == {
        "error": f"Insufficient permissions: follow | write:{what}s."}
    assert start(anonymous, what, "bob").json == {"error": "Invalid credentials."}
    assert start(alice, what, "  \n").json == "job started"
