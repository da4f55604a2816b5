"""Derived rows that are made again."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.instance import backfilling
from chalicelib.queues.instance import Backfill
from chalicelib.store.dynamo import walking
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.instance import counters
from chalicelib.store.instance.counters import Fact
from chalicelib.store.search.index import AccountWord, StatusWord
from chalicelib.store.statuses.statuses import Status, find_many
from tests.cast import Person
from tests.jobs.scenarios.registry import leaves
from tests.jobs.scenarios.statuses import homes
from tests.jobs.world import Shows, World
from tests.simulated_aws import LocalAws


def found(viewer: Person, *words: str) -> dict[str, Any]:
    shown = {word: viewer.get("/api/v2/search", {"q": word, "resolve": False}).json for word in words}
    return {f"found by {word}": [[each["id"] for each in found["statuses"]], [each["id"] for each in found["accounts"]]]
            for word, found in shown.items()}


def lose(aws: LocalAws, table: str) -> None:
    """A restore makes the table anew, with nothing in it."""
    names = {"search": ("term", "k"), "home": ("feed", "id")}[table]
    for item in aws.items(table):
        aws.dynamodb.delete_item(TableName=f"kenoma-{table}", Key={name: item[name] for name in names})


@leaves(Backfill)
def backfill_search(world: World) -> Shows:
    """An index of which a part was lost, and a part made before accents were folded; in pages of a few items."""
    world.patch.setattr(walking, "PAGE", 3)
    world.patch.setattr(backfilling, "A_RUN", 0)
    alice, bob = world.people("alice", "bob")
    id = bob.posts("a crème brûlée #tag")["id"]
    alice.posts("alpacas graze")
    alice.posts("for some", visibility="private")
    world.run_all()
    lose(world.aws, "search")
    old = ["crème", "brûlée"]
    update(Status.stub(id), [Status.stems.set(old)])
    write_batch(puts=[StatusWord(f"s#{stem}", id, author_id=bob.id, visibility="public", stems=set(old))
                      for stem in old])
    write_batch(puts=[AccountWord("a#b", f"bob#{bob.id}")])
    backfilling.start("search")
    return lambda: {**found(alice, "creme", "alpaca", "alice", "bob", "some"),
                    "stems": sorted(find_many([id])[id].stems)}


@leaves(Backfill)
def backfill_home(world: World) -> Shows:
    """Home timelines, a list and direct statuses that were lost."""
    world.patch.setattr(walking, "PAGE", 3)
    world.patch.setattr(backfilling, "A_RUN", 0)
    alice, bob, carol = people = world.people("alice", "bob", "carol")
    for each in (alice, carol):
        each.follows(bob)
    friends = alice.post("/api/v1/lists", json={"title": "friends"}).json["id"]
    alice.post(f"/api/v1/lists/{friends}/accounts", json={"account_ids": [bob.id]})
    world.run_all()
    own = alice.posts("mine")["id"]
    for text, visibility in (("for all", "public"), ("for followers", "private"), ("@carol psst", "direct")):
        bob.posts(text, visibility=visibility)
    bob.post(f"/api/v1/statuses/{own}/reblog")
    world.run_all()
    before = _timelines(people, friends)
    lose(world.aws, "home")
    assert _timelines(people, friends) != before
    backfilling.start("home")
    return lambda: {**_timelines(people, friends), "as before": _timelines(people, friends) == before}


@leaves(Backfill)
def backfill_statistics(world: World) -> Shows:
    """Statuses that no statistics by visibility have counted yet."""
    world.patch.setattr(walking, "PAGE", 3)
    world.patch.setattr(backfilling, "A_RUN", 0)
    alice, bob = world.people("alice", "bob")
    for each in (alice, bob):
        for visibility in ("public", "unlisted", "private", "direct"):
            update(Status.stub(each.posts("one", visibility=visibility)["id"]), [Status.in_statistics.remove()])
    world.run_all()
    for key in counters.local_keys():
        update(Fact.stub(key.hash, key.range), [Fact.public.remove(), Fact.unlisted.remove(), Fact.private.remove(),
                                                Fact.direct.remove()])
    backfilling.start("statistics")
    return counters.statuses_by_visibility


def _timelines(people: list[Person], friends: str) -> dict[str, Any]:
    return {**homes(*people), "list": people[0].get(f"/api/v1/timelines/list/{friends}").json,
            **{f"direct of {each.nickname}": each.get("/api/v1/timelines/direct").json for each in people}}
