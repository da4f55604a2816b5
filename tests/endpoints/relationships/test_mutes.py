"""Mutes of accounts. What they share with blocks is in test_hidden.py."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from chalicelib.store.relationships import relations
from tests.endpoints.relationships.acting import act, unread


def test_a_mute_hides_and_keeps_the_follow(alice, bob, drain):
    alice.follows(bob)
    bob.posts("hello")
    drain()

    reply = act(alice, bob, "mute")

    assert (reply.json["muting"], reply.json["muting_notifications"], reply.json["following"]) == (True, True, True)
    assert alice.home() == []
    assert len(alice.home(with_muted=True)) == 1
    bob.posts("@alice hello")
    assert unread(alice) == 0


def test_a_mute_may_leave_notifications(alice, bob):
    reply = act(alice, bob, "mute", notifications=False)
    assert (reply.json["muting"], reply.json["muting_notifications"]) == (True, False)

    act(alice, bob, "mute")
    assert act(alice, bob, "mute", notifications=False).json["muting_notifications"] is True


def test_unmuting_is_harmless(alice, bob):
    act(alice, bob, "mute")

    assert act(alice, bob, "unmute").json["muting"] is False
    assert act(alice, bob, "unmute").json["muting_notifications"] is False


def test_a_mute_for_a_while_ends_by_itself(alice, bob, monkeypatch):
    from chalicelib.domain.relationships import mutes

    assert act(alice, bob, "mute", expires_in=60).json["muting"] is True
    until = int(relations.find(alice.id, bob.id).mutes_until)

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61)
    assert alice.relationship(bob)["muting"] is False
    assert alice.get("/api/v1/mutes").json == []
    act(alice, bob, "mute")
    mutes.end(alice.id, bob.id, until)
    assert alice.relationship(bob)["muting"] is True


def test_a_mute_that_ran_out_is_cleaned_away(alice, bob, monkeypatch, drain):
    from chalicelib.jobs.sweep import sweep

    act(alice, bob, "mute", expires_in=600)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 601)
    sweep()
    drain()

    assert relations.find(alice.id, bob.id).mutes is False


def test_a_time_must_be_a_number(alice, bob):
    assert act(alice, bob, "mute", expires_in="soon").status == 400


@pytest.mark.parametrize("name", ["duration", "expires_in"])
def test_the_end_of_a_mute_is_shown(alice, bob, cast, name):
    carol = cast.person("carol")
    act(alice, bob, "mute", **{name: 600})
    act(alice, carol, "mute")

    ends = {each["id"]: each["mute_expires_at"] for each in alice.get("/api/v1/mutes").json}

    left = datetime.fromisoformat(ends[bob.id]).timestamp() - time.time()
    assert 590 < left <= 601
    assert ends[carol.id] is None
    assert "mute_expires_at" not in alice.get(f"/api/v1/accounts/{bob.id}").json
