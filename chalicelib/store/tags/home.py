"""What followed hashtags have brought to a home timeline."""

from __future__ import annotations

from collections.abc import Container

from ..dynamo.table import write_batch
from ..timelines.feeds import TAGGED, HomeRow

AT_ONCE = 100


def take_away(tag: str, owner_id: str, still: Container[str]) -> int:
    """Delete the rows that only this tag has brought, and none of the tags that are `still` followed. Answers how many
    there were.
    """
    rows = HomeRow.query(f"h#{owner_id}", filter_condition=(HomeRow.why == TAGGED) & HomeRow.tags.contains(tag),
                         consistent_read=True)
    gone = [row for row in rows if not any(each in still for each in row.tags or ())]
    for start in range(0, len(gone), AT_ONCE):
        write_batch(deletes=gone[start:start + AT_ONCE])
    return len(gone)
