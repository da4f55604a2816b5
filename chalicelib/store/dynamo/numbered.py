"""Pages by number: lists of which a client asks for the third page, and names no place to go on from.

All rows before the page are read with it. So a list has an end beyond which nothing is shown: four megabytes of rows.
"""

from __future__ import annotations

from .keys import Item
from .table import Record

MOST_CALLS = 4


def newest(model: type[Record], partition: str, count: int, *, index: str | None = None) -> list[Item]:
    """The first `count` rows of a partition, the newest first, as DynamoDB spells them.

    It is one call for each megabyte of rows: of an index that holds keys only, one for some ten thousand rows.
    """
    found: list[Item] = []
    after = None
    for _ in range(MOST_CALLS):
        page = model.page(partition, index_name=index, limit=count - len(found), exclusive_start_key=after,
                          scan_index_forward=False, consistent_read=index is None)
        found += page["Items"]
        after = page.get("LastEvaluatedKey")
        if after is None or len(found) >= count:
            break
    return found
