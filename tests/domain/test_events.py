"""Events of the domain: who raises which event, and what follows from it."""

import pytest

from chalicelib.domain import events
from chalicelib.domain.event_types.accounts import (
    AccountDeleted,
    AccountFollowed,
    AccountUnfollowed,
    FiltersChanged,
    FollowRequested,
)
from chalicelib.domain.event_types.chats import ChatMessageSent
from chalicelib.domain.event_types.event import Event
from chalicelib.domain.event_types.notifications import NotificationMade
from chalicelib.domain.event_types.statuses import (
    FavouriteRemoved,
    ReactionAdded,
    ReactionRemoved,
    ReblogRemoved,
    StatusDeleted,
    StatusDelivered,
    StatusFavourited,
    StatusPinned,
    StatusPosted,
    StatusReblogged,
    StatusUnpinned,
)
from chalicelib.domain.listeners import registering
from chalicelib.queues import queue
from tests.cast import PASSWORD

V1, PLEROMA = "/api/v1", "/api/v1/pleroma"
KINDS = Event.__subclasses__()


@pytest.fixture
def heard(monkeypatch):
    """Every event, in order. This is one more listener, which no rule knows."""
    told = []

    def listen(event):
        told.append(event)
        return []

    monkeypatch.setattr(registering, "ASKING", {kind: [*registering.ASKING.get(kind, ()), listen] for kind in KINDS})
    return told


def of(told, *kinds):
    return [event for event in told if isinstance(event, kinds)]


def test_what_is_done_to_a_status_is_told(alice, bob, heard):
    id = bob.posts("hello")["id"]
    path, reaction = f"{V1}/statuses/{id}", f"{PLEROMA}/statuses/{id}/reactions/☕"
    alice.post(f"{path}/favourite")
    alice.post(f"{path}/unfavourite")
    alice.put(reaction)
    alice.delete(reaction)
    reblog = alice.post(f"{path}/reblog").json["id"]
    alice.post(f"{path}/unreblog")
    bob.post(f"{path}/pin")
    bob.post(f"{path}/unpin")
    bob.delete(path)

    assert [event for event in heard if not isinstance(event, NotificationMade)] == [
        StatusPosted(id, bob.id), StatusFavourited(id, alice.id), FavouriteRemoved(id, alice.id),
        ReactionAdded(id, alice.id, "☕"), ReactionRemoved(id, alice.id, "☕"),
        StatusReblogged(reblog, alice.id, id), ReblogRemoved(reblog, alice.id, id), StatusPinned(id, bob.id),
        StatusUnpinned(id, bob.id), StatusDeleted(id, bob.id, []),
    ]
    assert {event.account_id for event in of(heard, NotificationMade)} == {bob.id}
    assert len(of(heard, NotificationMade)) == 3


def test_a_repeated_act_is_not_told_again(alice, bob, heard):
    id = bob.posts("hello")["id"]

    for _ in range(2):
        alice.post(f"{V1}/statuses/{id}/favourite")
        alice.put(f"{PLEROMA}/statuses/{id}/reactions/☕")
        alice.post(f"{V1}/statuses/{id}/reblog")
        alice.post(f"{V1}/accounts/{bob.id}/follow")

    acts = of(heard, StatusFavourited, ReactionAdded, StatusReblogged, AccountFollowed)
    assert [type(event) for event in acts] == [StatusFavourited, ReactionAdded, StatusReblogged, AccountFollowed]


def test_how_accounts_stand_to_each_other_is_told(alice, bob, cast, heard):
    shy = cast.person("shy", locked=True)
    alice.post(f"{V1}/accounts/{bob.id}/follow")
    alice.post(f"{V1}/accounts/{bob.id}/unfollow")
    alice.post(f"{V1}/accounts/{shy.id}/follow")
    shy.post(f"{V1}/follow_requests/{alice.id}/authorize")
    alice.post(f"{V1}/accounts/{shy.id}/block")

    changes = of(heard, AccountFollowed, AccountUnfollowed, FollowRequested)
    assert [(type(event), event.account_id, event.other_id) for event in changes] == [
        (AccountFollowed, alice.id, bob.id), (AccountUnfollowed, alice.id, bob.id),
        (FollowRequested, alice.id, shy.id), (AccountFollowed, alice.id, shy.id),
        (AccountUnfollowed, alice.id, shy.id),
    ]
    assert len({event.change_id for event in changes}) == len(changes)


def test_a_change_of_filters_is_told(alice, heard):
    alice.post("/api/v2/filters", json={"title": "x", "context": ["home"]})
    alice.post("/api/v2/filters/1/keywords", json={"keyword": "x"})
    alice.put("/api/v2/filters/keywords/1", json={"keyword": " "})

    assert heard == [FiltersChanged(alice.id)] * 2


def test_a_delivery_a_chat_message_and_an_end_are_told(alice, bob, drain, heard):
    id = bob.posts("see https://one.example/")["id"]
    drain()
    chat = alice.post(f"{PLEROMA}/chats/by-account-id/{bob.id}").json["id"]
    message = alice.post(f"{PLEROMA}/chats/{chat}/messages", {"content": "hello"}).json["id"]
    bob.post("/api/pleroma/delete_account", {"password": PASSWORD})

    assert of(heard, StatusDelivered) == [StatusDelivered(id, bob.id, wants_card=True)]
    [sent] = of(heard, ChatMessageSent)
    assert (sent.message_id, sent.account_id, sent.wants_card) == (message, alice.id, False)
    assert of(heard, AccountDeleted) == [AccountDeleted(bob.id)]


def test_a_preview_tells_nothing(alice, heard):
    alice.post(f"{V1}/statuses", {"status": "hello", "preview": "true"})

    assert heard == []


@pytest.mark.parametrize("event", [
    StatusPosted("s", "a", 2_000_000_000), StatusDeleted("s", "a", ["x"]), AccountFollowed("a", "b", "c"),
    AccountUnfollowed("a", "b", "c"), AccountDeleted("a"),
], ids=lambda event: type(event).__name__)
def test_what_must_not_be_lost_has_a_row_that_is_the_same_each_time(event):
    rows = [{job.id: (job.kind, job.payload) for job in events.owed(event)} for _ in range(2)]

    assert rows[0] == rows[1] != {}


def test_a_follow_that_brings_no_more_owes_nothing():
    assert events.owed(AccountFollowed("a", "b", "c", deepens=False)) == []


def test_a_queue_that_takes_nothing_fails_no_act(alice, bob, monkeypatch):
    def refuse(*_):
        raise queue.NotSent

    monkeypatch.setattr(queue, "send_all", refuse)

    id = bob.posts("hello")["id"]
    assert alice.post(f"{V1}/statuses/{id}/favourite").status == 200
