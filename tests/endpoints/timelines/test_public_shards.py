"""The public timeline in several partitions: the same pages, and a server that grows moves nothing."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.cast import PASSWORD, Person
from tests.simulated_aws import LocalAws

PUBLIC = "/api/v1/timelines/public"


def posted(people: Iterable[Person], count: int) -> list[str]:
    """Public statuses of people who take turns, newest first."""
    people = list(people)
    return [people[number % len(people)].posts(f"number {number} #tag")["id"] for number in range(count)][::-1]


def ids(viewer: Person, **params: object) -> list[str]:
    return [status["id"] for status in viewer.get(PUBLIC, params).json]


def public_feeds(aws: LocalAws) -> set[str]:
    """The public feeds that hold something."""
    return {item["feed"]["S"] for item in aws.items("feeds") if item["feed"]["S"].partition("#")[0] == "pl"}


@pytest.mark.parametrize("shards", [1, 4])
def test_pages_lead_down_and_up_again(aws, alice, bob, anonymous, setting, shards):
    setting(public_shards=shards)
    there = posted([alice, bob], 13)

    down, params = [], {"limit": 3}
    while page := (reply := anonymous.get(PUBLIC, params)).json:
        down.append([status["id"] for status in page])
        if "next" not in reply.links():
            break
        params = reply.links()["next"]
    up, lowest = [], there[-1]
    while page := ids(anonymous, limit=3, min_id=lowest):
        up.append(page)
        lowest = page[0]

    assert [id for page in down for id in page] == there
    assert [id for page in reversed(up) for id in page] == there[:-1]
    assert all(len(page) == 3 for page in down[:-1])
    assert ids(anonymous, since_id=there[5], limit=2) == there[:2]
    assert public_feeds(aws) <= ({"pl"} if shards == 1 else {f"pl#{shard}" for shard in range(shards)})
    assert len(public_feeds(aws)) == 1 if shards == 1 else len(public_feeds(aws)) > 1


def test_one_partition_is_one_query_and_more_are_asked_at_the_same_time(alice, bob, anonymous, setting):
    posted([alice, bob], 3)
    alone = anonymous.get(PUBLIC)
    setting(public_shards=4)
    posted([alice, bob], 3)
    among_four = anonymous.get(PUBLIC)

    assert len(among_four.json) == 6
    assert (alone.calls, alone.rounds) == (2, 2)
    assert (among_four.calls, among_four.rounds) == (alone.calls + 4, alone.rounds)


def test_a_server_that_grows_keeps_what_was_written_before(alice, bob, anonymous, setting):
    there: list[str] = []
    for shards in (1, 2, 4):
        setting(public_shards=shards)
        there = posted([alice, bob], 5) + there

    assert ids(anonymous, limit=40) == there
    assert ids(anonymous, limit=40, max_id=there[7]) == there[8:]


def test_what_is_deleted_leaves_the_partition_it_was_written_to(aws, alice, anonymous, drain, setting):
    there: list[str] = []
    for shards in (1, 2, 4):
        setting(public_shards=shards)
        there = posted([alice], 3) + there

    for id in there:
        assert alice.delete(f"/api/v1/statuses/{id}").status == 200

    assert ids(anonymous) == []
    assert public_feeds(aws) == set()


def test_a_deleted_account_leaves_all_partitions(aws, alice, bob, anonymous, drain, setting):
    setting(public_shards=2, deletion_pause=0)
    posted([alice], 3)
    setting(public_shards=4)
    posted([alice], 6)
    (kept,) = posted([bob], 1)

    assert alice.post("/api/pleroma/delete_account", {"password": PASSWORD}).status == 200
    drain()

    assert ids(anonymous) == [kept]
    assert [item["id"]["S"] for item in aws.items("feeds") if item["feed"]["S"].startswith("pl")] == [kept]


def test_what_is_not_public_is_in_none_of_them(aws, alice, setting):
    setting(public_shards=4)
    for visibility in ("unlisted", "private", "direct", "local"):
        alice.posts("for some", visibility=visibility)

    assert public_feeds(aws) == set()
    assert all("sh" not in item for item in aws.items("statuses"))
