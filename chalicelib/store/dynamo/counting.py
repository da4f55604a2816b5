"""How many rows a query has, counted by DynamoDB itself and never without end."""

from __future__ import annotations

from typing import Any

from pynamodb.constants import COUNT
from pynamodb.indexes import Index

from .table import Record

MOST_COUNTED = 8_000
"""So many entries of a narrow index are within the megabyte that one call reads."""
PAGES = 4


def count(rows: type[Record] | Index[Any], partition: str, bounds: Any = None, only: Any = None, *, most: int = 0,
          strong: bool = True) -> int:
    """Rows of a partition, or of an index of one, within `bounds`; with `only`, those of them it holds for.

    With `most`, that many are looked at in one call, at the most a megabyte of them; without, four megabytes in four.
    (PynamoDB's own `count` reads to the end, whatever limit it is given.)
    """
    model, index = (rows._model, rows.Meta.index_name) if isinstance(rows, Index) else (rows, None)
    found, after = 0, None
    for _ in range(1 if most else PAGES):
        page = model._get_connection().query(
            partition, range_key_condition=bounds, filter_condition=only, consistent_read=strong, index_name=index,
            limit=most or None, exclusive_start_key=after, select=COUNT,
        )
        found, after = found + int(page["Count"]), page.get("LastEvaluatedKey")
        if after is None:
            break
    return found
