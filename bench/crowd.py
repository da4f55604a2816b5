"""Two authors who differ only in numbers: one has a few of everything, the other has thousands.

This runs inside the server's process. Accounts that only follow are written to the store directly, as the items that a
follow leaves. All reactions, favourites, replies and statuses are made by the functions that requests call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from chalicelib.domain.relationships import following
from chalicelib.domain.statuses import favourites, posting, reactions
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.domain.viewer import Viewer
from chalicelib.ids import encode, new_flake
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import Record, update, write_batch
from chalicelib.store.notifications.notifications import Notice
from chalicelib.store.notifications.notifications import row as notification
from chalicelib.store.relationships import relations
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App

from .popular import EMOJI, Sizes
from .world import SCOPES, TEXTS, Person, new_person, viewer_of

T = TypeVar("T")
THREADS = 4
CHUNK = 250
PAGE = 17
HANDS = 40
FOLLOWS_MS_APART = 60_000


@dataclass
class Side:
    """One of the two. A `reader` follows nobody but the author. The latest statuses on their home timeline are those
    with so many reactions (`reacted`), favourites (`liked`) and replies (`answered`)."""

    author: Person
    reader: Person
    reacted: str
    liked: str
    answered: str
    middle: str
    """A reply in the middle of the thread below the status `answered`."""


@dataclass
class World:
    """`hands` are people who have done nothing yet."""

    large: Side
    small: Side
    hands: list[Person]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make_world(large: Sizes, small: Sizes, drain: Callable[[], object], say: Callable[[str], object]) -> World:
    app = apps.add(App(tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name="Kenoma bench",
                       redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes=SCOPES))
    sides = [_side(app, name, sizes, drain, say) for name, sizes in (("few", small), ("many", large))]
    return World(sides[1], sides[0], [new_person(app, f"hand{number}") for number in range(HANDS)])


def _side(app: App, name: str, sizes: Sizes, drain: Callable[[], object], say: Callable[[str], object]) -> Side:
    author, reader = new_person(app, f"author_of_{name}"), new_person(app, f"reader_of_{name}")
    following.follow(author.id, by=viewer_of(reader))
    by = viewer_of(author)
    for number in range(PAGE):
        posting.post(Draft(TEXTS[number % len(TEXTS)].format(name=reader.nickname)), by)
    reacted, liked, answered = (posting.post(Draft(f"Say what you think of number {number}."), by)[0].id
                                for number in range(3))
    drain()
    crowd = followers(author, reader, sizes.followers)
    say(f"{name}: {len(crowd):,} followers")
    _each(crowd[:sizes.reactions], lambda number, one: reactions.add(reacted, EMOJI[number % len(EMOJI)], one))
    say(f"{name}: {sizes.reactions:,} reactions")
    _each(crowd[:sizes.favourites], lambda number, one: favourites.add(liked, one))
    say(f"{name}: {sizes.favourites:,} favourites")
    replies: list[str] = []
    for part in chunked(crowd[:sizes.replies]):
        replies += _each(part, lambda number, one: posting.post(
            Draft(TEXTS[number % 5].format(name="nobody"), in_reply_to_id=answered), one)[0].id)
        drain()
    say(f"{name}: {sizes.replies:,} replies")
    return Side(author, reader, reacted, liked, answered, sorted(replies)[len(replies) // 2])


def followers(author: Person, model: Person, count: int) -> list[Viewer]:
    """New accounts that follow the author as `model` does, each with the items that a follow leaves. They have only a
    profile, so nobody can sign in to them."""
    profile = accounts.find(model.id)
    assert profile is not None
    mine, theirs = relations.find(model.id, author.id), relations.find(author.id, model.id)
    crowd: list[Viewer] = []
    now = int(time.time() * 1000)
    for part in chunked(range(count)):
        rows: list[Record] = []
        for number in part:
            id, name = new_flake(), f"crowd_{model.nickname}_{number}"
            person = Account(id, PROFILE, **values_of(profile, "id", "part") | {
                "nickname": name, "nickname_lower": name, "nickname_find": name})
            crowd.append(Viewer(person, ViewerSet(id, VIEWER_SET)))
            followed = encode(((now - number * FOLLOWS_MS_APART) << 64) | (0x5EED << 16) | (number & 0xFFFF))
            rows += [person, *as_following(mine, theirs, id, followed)]
        write_batch(puts=rows)
    update(Account.stub(author.id, PROFILE), [Account.followers_count.add(count)])
    return crowd


def as_following(mine: Relation, theirs: Relation, id: str, follow_id: str) -> list[Record]:
    """All items that exist after this account follows, except counters. They are like those of a real follow."""
    author_id = mine.other
    told = notification(Notice(author_id, "follow", follow_id, id))
    return [
        Relation(id, author_id, **values_of(mine, "me", "other") | {"follow_id": follow_id}),
        Relation(author_id, id, **values_of(theirs, "me", "other") | {
            "followed_id": follow_id, "follower_id": id, "follow_notification": told.id}),
        told,
    ]


def values_of(record: Record, *without: str) -> dict[str, Any]:
    return {name: value for name, value in record.attribute_values.items() if name not in without}


def _each(crowd: Sequence[Viewer], act: Callable[[int, Viewer], Any]) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(act, range(len(crowd)), crowd))


def chunked(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(all_of_them), CHUNK):
        yield all_of_them[start:start + CHUNK]


# What came of it.


def largest(client: Any, tables: Iterable[str], most: int = 3) -> dict[str, list[tuple[int, str]]]:
    """The largest items of each table: bytes as DynamoDB counts them, and the key."""
    found: dict[str, list[tuple[int, str]]] = {}
    for table in tables:
        names = [key["AttributeName"] for key in client.describe_table(TableName=table)["Table"]["KeySchema"]]
        best: list[tuple[int, str]] = []
        for page in client.get_paginator("scan").paginate(TableName=table):
            sizes = [(size_of(item), " ".join(str(*item[name].values()) for name in names)) for item in page["Items"]]
            best = sorted([*best, *sizes], reverse=True)[:most]
        if best:
            found[table] = best
    return found


def size_of(item: dict[str, Any]) -> int:
    """Bytes of an item: names and values, three more for each list or map, and one for each thing in it."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(typed: dict[str, Any]) -> int:
    (kind, value), = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return len(str(value)) // 2 + 2
    if kind in ("SS", "NS"):
        return sum(len(each.encode()) for each in value)
    if kind == "L":
        return 3 + sum(1 + _bytes(each) for each in value)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in value.items())
    return len(value) if kind == "B" else 1
