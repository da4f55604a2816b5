"""What blocks and mutes have in common: whom one may hide, the lists, scopes and costs."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from tests.endpoints.relationships.acting import act, ids


@pytest.mark.parametrize("verb", ["block", "mute"])
def test_nobody_does_it_to_oneself_or_the_unknown(alice, verb):
    assert act(alice, alice, verb).status == 403
    for id in ("unknown", "0" * 18):
        assert alice.post(f"/api/v1/accounts/{id}/{verb}").json == {"error": "Record not found"}


@pytest.mark.parametrize(("verb", "path"), [("block", "/api/v1/blocks"), ("mute", "/api/v1/mutes")])
def test_whom_one_hides_is_listed_in_the_order_of_ids(alice, cast, verb, path):
    crowd = cast.people(5)
    for person in reversed(crowd):
        act(alice, person, verb)
    wanted = sorted(person.id for person in crowd)

    assert ids(alice.get(path)) == wanted
    page = alice.get(path, {"limit": 2})
    assert ids(page) == wanted[:2]
    assert ids(alice.get(path + "/", page.links()["next"])) == wanted[2:4]
    assert ids(alice.get(path, {"since_id": wanted[0], "max_id": wanted[3]})) == wanted[1:3]
    assert ids(alice.get(path, {"limit": 0})) == []


def test_who_left_is_not_listed(alice, bob):
    act(alice, bob, "block")
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    assert alice.get("/api/v1/blocks").json == []


@pytest.mark.parametrize(("verb", "scopes"), [
    ("block", "follow | write:blocks"), ("unblock", "follow | write:blocks"), ("mute", "follow | write:mutes"),
    ("unmute", "follow | write:mutes"),
])
def test_each_needs_its_scope(cast, anonymous, bob, verb, scopes):
    reader = cast.person("reader", scopes="read")

    assert act(reader, bob, verb).json == {"error": f"Insufficient permissions: {scopes}."}
    assert act(anonymous, bob, verb).json == {"error": "Invalid credentials."}


def test_what_each_costs(alice, bob, dora):
    alice.follows(bob)
    alice.follows(dora)

    block, mute = act(alice, bob, "block"), act(alice, dora, "mute")
    answer = dora.post(f"/api/v1/follow_requests/{alice.id}/reject")

    assert (block.calls, mute.calls, answer.calls) == (3, 3, 2)
