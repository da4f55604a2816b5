"""Jobs of statuses: what follows from a new one, from its end, and from a time that has come."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.statuses import fan_out
from chalicelib.jobs.sweep import sweep
from chalicelib.queues.statuses import (
    Deliver,
    DeliverChunk,
    DeliverPages,
    DeliverPosted,
    ExpireStatus,
    FetchCard,
    FetchMessageCard,
    FollowEdit,
    PublishScheduled,
    Readdress,
    StatusCascade,
    UnmuteThread,
)
from chalicelib.store.jobs import PATIENCE
from chalicelib.store.statuses import posting
from tests.cast import Person
from tests.endpoints.chats.talking import heard, says
from tests.jobs.scenarios.registry import leaves
from tests.jobs.world import Shows, World
from tests.other_server import serving

PAGE = b"""<!doctype html><title>The page</title><meta property="og:title" content="A">
<meta property="og:description" content="What it says">"""


def homes(*people: Person) -> dict[str, Any]:
    return {f"home of {each.nickname}": each.get("/api/v1/timelines/home").json for each in people}


def told(*people: Person) -> dict[str, Any]:
    return {f"notifications of {each.nickname}": each.get("/api/v1/notifications").json for each in people}


def counted(*people: Person) -> dict[str, Any]:
    """How many followers and statuses each has, as each sees it, and the server's statistics."""
    shown = {f"account of {each.nickname}": each.get("/api/v1/accounts/verify_credentials").json for each in people}
    return shown | {"statistics": people[0].get("/api/v1/instance").json["stats"]}


@leaves(DeliverPosted)
def deliver(world: World) -> Shows:
    """A status with a tag, for followers, a list, a subscriber, and more people than the request serves."""
    alice, bob, carol, dave = people = world.people("alice", "bob", "carol", "dave")
    named = world.people("erin", "frank", "grace")
    world.patch.setattr(posting, "ADDRESSED_AT_ONCE", 1)
    world.patch.setattr(fan_out, "FOLLOWERS_PER_PAGE", 2)
    for each in (bob, carol, dave):
        each.follows(alice)
    dave.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    friends = bob.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    bob.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [alice.id]})
    world.run_all()
    alice.posts("@erin @frank @grace look #tag")
    return lambda: {
        **homes(*people, *named), **told(dave, *named), **counted(alice),
        "list": bob.get(f"/api/v1/timelines/list/{friends}").json,
        "tag": bob.get("/api/v1/timelines/tag/tag").json, "public": bob.get("/api/v1/timelines/public").json,
        "found": bob.get("/api/v2/search", {"q": "look"}).json,
    }


@leaves(DeliverPosted)
def deliver_directly(world: World) -> Shows:
    """A direct status, for more people than the request serves."""
    alice, *named = world.people("alice", "bob", "carol", "dave")
    world.patch.setattr(posting, "ADDRESSED_AT_ONCE", 1)
    alice.posts("@bob @carol @dave psst", visibility="direct")
    return lambda: {**homes(alice, *named), **told(*named), **counted(alice), "conversations": [
        each.get("/api/v1/conversations").json for each in named]}


@leaves(Deliver)
def deliver_late(world: World) -> Shows:
    """A status whose message was lost."""
    alice, bob = world.people("alice", "bob")
    bob.follows(alice)
    world.run_all()
    alice.posts("hello")
    world.aws.wipe_queues()
    world.clock.pass_by(PATIENCE + 1)
    sweep()
    return lambda: {**homes(alice, bob), **counted(alice), "found": bob.get("/api/v2/search", {"q": "hello"}).json}


@leaves(DeliverChunk)
def deliver_chunk(world: World) -> Shows:
    """A status for followers beyond the first page."""
    alice, *followers = world.people("alice", "bob", "carol", "dave")
    world.patch.setattr(fan_out, "FOLLOWERS_PER_PAGE", 2)
    for each in followers:
        each.follows(alice)
    world.run_all()
    alice.posts("hello")
    return lambda: {**homes(*followers), **counted(alice)}


@leaves(DeliverPages)
def deliver_pages(world: World) -> Shows:
    """A status for followers on several pages, more than one run goes through."""
    alice, *followers = world.people("alice", "bob", "carol", "dave", "erin")
    world.patch.setattr(fan_out, "FOLLOWERS_PER_PAGE", 1)
    world.patch.setattr(fan_out, "PAGES_A_RUN", 2)
    for each in followers:
        each.follows(alice)
    world.run_all()
    alice.posts("hello")
    return lambda: {**homes(*followers), **counted(alice)}


@leaves(FetchCard)
def fetch_card(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    web = world.open.enter_context(serving({"/page": (200, PAGE, {"Content-Type": "text/html"})}))
    id = alice.posts(f"look {web.url}/page")["id"]
    return lambda: {"status": bob.get(f"/api/v1/statuses/{id}").json}


@leaves(FetchMessageCard)
def fetch_message_card(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    web = world.open.enter_context(serving({"/page": (200, PAGE, {"Content-Type": "text/html"})}))
    says(alice, bob, f"look {web.url}/page")
    return lambda: {"said": heard(alice, bob), "heard": heard(bob, alice)}


@leaves(StatusCascade)
def status_cascade(world: World) -> Shows:
    """A status is deleted that people have answered, marked, reblogged and been told of."""
    alice, bob, carol = world.people("alice", "bob", "carol")
    id, reply = _marked(world, alice, bob, carol)
    alice.delete(f"/api/v1/statuses/{id}")
    return lambda: {
        **homes(alice, bob, carol), **told(alice, bob), **counted(alice, bob),
        "gone": alice.get(f"/api/v1/statuses/{id}").status, "reply": bob.get(f"/api/v1/statuses/{reply}").json,
        "tag": bob.get("/api/v1/timelines/tag/tag").json, "found": bob.get("/api/v2/search", {"q": "bye"}).json,
        "marked": [carol.get(f"/api/v1/{what}").json for what in ("favourites", "bookmarks")],
    }


def _marked(world: World, alice: Person, bob: Person, carol: Person, **params: Any) -> tuple[str, str]:
    """A status with everything that may hang on one, and its reply."""
    carol.follows(alice)
    world.run_all()
    id = alice.posts("@bob bye #tag", **params)["id"]
    reply = bob.posts("no", in_reply_to_id=id)["id"]
    carol.posts("nor do I", in_reply_to_id=id)
    for each in (bob, carol):
        each.post(f"/api/v1/statuses/{id}/favourite")
        each.reacts(id, "😀")
    carol.post(f"/api/v1/statuses/{id}/reblog")
    carol.post(f"/api/v1/statuses/{id}/bookmark")
    world.run_all()
    return id, reply


@leaves(StatusCascade)
def status_cascade_of_a_quoted_quote(world: World) -> Shows:
    """A status is deleted that quotes one, and is quoted by two."""
    alice, bob, carol = world.people("alice", "bob", "carol")
    original = bob.posts("original")
    id = alice.posts("look", quote_id=original["id"])["id"]
    quotes = [each.posts("look at that", quote_id=id)["id"] for each in (bob, carol)]
    world.run_all()
    alice.delete(f"/api/v1/statuses/{id}")
    return lambda: {**told(alice, bob), "quotes": [bob.get(f"/api/v1/statuses/{each}").json for each in quotes],
                    "original": bob.get(f"/api/v1/statuses/{original['id']}").json}


@leaves(StatusCascade)
def status_cascade_of_a_direct_one(world: World) -> Shows:
    """The newest of a conversation is deleted."""
    alice, bob = world.people("alice", "bob")
    first = alice.posts("@bob one", visibility="direct")["id"]
    id = alice.posts("@bob two", visibility="direct", in_reply_to_id=first)["id"]
    world.run_all()
    alice.delete(f"/api/v1/statuses/{id}")
    return lambda: {**homes(alice, bob), **told(bob), "conversations": [
        each.get("/api/v1/conversations").json for each in (alice, bob)]}


@leaves(FollowEdit)
def follow_edit(world: World) -> Shows:
    """An edit of a status with other tags and words, which people have reblogged. It names somebody."""
    alice, bob, carol, dave = world.people("alice", "bob", "carol", "dave")
    id, _ = _marked(world, alice, bob, carol)
    bob.post(f"/api/v1/statuses/{id}/reblog")
    world.run_all()
    alice.put(f"/api/v1/statuses/{id}", json={"status": "@bob @dave ciao #other"})
    return lambda: {
        **homes(alice, bob, carol, dave), **told(alice, bob, carol, dave), **counted(alice),
        "history": bob.get(f"/api/v1/statuses/{id}/history").json,
        "tags": [bob.get(f"/api/v1/timelines/tag/{tag}").json for tag in ("tag", "other")],
        "found": [bob.get("/api/v2/search", {"q": word}).json for word in ("bye", "ciao")],
    }


@leaves(FollowEdit)
def follow_edit_of_a_direct_one(world: World) -> Shows:
    """An edit of a direct status names somebody who is part of the conversation from then on."""
    alice, bob, carol = world.people("alice", "bob", "carol")
    id = alice.posts("@bob one", visibility="direct")["id"]
    bob.posts("@alice two", visibility="direct", in_reply_to_id=id)
    world.run_all()
    alice.put(f"/api/v1/statuses/{id}", json={"status": "@bob @carol one"})
    return lambda: {**homes(alice, bob, carol), **told(bob, carol), "conversations": [
        each.get("/api/v1/conversations").json for each in (alice, bob, carol)]}


@leaves(Readdress)
def readdress(world: World) -> Shows:
    """A public status becomes private that people have answered, marked, reblogged and been told of."""
    alice, bob, carol, dave = world.people("alice", "bob", "carol", "dave")
    dave.post(f"/api/v1/pleroma/accounts/{alice.id}/subscribe")
    id, reply = _marked(world, alice, bob, carol)
    _administrator(world).put(f"/api/pleroma/admin/statuses/{id}", {"visibility": "private"})
    return lambda: {
        **homes(alice, bob, carol, dave), **told(alice, bob, dave), **counted(alice, bob),
        "reply": dave.get(f"/api/v1/statuses/{reply}").json, "found": dave.get("/api/v2/search", {"q": "bye"}).json,
        "marked": [carol.get(f"/api/v1/{what}").json for what in ("favourites", "bookmarks")],
    }


@leaves(Readdress)
def readdress_a_direct_one(world: World) -> Shows:
    """The newest of a conversation becomes public."""
    alice, bob, carol = world.people("alice", "bob", "carol")
    carol.follows(alice)
    first = alice.posts("@bob one", visibility="direct")["id"]
    id = alice.posts("@bob two #tag", visibility="direct", in_reply_to_id=first)["id"]
    world.run_all()
    _administrator(world).put(f"/api/pleroma/admin/statuses/{id}", {"visibility": "public"})
    return lambda: {**homes(alice, bob, carol), **told(bob), **counted(alice), "conversations": [
        each.get("/api/v1/conversations").json for each in (alice, bob)],
        "public": carol.get("/api/v1/timelines/public").json, "found": carol.get("/api/v2/search", {"q": "two"}).json}


def _administrator(world: World) -> Person:
    return world.cast.person("admin", is_admin=True, scopes="read write follow push admin")


@leaves(ExpireStatus)
def expire_status(world: World) -> Shows:
    alice, bob, carol = world.people("alice", "bob", "carol")
    id, reply = _marked(world, alice, bob, carol, expires_in=3600)
    return lambda: {
        **homes(alice, bob, carol), **told(alice, bob), **counted(alice, bob),
        "gone": alice.get(f"/api/v1/statuses/{id}").status, "reply": bob.get(f"/api/v1/statuses/{reply}").json,
    }


@leaves(PublishScheduled)
def publish_scheduled(world: World) -> Shows:
    alice, bob, carol = world.people("alice", "bob", "carol")
    carol.follows(alice)
    parent = bob.posts("ask me")["id"]
    world.run_all()
    at = datetime.fromtimestamp(time.time() + 7200, UTC).isoformat()
    alice.posts("@bob what? #tag", scheduled_at=at, in_reply_to_id=parent,
                poll={"options": ["a", "b"], "expires_in": 86400})
    return lambda: {
        **homes(alice, bob, carol), **told(bob), **counted(alice),
        "parent": bob.get(f"/api/v1/statuses/{parent}").json, "left": alice.get("/api/v1/scheduled_statuses").json,
    }


@leaves(UnmuteThread)
def unmute_thread(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    id = bob.posts("on and on")["id"]
    other = bob.posts("and on")["id"]
    world.run_all()
    alice.post(f"/api/v1/statuses/{other}/mute")
    alice.post(f"/api/v1/statuses/{id}/mute", {"expires_in": 7200})
    return lambda: {"muted": [alice.get(f"/api/v1/statuses/{each}").json for each in (id, other)]}
