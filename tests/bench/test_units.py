"""Units as AWS counts them: by the size of items, by indexes, and twice within a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import boto3
import pytest

from bench.units import Counting, Index, Item, Shape, size_of
from chalicelib.store.dynamo import connection
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.statuses.marks import Mark

BY_FAVOURITE = Index(("acct", "fav"), frozenset())
WITH_EVERYTHING = Index(("acct", "fav"), None)


def mark(**more: str) -> Item:
    return {name: {"S": value} for name, value in {"acct": "a", "status": "s", **more}.items()}


@pytest.mark.parametrize(("before", "after", "units"), [
    (None, mark(), 1), (mark(), None, 1), (None, None, 1), (mark(), mark(v="p"), 1),
    (None, mark(fav="1"), 2), (mark(fav="1"), mark(), 2), (mark(fav="1"), mark(fav="1", v="p"), 1),
    (mark(fav="1"), mark(fav="2"), 3), (None, mark(v="p" * 1024), 2), (mark(v="p" * 2048), mark(), 3),
])
def test_a_write_takes_a_unit_for_each_kilobyte_and_each_entry_of_an_index(
        before: Item | None, after: Item | None, units: int) -> None:
    assert Shape(("acct", "status"), (BY_FAVOURITE,)).written(before, after) == units


def test_an_index_that_copies_everything_is_written_with_every_change() -> None:
    shape = Shape(("acct", "status"), (WITH_EVERYTHING,))

    assert shape.written(mark(fav="1"), mark(fav="1", v="p")) == 2
    assert shape.written(mark(fav="1"), mark(fav="1")) == 1


@pytest.mark.parametrize(("value", "size"), [
    ({"S": "é"}, 2), ({"N": "100"}, 2), ({"N": "-12.5"}, 4), ({"N": "0"}, 1), ({"BOOL": True}, 1),
    ({"SS": ["a", "bc"]}, 3), ({"L": [{"S": "a"}]}, 5), ({"M": {"k": {"S": "a"}}}, 6),
])
def test_an_item_is_as_large_as_its_names_and_values(value: Mapping[str, Any], size: int) -> None:
    assert size_of({"n": value}) == 1 + size


def test_each_write_of_a_transaction_counts_twice() -> None:
    counting = Counting(connection.shared().client, boto3.client("dynamodb"))
    try:
        with counted() as ledger, transaction() as write:
            for status in "123":
                write.update(Mark.stub("a", status), [Mark.visibility.set("public")])
            write.update(Mark.stub("b", "1"), [Mark.favourite.set("f")])
    finally:
        connection.forget()

    # Who favourited a status is in two indexes; who did anything is in the one of the status.
    assert ledger.wru == 2 * (3 * 2 + 3)
    assert counting.cpu > 0
