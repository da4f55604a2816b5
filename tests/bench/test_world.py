"""What the bench writes past the endpoints is what the endpoints write."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3

from bench import world
from chalicelib.domain.statuses import posting
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import write_batch
from chalicelib.store.statuses import statuses
from tests.cast import Cast, Person

TABLES = {"statuses": "id", "feeds": "id", "home": "id", "search": "k"}
"""With the attribute that names the status."""
TEXT = "Three boats out, three boats in. #harbour :sprout:"


def test_a_status_of_the_history_leaves_the_items_of_a_posted_one(
        alice: Person, bob: Person, drain: Callable[[], object]) -> None:
    bob.follows(alice)
    posted = alice.posts(TEXT)["id"]
    drain()
    after_posting = items_about(posted)

    preview, _ = posting.post(Draft(TEXT, preview=True), viewer_of(alice))
    write_batch(puts=world.as_posted(preview, "0" * 18, [bob.id]))

    assert items_about("0" * 18) == after_posting
    assert [len(rows) for rows in after_posting.values()] == [1, 5, 2, 4]


def test_history_moves_the_counters(alice: Person) -> None:
    author = world.Person(alice.id, alice.nickname, alice.token)
    everybody = world.World(author, author, [author], [], "", "")
    before = alice.account.statuses_count

    world.write_history(everybody, 30)

    assert alice.account.statuses_count == before + 30
    assert len(alice.get(f"/api/v1/accounts/{alice.id}/statuses", {"limit": 40}).json) == 30


def test_the_hundred_are_a_hundred_with_a_thread_of_twelve(
        alice: Person, bob: Person, drain: Callable[[], object]) -> None:
    authors = [world.Person(each.id, each.nickname, each.token) for each in (alice, bob)]
    everybody = world.World(authors[0], authors[0], authors * 2, authors * 2, "", "")

    world.post_hundred(everybody)
    drain()

    context = alice.get(f"/api/v1/statuses/{everybody.thread[6]}/context").json
    assert len(set(everybody.statuses)) == 100
    assert len(context["ancestors"]) + 1 + len(context["descendants"]) >= 12
    assert statuses.find(everybody.statuses[3]).reactions


def test_the_viewer_is_told_of_something_by_each_of_a_crowd(alice: Person, cast: Cast) -> None:
    somebody, *crowd = [world.Person(each.id, each.nickname, each.token) for each in (alice, *cast.people(6))]

    world.tell(somebody, crowd)

    told = alice.get("/api/v1/notifications").json
    assert sorted(each["account"]["id"] for each in told) == [each.id for each in crowd]
    assert {each["type"] for each in told} == {"mention", "favourite", "pleroma:emoji_reaction"}


def viewer_of(person: Person) -> Any:
    from chalicelib.domain.viewer import Viewer

    return Viewer(person.account, accounts.ViewerSet(person.id, accounts.VIEWER_SET))


def items_about(status_id: str) -> dict[str, list[str]]:
    """Every item of the status, by table. The id is replaced by ID, times by TIME."""
    client = boto3.client("dynamodb")
    found = {}
    for table, attribute in TABLES.items():
        items = client.scan(TableName=settings.table_prefix + table)["Items"]
        about = [each for each in items if each[attribute]["S"] == status_id]
        found[table] = sorted(neutral(each, status_id) for each in about)
    return found


def neutral(item: dict[str, Any], status_id: str) -> str:
    for each in item.values():
        each.get("SS", []).sort()
    if "ttl" in item:
        item["ttl"] = "TIME"
    return json.dumps(item, sort_keys=True).replace(status_id, "ID")
