"""Jobs of relationships: follows brought home, lists brought from elsewhere, mutes that end."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.relationships.importing import imports
from chalicelib.domain.viewer import Viewer
from chalicelib.queues import messages
from chalicelib.queues.accounts import ImportFollows, ImportHidden, ImportKept, UnblockAccount, UnmuteAccount
from chalicelib.queues.federating import ImportAbroad
from chalicelib.queues.statuses import HomeSync
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import fetch
from chalicelib.store.instance import counters
from chalicelib.store.jobs import Job
from chalicelib.store.timelines import home_sync as syncing
from tests.cast import Person
from tests.jobs.scenarios.registry import leaves
from tests.jobs.scenarios.statuses import counted, homes, told
from tests.jobs.world import Shows, World
from tests.peers import scripted


def standings(person: Person, *others: Person) -> dict[str, Any]:
    return {f"how {person.nickname} stands": [person.relationship(each) for each in others]}


@leaves(HomeSync)
def home_sync(world: World) -> Shows:
    """A follow brings more than its request has brought."""
    alice, bob, carol = world.people("alice", "bob", "carol")
    world.patch.setattr(syncing, "AT_ONCE", 1)
    passed_on = carol.posts("pass me on")["id"]
    for text in ("one", "two", "@alice three", "four"):
        bob.posts(text)
    bob.post(f"/api/v1/statuses/{passed_on}/reblog")
    world.run_all()
    alice.follows(bob)
    return lambda: {**homes(alice), **told(bob), **counted(alice, bob), **standings(alice, bob)}


@leaves(HomeSync)
def home_sync_of_an_ended_follow(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    alice.follows(bob)
    world.run_all()
    for text in ("one", "two", "@alice three"):
        bob.posts(text)
    world.run_all()
    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    return lambda: {**homes(alice), **counted(alice, bob), **standings(alice, bob)}


def _listed(world: World) -> tuple[Person, list[Person]]:
    """Somebody, and those whom a list names: followed already, following, locked, and all who write."""
    alice, bob, carol = world.people("alice", "bob", "carol")
    locked, blocker = world.cast.person("locked", locked=True), world.cast.person("blocker")
    blocker.post(f"/api/v1/accounts/{alice.id}/block")
    for each in (bob, carol, locked):
        each.posts(f"of {each.nickname}")
    alice.follows(bob)
    carol.follows(alice)
    world.run_all()
    return alice, [bob, carol, locked, blocker]


def _imports(person: Person, anybody: Person) -> dict[str, Any]:
    """What the person and the operators are told of imports."""
    figures = anybody.get("/api/pleroma/healthcheck").json["job_queue_stats"]["imported"]
    return {"imports": person.get("/api/v1/pleroma/imports").json, "imported": figures}


@leaves(ImportFollows)
def import_follows(world: World) -> Shows:
    alice, others = _listed(world)
    alice.post("/api/pleroma/follow_import", form={"list": "bob carol@kenoma.test locked blocker nobody alice"})
    return lambda: {**homes(alice), **told(*others), **counted(alice, *others), **standings(alice, *others),
                    **_imports(alice, alice)}


@leaves(ImportFollows)
def import_follows_as_columns_say(world: World) -> Shows:
    """Reblogs are hidden, whoever is followed already is told of, and a locked account too."""
    alice, others = _listed(world)
    alice.post("/api/pleroma/follow_import", form={"list": "\n".join([
        "Account address,Show boosts,Notify on new posts,Languages", "bob,false,true,", 'carol,false,true,"en, de"',
        "locked,true,true,fr", "blocker,true,true,"])})
    return lambda: {**homes(alice), **told(*others), **counted(alice, *others), **standings(alice, *others),
                    **_imports(alice, alice)}


@leaves(ImportFollows)
def import_follows_of_a_list_in_two_chunks(world: World) -> Shows:
    """The other chunk has run: whoever counts this one ends the import."""
    alice, others = _listed(world)
    world.patch.setattr(imports, "NAMES_PER_CHUNK", 3)
    alice.post("/api/pleroma/follow_import", form={"list": "bob carol locked blocker nobody"})
    first = min(Job.scan(Job.kind == ImportFollows.kind), key=lambda row: row.payload["chunk"])
    chunk: Any = messages.of(first.kind, first.payload)
    imports.run(chunk)
    jobs.done([first.id])
    return lambda: {**homes(alice), **told(*others), **counted(alice, *others), **standings(alice, *others),
                    **_imports(alice, alice)}


@leaves(ImportHidden)
def import_hidden(world: World) -> Shows:
    """Whom one blocks one follows no more, nor the other way round."""
    alice, others = _listed(world)
    alice.post("/api/pleroma/blocks_import", form={"list": "bob carol@kenoma.test locked blocker nobody alice"})
    return lambda: {**homes(alice), **told(*others), **counted(alice, *others), **standings(alice, *others),
                    "blocked": alice.get("/api/v1/blocks").json, **_imports(alice, alice)}


@leaves(ImportHidden)
def import_hidden_again(world: World) -> Shows:
    """Who is blocked before the import stays counted so, whoever dies."""
    alice, others = _listed(world)
    alice.post(f"/api/v1/accounts/{others[0].id}/block")
    world.run_all()
    alice.post("/api/pleroma/blocks_import", form={"list": "bob carol locked nobody"})
    return lambda: {**counted(alice, *others), **standings(alice, *others), **_imports(alice, alice)}


@leaves(ImportHidden)
def import_hidden_of_mutes(world: World) -> Shows:
    """Somebody is muted already, but shown with notifications and for a while."""
    alice, others = _listed(world)
    alice.post(f"/api/v1/accounts/{others[0].id}/mute", {"notifications": False, "expires_in": 10**9})
    alice.post("/api/pleroma/mutes_import", form={"list": "\n".join([
        "Account address,Hide notifications,Expires at", "bob,,", "carol@kenoma.test,false,2099-01-01T00:00:00Z",
        "locked,true,", "blocker,,2001-01-01T00:00:00Z", "nobody,,", "alice,,"])})
    return lambda: {**homes(alice), **counted(alice, *others), **standings(alice, *others),
                    "muted": alice.get("/api/v1/mutes").json, **_imports(alice, alice)}


def _brings(person: Person, kind: Any, text: str) -> None:
    """Only the page takes lists of these kinds."""
    found = fetch(strong=[accounts.profile_key(person.id), accounts.viewer_set_key(person.id)])
    account = accounts.in_found(found, person.id)
    assert account is not None
    imports.start(text, kind, by=Viewer(account, accounts.viewer_set_in(found, person.id)))


@leaves(ImportKept)
def import_kept(world: World) -> Shows:
    """One is on the list already, and another list is new. New members bring their statuses."""
    alice, others = _listed(world)
    friends = alice.post("/api/v1/lists", {"title": "Friends"}).json["id"]
    alice.post(f"/api/v1/lists/{friends}/accounts", {"account_ids": [others[0].id]})
    _brings(alice, "lists", "Friends,bob\nFriends,carol\nArt,locked\nArt,bob\nFriends,nobody")
    return lambda: {"lists": {each["title"]: [
        alice.get(f"/api/v1/lists/{each['id']}/accounts").json, alice.get(f"/api/v1/timelines/list/{each['id']}").json,
    ] for each in alice.get("/api/v1/lists").json}, **_imports(alice, alice)}


@leaves(ImportKept)
def import_kept_of_bookmarks(world: World) -> Shows:
    alice, bob = world.people("alice", "bob")
    posted = [bob.posts(f"{number}") for number in range(3)]
    alice.post(f"/api/v1/statuses/{posted[1]['id']}/bookmark")
    _brings(alice, "bookmarks", "\n".join([*(each["uri"] for each in posted), "http://kenoma.test/notice/none"]))
    return lambda: {"bookmarks": alice.get("/api/v1/bookmarks").json, **_imports(alice, alice)}


@leaves(ImportKept)
def import_kept_of_servers(world: World) -> Shows:
    (alice,) = world.people("alice")
    alice.post("/api/v1/domain_blocks", {"domain": "b.example"})
    _brings(alice, "blocked_domains", "a.example\nb.example\nc.example")
    return lambda: {"blocked": alice.get("/api/v1/domain_blocks").json, **_imports(alice, alice)}


@leaves(ImportAbroad, resent={"table search": "the words of an account come before it; those of one that did not come "
                              "lead nowhere"})
def import_abroad(world: World) -> Shows:
    """One is known, two are found, by name and by address, and two are unknown. Other jobs follow them."""
    world.patch.setattr(counters, "SHARDS", 1)  # which row counts an account follows from its id, which is new
    (alice,) = world.people("alice")
    far = world.open.enter_context(scripted.serving())
    alice.get("/api/v2/search", {"q": far.actor("hal")["id"], "resolve": True})
    gil = [far.actor(name)["id"] for name in ("fern", "gil")][1]
    alice.post("/api/pleroma/follow_import", form={
        "list": f"fern@{far.host} {gil} hal@{far.host} nobody@{far.host} nobody"})
    return lambda: {"imports": alice.get("/api/v1/pleroma/imports").json,
                    "followed": sorted({each.json["object"] for each in far.received})}


@leaves(UnmuteAccount)
def unmute_account(world: World) -> Shows:
    alice, bob, carol = world.people("alice", "bob", "carol")
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    alice.post(f"/api/v1/accounts/{bob.id}/mute", {"expires_in": 7200})
    return lambda: {**standings(alice, bob, carol), "muted": alice.get("/api/v1/mutes").json}


@leaves(UnblockAccount)
def unblock_account(world: World) -> Shows:
    alice, bob, carol = world.people("alice", "bob", "carol")
    alice.post(f"/api/v1/accounts/{carol.id}/block")
    alice.post(f"/api/v1/accounts/{bob.id}/block", {"duration": 7200})
    return lambda: {**standings(alice, bob, carol), "blocked": alice.get("/api/v1/blocks").json}
