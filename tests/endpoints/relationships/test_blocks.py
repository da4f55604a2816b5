"""Blocks of accounts. What they share with mutes is in test_hidden.py."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

from chalicelib.jobs.sweep import sweep
from chalicelib.store.relationships import relations
from tests.endpoints.relationships.acting import BLANK, act, counts, unread

KEYS = {"id", *BLANK}


def test_a_block_ends_all_ties(alice, bob, drain):
    alice.follows(bob)
    bob.follows(alice)
    bob.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    bob.posts("hello")
    drain()

    reply = act(alice, bob, "block")

    assert reply.status == 200
    assert set(reply.json) == KEYS
    assert (reply.json["blocking"], reply.json["following"], reply.json["followed_by"]) == (True, False, False)
    theirs = bob.relationship(alice)
    assert (theirs["blocked_by"], theirs["following"], theirs["followed_by"], theirs["subscribing"]) == (
        True, False, False, False)
    assert counts(alice) == counts(bob) == (0, 0)
    assert alice.home() == []
    alice.posts("unheard")
    drain()
    assert unread(bob) == 1  # alice's follow, from before


def test_blocking_twice_is_harmless_and_tells_nobody(alice, bob):
    assert act(alice, bob, "block").json == act(alice, bob, "block").json
    assert unread(bob) == 0


def test_a_block_keeps_their_follow_where_the_setting_says_so(alice, bob, setting):
    setting(unfollow_blocked=False)
    bob.follows(alice)

    assert act(alice, bob, "block").json["followed_by"] is True
    assert counts(alice) == (1, 0)


def test_a_block_takes_back_a_request_with_its_notification(dora, bob):
    bob.follows(dora)
    assert unread(dora) == 1

    act(dora, bob, "block")

    assert unread(dora) == 0
    assert bob.relationship(dora)["requested"] is False
    assert dora.get("/api/v1/follow_requests").json == []


def test_a_block_marks_shared_conversations_as_read(alice, bob, carol):
    bob.posts("@alice psst", visibility="direct")
    carol.posts("@alice psst", visibility="direct")

    act(alice, bob, "block")

    shown = alice.get("/api/v1/accounts/verify_credentials").json
    assert shown["pleroma"]["unread_conversation_count"] == 1


def test_the_blocked_cannot_follow_and_are_not_seen(alice, bob, drain):
    act(alice, bob, "block")

    assert act(bob, alice, "follow").json == {"error": "rejected"}
    bob.posts("@alice hello")
    drain()
    assert alice.home() == []
    assert alice.get("/api/v1/timelines/public").json == []
    assert bob.get(f"/api/v1/accounts/{alice.id}").status == alice.get(f"/api/v1/accounts/{bob.id}").status == 200


def test_unblocking_removes_only_the_block(alice, bob):
    alice.follows(bob)
    act(alice, bob, "block")

    reply = act(alice, bob, "unblock")

    assert (reply.json["blocking"], reply.json["following"]) == (False, False)
    again = act(alice, bob, "unblock")
    assert (again.status, again.json) == (403, {"error": "not_blocking"})
    assert bob.post(f"/api/v1/accounts/{alice.id}/follow").status == 200


def test_follow_and_block_of_one_pair_at_once_end_in_one_state(alice, bob):
    acts = [(bob, alice, "follow"), (alice, bob, "block"), (bob, alice, "unfollow"), (alice, bob, "unblock"),
            (alice, bob, "follow"), (bob, alice, "mute")] * 4
    random.Random(7).shuffle(acts)

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda each: act(*each).status, acts))

    assert set(statuses) <= {200, 400, 403}
    mine, theirs = relations.find(alice.id, bob.id), relations.find(bob.id, alice.id)
    assert (mine.blocks, mine.follows, mine.followed_by) == (theirs.blocked_by, theirs.followed_by, theirs.follows)
    assert counts(alice) == (int(theirs.follows), int(mine.follows))
    assert counts(bob) == (int(mine.follows), int(theirs.follows))
    assert not (mine.blocks and theirs.follows)


# Blocks with an end.


def at(monkeypatch, moment):
    monkeypatch.setattr("time.time", lambda: moment)


def test_a_block_for_a_while_tells_its_end_and_ends_by_itself(alice, bob, carol, monkeypatch, drain):
    now = time.time()
    act(alice, carol, "block")
    how = act(alice, bob, "block", duration=600).json

    assert how["block_expires_at"] is not None
    assert {each["id"]: each["block_expires_at"] for each in alice.get("/api/v1/blocks").json} == {
        bob.id: how["block_expires_at"], carol.id: None}
    bob.posts("@alice unheard")
    at(monkeypatch, now + 601)
    assert alice.relationship(bob)["blocking"] is False
    sweep()
    drain()

    assert relations.find(alice.id, bob.id).blocks is False
    assert [each["id"] for each in alice.get("/api/v1/blocks").json] == [carol.id]
    bob.follows(alice)


def test_a_block_made_anew_lasts_as_the_later_one_says(alice, bob, monkeypatch, drain):
    now = time.time()
    act(alice, bob, "block", duration=600)
    assert act(alice, bob, "block", duration=60_000).json["block_expires_at"] is not None
    at(monkeypatch, now + 601)
    sweep()
    drain()
    assert alice.relationship(bob)["blocking"] is True

    assert act(alice, bob, "block").json["block_expires_at"] is None
    at(monkeypatch, now + 60_001)
    sweep()
    drain()

    assert alice.relationship(bob)["blocking"] is True
    assert act(alice, bob, "unblock").json["blocking"] is False


def test_unblocking_forgets_the_end(alice, bob, monkeypatch, drain):
    now = time.time()
    act(alice, bob, "block", duration=600)
    act(alice, bob, "unblock")
    act(alice, bob, "block")
    at(monkeypatch, now + 601)
    sweep()
    drain()

    assert alice.relationship(bob)["blocking"] is True
