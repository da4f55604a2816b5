"""Marks: one account's own doings on one status: favourite, bookmark, reblog, reactions, ballot, in one row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection, LocalSecondaryIndex

from .attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from .table import Key, Record, Table, fetch, key, named


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
    """Who marked this status. Eventual: a viewer's own mark is read beside it."""

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
    reblog = UnicodeAttribute(attr_name="rb", null=True)
    reactions: MapAttribute[Any, Any] = MapAttribute(attr_name="rx", null=True)
    ballot: ListAttribute = ListAttribute(attr_name="bal", null=True)
    scope = UnicodeAttribute(attr_name="v", null=True)
    author_id = UnicodeAttribute(attr_name="w", null=True)
    hidden_reactions: MapAttribute[Any, Any] = MapAttribute(attr_name="rx_hid", null=True)
    """Where its reactions are while the account is deactivated: in no list and no sum."""
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


def of_status(status_id: str, limit: int = 400) -> list[Mark]:
    """Marks on a status by anybody, at most `limit`, as the index knows them."""
    return list(Mark.by_status.query(status_id, limit=limit))
