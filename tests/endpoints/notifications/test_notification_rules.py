"""Which event tells whom, under which setting, block and mute: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from tests.endpoints.notifications.telling import becomes, is_seen, listed, rows, unread


@dataclass(frozen=True)
class Outcome:
    """What becomes of a notification: is it stored, seen from the start, listed, listed with muted ones, counted?"""

    stored: bool = True
    seen: bool = False
    listed: bool = True
    with_muted: bool = True
    counted: bool = True


TOLD = Outcome()
NOTHING = Outcome(stored=False, listed=False, with_muted=False, counted=False)
BLOCKED = Outcome(listed=False, with_muted=False, counted=False)
MUTED = Outcome(seen=True, listed=False, counted=False)
READ = Outcome(seen=True, counted=False)


# What bob does. Alice's status says "knights", and so does everything that bob writes.


def mention(alice, bob, status):
    bob.posts("@alice knights")


def reply(alice, bob, status):
    bob.posts("knights", in_reply_to_id=status)


def subscription(alice, bob, status):
    assert alice.post(f"/api/v1/pleroma/accounts/{bob.id}/subscribe").status == 200
    bob.posts("knights")


def favourite(alice, bob, status):
    bob.post(f"/api/v1/statuses/{status}/favourite")


def reblog(alice, bob, status):
    bob.post(f"/api/v1/statuses/{status}/reblog")


def reaction(alice, bob, status):
    bob.reacts(status, "😀")


def follow(alice, bob, status):
    bob.post(f"/api/v1/accounts/{alice.id}/follow")


def request(alice, bob, status):
    becomes(alice, locked=True)
    bob.post(f"/api/v1/accounts/{alice.id}/follow")


EVENTS = (mention, reply, subscription, favourite, reblog, reaction, follow, request)
WRITTEN = (mention, reply, subscription)
IN_THE_THREAD = (reply, favourite, reblog, reaction)


# What alice has set up before.


def wants(**settings):
    def arrange(alice, bob, status):
        assert alice.put("/api/pleroma/notification_settings", settings).json == {"status": "success"}

    return arrange


def follows(alice, bob, status):
    alice.follows(bob)


def is_followed(alice, bob, status):
    bob.follows(alice)


def blocks(alice, bob, status):
    alice.post(f"/api/v1/accounts/{bob.id}/block")


def blocks_domain(alice, bob, status):
    alice.post("/api/v1/domain_blocks", form={"domain": "*.test"})


def mutes(alice, bob, status):
    alice.post(f"/api/v1/accounts/{bob.id}/mute")


def mutes_posts_only(alice, bob, status):
    alice.post(f"/api/v1/accounts/{bob.id}/mute", form={"notifications": "false"})


def mutes_thread(alice, bob, status):
    assert alice.post(f"/api/v1/statuses/{status}/mute").status == 200


def filters(irreversible):
    def arrange(alice, bob, status):
        alice.post("/api/v1/filters", json={"phrase": "knights", "context": ["home"], "irreversible": irreversible})

    return arrange


def comes_from_elsewhere(alice, bob, status):
    becomes(bob, host="elsewhere.example")


# Each line: what is arranged, the outcome, and for which events it is another one (None: cannot happen).
TABLE: dict[str, tuple[tuple[Any, ...], Outcome, dict[Any, Outcome | None]]] = {
    "nothing": ((), TOLD, {}),
    "strangers are kept off": ((wants(block_from_strangers=True),), NOTHING, {}),
    "strangers are kept off, a follower": ((is_followed, wants(block_from_strangers=True)), NOTHING,
                                           {follow: None, request: None}),
    "strangers are kept off, somebody followed": ((follows, wants(block_from_strangers=True)), TOLD, {}),
    "not of followers, a stranger": ((wants(followers=False),), TOLD, {follow: NOTHING}),
    "not of followers, a follower": ((is_followed, wants(followers=False)), NOTHING, {follow: None, request: None}),
    "not of whom one follows, a stranger": ((wants(follows=False),), TOLD, {}),
    "not of whom one follows, somebody followed": ((follows, wants(follows=False)), NOTHING, {}),
    "not of this server": ((wants(local=False),), NOTHING, {}),
    "not of this server, from another": ((comes_from_elsewhere, wants(local=False)), TOLD, {}),
    "not of other servers": ((wants(remote=False),), TOLD, {}),
    "not of other servers, from one": ((comes_from_elsewhere, wants(remote=False)), NOTHING, {}),
    "both generations: one that drops is enough": ((follows, wants(block_from_strangers=True, follows=False)), NOTHING,
                                                   {}),
    "contents hidden in push": ((wants(hide_notification_contents=True),), TOLD, {}),
    "blocked": ((blocks,), BLOCKED, {follow: NOTHING, request: NOTHING}),
    "domain blocked": ((blocks_domain,), BLOCKED, {}),
    "domain blocked, but followed": ((follows, blocks_domain), TOLD, {}),
    "muted": ((mutes,), MUTED, {}),
    "muted, but not their notifications": ((mutes_posts_only,), READ, {}),
    "the thread is muted": ((mutes_thread,), TOLD, dict.fromkeys(IN_THE_THREAD, MUTED)),
    "blocked and muted": ((blocks, mutes), Outcome(seen=True, listed=False, with_muted=False, counted=False),
                                {follow: NOTHING, request: NOTHING}),
    "an irreversible filter matches": ((filters(True),), TOLD, dict.fromkeys(WRITTEN, NOTHING)),
    "a filter of the client's matches": ((filters(False),), TOLD, {}),
}
LINES = [
    pytest.param(arranged, event, others.get(event, outcome), id=f"{name}: {event.__name__}")
    for name, (arranged, outcome, others) in TABLE.items() for event in EVENTS if others.get(event, outcome) is not None
]


@pytest.mark.parametrize(("arranged", "event", "outcome"), LINES)
def test_who_is_told_of_what(alice, bob, drain, arranged, event, outcome):
    status = alice.posts("knights")["id"]
    for arrange in arranged:
        arrange(alice, bob, status)
    before, counted = {row.id for row in rows(alice)}, unread(alice)

    event(alice, bob, status)
    drain()

    new = [str(int(row.id)) for row in rows(alice) if row.id not in before]
    told = Outcome(
        stored=len(new) == 1, seen=bool(new) and is_seen(alice, new[0]), counted=unread(alice) == counted + 1,
        listed=bool(set(new) & {each["id"] for each in listed(alice)}),
        with_muted=bool(set(new) & {each["id"] for each in listed(alice, with_muted=True)}),
    )
    assert len(new) <= 1
    assert told == outcome


@pytest.mark.parametrize("event", [mention, reply, favourite, reblog, reaction])
def test_nobody_is_told_of_their_own_acts(alice, event):
    status = alice.posts("knights")["id"]

    event(alice, alice, status)

    assert rows(alice) == []


@pytest.mark.parametrize("event", EVENTS)
def test_an_account_of_the_servers_own_tells_nobody(alice, bob, drain, event):
    status = alice.posts("knights")["id"]
    update(Account.stub(bob.id, PROFILE), [Account.standing.remove()])

    event(alice, bob, status)
    drain()

    assert rows(alice) == []


def test_a_vote_tells_nobody(alice, bob):
    poll = alice.posts("which?", poll={"options": ["one", "two"], "expires_in": 3600})["poll"]["id"]

    assert bob.post(f"/api/v1/polls/{poll}/votes", json={"choices": [0]}).status == 200

    assert rows(alice) == []


def test_a_preview_tells_nobody(alice, bob):
    bob.posts("@alice hello", preview=True)

    assert rows(alice) == []


def test_the_mentioned_are_not_told_of_favourites_and_reblogs(alice, bob, carol, drain):
    status = alice.posts("@carol hello")["id"]
    for verb in ("favourite", "reblog"):
        bob.post(f"/api/v1/statuses/{status}/{verb}")
    drain()

    assert [each["type"] for each in listed(carol)] == ["mention"]
    assert [each["type"] for each in listed(alice)] == ["reblog", "favourite"]


def test_a_reply_tells_its_names_and_the_unnamed_author_of_the_parent(alice, bob, carol):
    status = alice.posts("hello")["id"]

    bob.posts("@carol look", in_reply_to_id=status)

    assert [each["type"] for each in listed(alice)] == [each["type"] for each in listed(carol)] == ["mention"]


def test_follower_subscriber_and_mentioned_at_once_is_told_once(alice, bob, drain):
    alice.follows(bob)
    alice.post(f"/api/v1/pleroma/accounts/{bob.id}/subscribe")

    bob.posts("@alice hello")
    drain()

    assert [each["type"] for each in listed(alice)] == ["mention"]


def test_subscribers_are_not_told_of_replies_nor_of_what_they_may_not_see(alice, bob, carol, drain):
    alice.post(f"/api/v1/pleroma/accounts/{bob.id}/subscribe")

    bob.posts("hello", in_reply_to_id=carol.posts("hello")["id"])
    bob.posts("for followers", visibility="private")
    bob.posts("@carol psst", visibility="direct")
    drain()

    assert rows(alice) == []


@pytest.mark.parametrize(("when", "event"), [
    ("muted", "mute"), ("blocked", "block"), ("deactivated", None),
])
def test_what_was_told_before_is_hidden_later_and_stays_as_seen_as_it_was(alice, bob, when, event):
    bob.posts("@alice hello")

    if event:
        alice.post(f"/api/v1/accounts/{bob.id}/{event}")
    else:
        becomes(bob, deactivated=True)

    assert listed(alice) == []
    assert len(listed(alice, with_muted=True)) == (1 if when == "muted" else 0)
    assert is_seen(alice, int(rows(alice)[0].id)) is False
