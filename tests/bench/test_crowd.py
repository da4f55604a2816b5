"""The large and the small author of `bench.popular` are alike, and as requests would have made them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from bench import crowd
from bench.popular import Sizes
from bench.world import Person as Somebody
from chalicelib.settings import settings
from chalicelib.store.accounts import accounts
from chalicelib.store.relationships import relations
from chalicelib.store.statuses import statuses
from tests.cast import Person


def test_whoever_is_made_to_follow_leaves_the_items_of_a_follow(
        alice: Person, bob: Person, drain: Callable[[], object]) -> None:
    bob.follows(alice)
    drain()
    followed = relations.find(bob.id, alice.id)
    after_following = items_of(bob.id, str(followed.follow_id))

    someone, = crowd.followers(somebody(alice), somebody(bob), 1)

    follow_id = str(relations.find(someone.id, alice.id).follow_id)
    assert items_of(someone.id, follow_id) == after_following
    assert [len(rows) for rows in after_following.values()] == [2, 1]
    profile = accounts.find(someone.id)
    assert profile is not None
    assert (profile.following_count, alice.account.followers_count) == (1, 2)
    assert alice.relation(Person(someone.id)).followed_by


def test_both_sides_have_what_they_should(
        aws: object, drain: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "HANDS", 2)
    monkeypatch.setattr(crowd, "PAGE", 2)
    world = crowd.make_world(Sizes(7, 6, 5, 4), Sizes(2, 1, 1, 1), drain, lambda text: None)

    large = world.large
    reacted, liked, answered = (statuses.find(id) for id in (large.reacted, large.liked, large.answered))
    assert reacted is not None
    assert liked is not None
    assert answered is not None
    assert [entry["n"] for entry in (reacted.reactions or {}).values()] == [2, 2, 2]
    assert (liked.favourites_count, answered.replies_count) == (5, 4)
    author = accounts.find(large.author.id)
    assert author is not None
    assert author.followers_count == 8
    assert len(world.hands) == 2


def test_sizes_are_those_that_dynamodb_documents() -> None:
    assert crowd.size_of({"id": {"S": "äb"}, "n": {"N": "1234"}}) == 2 + 3 + 1 + 4
    assert crowd.size_of({"m": {"M": {"a": {"BOOL": True}}}, "l": {"L": [{"S": "xy"}]}}) == 1 + 3 + 3 + 1 + 3 + 3


def somebody(person: Person) -> Somebody:
    return Somebody(person.id, person.nickname, person.token)


def items_of(account_id: str, follow_id: str) -> dict[str, list[str]]:
    """The items of pairs and notifications that name the account, with words in place of ids and times."""
    client = boto3.client("dynamodb")
    found = {}
    for table in ("relations", "notifications"):
        items = client.scan(TableName=settings.table_prefix + table)["Items"]
        found[table] = sorted(neutral(each, account_id, follow_id) for each in items if account_id in json.dumps(each))
    return found


def neutral(item: dict[str, Any], account_id: str, follow_id: str) -> str:
    times = {name: "TIME" for name in ("nid", "fn", "at", "u", "ttl", "tk") if name in item}
    return json.dumps(item | times, sort_keys=True).replace(account_id, "ID").replace(follow_id, "FOLLOW")
