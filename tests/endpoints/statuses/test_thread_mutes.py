"""Muted threads."""

from __future__ import annotations

from tests.endpoints.statuses.acting import act, unread


def test_a_muted_thread_is_quiet(alice, bob, status, drain):
    bob.posts("@alice one", in_reply_to_id=status)
    assert unread(alice) == 1

    reply = act(alice, status, "mute")
    bob.posts("@alice two", in_reply_to_id=status)
    drain()

    assert (reply.json["muted"], reply.json["pleroma"]["thread_muted"]) == (True, True)
    assert unread(alice) == 0
    assert alice.home() == []
    assert len(alice.home(with_muted=True)) == 3


def test_muting_twice_is_refused_and_unmuting_is_harmless(alice, status):
    act(alice, status, "mute")

    reply = act(alice, status, "mute")
    assert (reply.status, reply.json) == (400, {"error": "conversation is already muted"})
    assert act(alice, status, "unmute").json["muted"] is False
    assert act(alice, status, "unmute").status == 200
    assert alice.home() == [status]


def test_a_mute_for_a_while_ends_by_itself(alice, status, monkeypatch, drain):
    from chalicelib.domain.statuses import thread_mutes

    assert alice.post(f"/api/v1/statuses/{status}/mute", {"expires_in": 60}).json["muted"] is True
    assert alice.home() == []

    now = __import__("time").time()
    monkeypatch.setattr("time.time", lambda: now + 61)
    assert alice.home() == [status]
    assert act(alice, status, "mute").status == 200
    thread_mutes.end(alice.id, status, int(now + 61))
    assert alice.home() == []
