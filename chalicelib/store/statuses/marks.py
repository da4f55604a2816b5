"""Marks: what one account did with one status, in one row: favourite, bookmark, reblog, reactions, ballot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection, LocalSecondaryIndex

from ..dynamo.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import Record, Table, fetch, named
from .visibilities import VisibilityAttribute

MOST_PAGES = 4


class Favourites(LocalSecondaryIndex["Mark"]):
    class Meta:
        index_name = "favourites"
        projection = KeysOnlyProjection()

    account_id = UnicodeAttribute(hash_key=True, attr_name="acct")
    favourite = UnicodeAttribute(range_key=True, attr_name="fav")


class Bookmarks(LocalSecondaryIndex["Mark"]):
    class Meta:
        index_name = "bookmarks"
        projection = KeysOnlyProjection()

    account_id = UnicodeAttribute(hash_key=True, attr_name="acct")
    bookmark = NumberAttribute(range_key=True, attr_name="bm")


class ByStatus(GlobalSecondaryIndex["Mark"]):
    """Who marked this status. Reads are eventual, so the viewer's own mark is read separately."""

    class Meta:
        index_name = "by_status"
        projection = IncludeProjection(["fav", "rb", "rx"])

    status_id = UnicodeAttribute(hash_key=True, attr_name="status")
    account_id = UnicodeAttribute(range_key=True, attr_name="acct")


class Mark(Record):
    """Asked: mine on these statuses (batch get, or a range query) · who marked this status (by_status)
    · what I favourited or bookmarked, latest first (indexes).
    """

    class Meta(Table):
        table_name = named("marks")

    account_id = UnicodeAttribute(hash_key=True, attr_name="acct")
    status_id = UnicodeAttribute(range_key=True, attr_name="status")
    favourite = UnicodeAttribute(attr_name="fav", null=True)
    bookmark = NumberAttribute(attr_name="bm", null=True)
    folder = UnicodeAttribute(attr_name="bf", null=True)
    """The folder of the bookmark. Absent: none."""
    reblog = UnicodeAttribute(attr_name="rb", null=True)
    reactions: MapAttribute[Any, Any] = MapAttribute(attr_name="rx", null=True)
    reaction_pictures: MapAttribute[Any, Any] = MapAttribute(attr_name="rx_u", null=True)
    """The addresses of those reactions that are custom emoji."""
    ballot: ListAttribute = ListAttribute(attr_name="bal", null=True)
    ballot_edition = NumberAttribute(attr_name="bal_e", null=True)
    """For which edition of the options the ballot was cast (`statuses.edition_of`). None: for the first."""
    visibility = VisibilityAttribute(attr_name="v", null=True)
    author_id = UnicodeAttribute(attr_name="w", null=True)
    hidden_reactions: MapAttribute[Any, Any] = MapAttribute(attr_name="rx_hid", null=True)
    """The reactions, while the account is deactivated: they are in no list and no sum."""
    by_favourite = Favourites()
    by_bookmark = Bookmarks()
    by_status = ByStatus()


def mark_key(account_id: str, status_id: str) -> Key:
    return key(Mark, account_id, status_id)


def find(account_id: str, status_id: str) -> Mark | None:
    return fetch(strong=[mark_key(account_id, status_id)]).get(Mark, account_id, status_id)


def find_many(account_id: str, status_ids: Iterable[str]) -> dict[str, Mark]:
    found = fetch(strong=[mark_key(account_id, status_id) for status_id in status_ids])
    return {mark.status_id: mark for mark in found.all(Mark)}


def favourites_of(status_id: str) -> dict[str, str]:
    """Who favourited a status, with the flake of it."""
    return {account_id: value["S"] for account_id, value in _having(status_id, "fav")}


def reblogs_of(status_id: str) -> dict[str, str]:
    """Who reblogged a status, with the reblog."""
    return {account_id: value["S"] for account_id, value in _having(status_id, "rb")}


def reblogging(status_id: str, after: str | None, limit: int) -> tuple[list[str], str | None]:
    """Who of a page of those that marked a status reblogged it, by account, and the account to go on after."""
    bounds = Mark.account_id > after if after else None
    found = list(Mark.by_status.query(status_id, bounds, limit=limit))
    return ([str(mark.account_id) for mark in found if mark.reblog],
            str(found[-1].account_id) if len(found) == limit else None)


def reactions_of(status_id: str) -> dict[str, dict[str, str]]:
    """Who reacted to a status, with the flake of each emoji."""
    return {account_id: {emoji: flake["S"] for emoji, flake in value["M"].items()}
            for account_id, value in _having(status_id, "rx")}


def _having(status_id: str, name: str) -> Iterator[tuple[str, Any]]:
    """The accounts whose marks on a status have an attribute, with the value as DynamoDB spells it.

    Without decoding, thousands are read quickly. At most four pages of a megabyte are read, about 40,000 marks.
    """
    attributes: dict[str, Attribute[Any]] = {"fav": Mark.favourite, "rb": Mark.reblog, "rx": Mark.reactions}
    having = attributes[name].exists()
    found = Mark.by_status.query(status_id, filter_condition=having, attributes_to_get=["acct", name])
    for page in islice(found.page_iter, MOST_PAGES):
        for item in page["Items"]:
            yield item["acct"]["S"], item[name]
