"""How many rows a query has, counted by DynamoDB itself. Every count has an upper limit."""

from __future__ import annotations

from typing import Any

from pynamodb.constants import COUNT
from pynamodb.indexes import Index

from .table import Record

MOST_COUNTED = 8_000
"""So many entries of a narrow index fit into the megabyte that one call reads."""
PAGES = 4


def count(rows: type[Record] | Index[Any], partition: str, bounds: Any = None, only: Any = None, *, most: int = 0,
          strong: bool = True) -> int:
    """How many rows of a partition or index are within `bounds`. `only`: a condition on the rows that count.

    `most` rows are looked at in one call, a megabyte of them at most. Without `most`, four calls look at four
    megabytes. (PynamoDB's own `count` reads to the end, whatever limit it is given.)
    """
    model, index = (rows._model, rows.Meta.index_name) if isinstance(rows, Index) else (rows, None)
    found, after = 0, None
    for _ in range(1 if most else PAGES):
        page = model.page(
            partition, range_key_condition=bounds, filter_condition=only, consistent_read=strong, index_name=index,
            limit=most or None, exclusive_start_key=after, select=COUNT,
        )
        found, after = found + int(page["Count"]), page.get("LastEvaluatedKey")
        if after is None:
            break
    return found
