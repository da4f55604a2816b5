"""What only some accounts hear: notifications, conversations, chats, follows, filters, announcements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cast import Cast, Person
from tests.endpoints.streaming.conftest import Drain, Listens
from tests.sockets import Gateway

WITH_NOTIFICATIONS = ["user", "user:notification", "user:notifications"]


@pytest.mark.parametrize("stream", WITH_NOTIFICATIONS)
def test_a_notification_is_heard_as_the_list_shows_it(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person, stream: str) -> None:
    status = alice.posts("hello")
    drain()
    socket, other = listens(alice, stream), listens(carol, stream)

    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    drain()

    ((words, payload),) = socket.events("notification")
    assert words == [stream]
    assert payload == alice.get("/api/v1/notifications").json[0]
    assert other.frames == []


def test_notifications_need_their_scope_on_the_stream_of_a_user_too(
        listens: Listens, drain: Drain, cast: Cast, alice: Person, bob: Person) -> None:
    limited = cast.signs_in(alice.account, scopes="read:statuses")
    status = alice.posts("hello")
    drain()
    socket = listens(limited, "user")

    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    drain()

    assert socket.frames == []


@pytest.mark.parametrize("hides", ["block", "mute", "thread", "policy"])
def test_a_notification_that_the_list_would_not_have_is_not_heard(
        listens: Listens, drain: Drain, alice: Person, bob: Person, hides: str) -> None:
    status = alice.posts("hello")
    if hides == "thread":
        alice.post(f"/api/v1/statuses/{status['id']}/mute")
    elif hides == "policy":
        alice.patch("/api/v2/notifications/policy", json={"for_not_following": "filter"})
    else:
        alice.post(f"/api/v1/accounts/{bob.id}/{hides}")
    drain()
    socket = listens(alice, "user:notification")

    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    bob.posts("@alice hello", in_reply_to_id=status["id"])
    drain()

    assert socket.frames == []


def test_notifications_that_are_accepted_are_told_of_together(
        listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.patch("/api/v2/notifications/policy", json={"for_not_following": "filter"})
    bob.posts("@alice hello")
    drain()
    socket = listens(alice, "user:notification")
    (request,) = alice.get("/api/v1/notifications/requests").json

    alice.post(f"/api/v1/notifications/requests/{request['id']}/accept")
    drain()

    assert socket.events() == [(["user:notification"], 1)]
    assert socket.names == ["notifications_merged"]


def test_both_sides_of_a_conversation_hear_of_it(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    sockets = [listens(each, "direct") for each in (alice, bob, carol)]

    status = bob.posts("@alice hello", visibility="direct")
    drain()

    assert [each.names for each in sockets] == [["conversation"], ["conversation"], []]
    for person, socket in ((alice, sockets[0]), (bob, sockets[1])):
        ((words, payload),) = socket.events()
        assert words == ["direct"]
        assert payload == person.get("/api/v1/conversations").json[0]
        assert payload["last_status"]["id"] == status["id"]


def test_a_blocked_account_is_not_heard_in_a_conversation(
        listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    drain()
    socket = listens(alice, "direct")

    bob.posts("@alice hello", visibility="direct")
    drain()

    assert socket.frames == []


def test_both_sides_of_a_chat_hear_a_message_with_the_authors_key_for_the_author(
        listens: Listens, drain: Drain, alice: Person, bob: Person, carol: Person) -> None:
    heard = {stream: [listens(each, stream) for each in (alice, bob, carol)]
             for stream in ("user", "user:pleroma_chat")}
    chat = bob.post(f"/api/v1/pleroma/chats/by-account-id/{alice.id}").json

    message = bob.post(f"/api/v1/pleroma/chats/{chat['id']}/messages", {"content": "hello"},
                       headers={"Idempotency-Key": "one"}).json
    drain()

    for stream, (alices, bobs, carols) in heard.items():
        ((words, to_bob),) = bobs.events("pleroma:chat_update")
        ((_, to_alice),) = alices.events("pleroma:chat_update")
        assert words == [stream]
        assert (to_bob["id"], to_bob["account"]["id"]) == (chat["id"], alice.id)
        assert to_bob["last_message"]["id"] == message["id"]
        assert to_bob["last_message"]["idempotency_key"] == "one"
        assert (to_alice["account"]["id"], to_alice["unread"]) == (bob.id, 1)
        assert to_alice["last_message"]["content"] == "hello"
        assert "idempotency_key" not in to_alice["last_message"]
        assert carols.frames == []


def test_what_becomes_of_a_follow_is_heard_by_the_follower(
        listens: Listens, drain: Drain, cast: Cast, alice: Person, bob: Person) -> None:
    locked = cast.person("dora", locked=True)
    socket, other = listens(alice, "user"), listens(bob, "user")

    alice.follows(bob)
    alice.post(f"/api/v1/accounts/{locked.id}/follow")
    drain()
    locked.post(f"/api/v1/follow_requests/{alice.id}/reject")
    drain()

    told = [payload for _, payload in socket.events("pleroma:follow_relationships_update")]
    assert [(each["state"], each["follower"]["id"], each["following"]["id"]) for each in told] == [
        ("follow_accept", alice.id, bob.id), ("follow_pending", alice.id, locked.id),
        ("follow_reject", alice.id, locked.id)]
    assert told[0]["follower"] == {"id": alice.id, "follower_count": 0, "following_count": 1}
    assert told[0]["following"] == {"id": bob.id, "follower_count": 1, "following_count": 0}
    assert other.events("pleroma:follow_relationships_update") == []


def test_filters_that_change_have_no_payload(
        listens: Listens, drain: Drain, sockets: Gateway, alice: Person, bob: Person) -> None:
    socket, other = listens(alice, "user"), listens(bob, "user")

    alice.post("/api/v2/filters", json={"title": "cats", "context": ["home"], "filter_action": "warn"})
    drain()

    assert [json.loads(each) for each in socket.frames] == [{"stream": ["user"], "event": "filters_changed"}]
    assert other.frames == []


def test_announcements_are_heard_by_everybody_who_is_signed_in(
        listens: Listens, drain: Drain, admin: Person, alice: Person, bob: Person) -> None:
    heard, public = [listens(alice, "user"), listens(bob, "user")], listens(None, "public")

    made = admin.post("/api/v1/pleroma/admin/announcements", {"content": "We move"}).json["id"]
    drain()
    alice.put(f"/api/v1/announcements/{made}/reactions/🎉")
    drain()
    admin.delete(f"/api/v1/pleroma/admin/announcements/{made}")
    drain()

    for socket in heard:
        assert socket.names == ["announcement", "announcement.reaction", "announcement.delete"]
        (_, told), (_, reaction), (_, gone) = socket.events()
        assert (told["id"], told["text"]) == (made, "We move")
        assert reaction == {"name": "🎉", "count": 1, "announcement_id": made}
        assert str(gone) == made
    assert public.frames == []


def test_an_announcement_for_later_is_not_heard_now(
        listens: Listens, drain: Drain, admin: Person, alice: Person) -> None:
    socket = listens(alice, "user")

    admin.post("/api/v1/pleroma/admin/announcements", {"content": "Soon", "starts_at": "2099-01-01T00:00:00Z"})
    drain()

    assert socket.frames == []


def test_every_message_says_of_which_stream_it_is_and_what_happened(
        listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    socket = listens(alice, "user")
    alice.follows(bob)
    drain()

    status = bob.posts("@alice hello")
    bob.put(f"/api/v1/statuses/{status['id']}", {"status": "@alice again"})
    drain()
    bob.delete(f"/api/v1/statuses/{status['id']}")
    drain()

    messages: list[dict[str, Any]] = socket.messages
    assert {each["event"] for each in messages} >= {"update", "status.update", "notification", "delete"}
    for message in messages:
        assert message.keys() == {"stream", "event", "payload"}
        assert message["stream"] == ["user"]
        assert message["event"] == "delete" or json.loads(message["payload"]) is not None
