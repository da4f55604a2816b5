"""What a follow brings to a home timeline, and what its end takes away again.

Rows are copied from the followed account's own feeds as DynamoDB has them. A mark says that the follow brought them.
Rows that are there for another reason (the status addresses the owner) are never touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from ... import ids
from ...settings import settings
from ..dynamo.keys import Item
from ..dynamo.parallel import together
from ..dynamo.table import create, put_items, write_batch
from ..statuses.visibilities import FOR_FOLLOWERS, word_of
from .feeds import FOLLOWED, HomeRow, expiry, read_items

AT_ONCE = 20
"""How many rows a follow brings before the reply: statuses, and reblogs only if no job comes after it."""
DEEP = 200
"""How many rows a follow brings in the end."""
SLACK = 1.5
DAY_MS = 86_400_000

# What the attributes of a row are called in the tables.
FEED, ID, VISIBILITY, TO, MORE_TO, ORIGINAL_AUTHOR, WHY, TTL = (str(attribute.attr_name) for attribute in (
    HomeRow.feed, HomeRow.id, HomeRow.visibility, HomeRow.to, HomeRow.more_to, HomeRow.original_author_id, HomeRow.why,
    HomeRow.ttl,
))
NOBODY: dict[str, list[Item]] = {"L": []}


def newest(author_id: str, limit: int) -> list[Item]:
    """The newest statuses and reblogs of an account that are for its followers, newest first. One round."""
    return newest_in(together(*readings(author_id, limit)), limit)


def readings(author_id: str, limit: int, *, reblogs: bool = True) -> list[Callable[[], list[Item]]]:
    """The queries whose results `newest_in` takes, for callers that have more to do in the same round."""
    wanted, horizon = int(limit * SLACK), _horizon()
    feeds = [f"a#{author_id}", f"r#{author_id}"] if reblogs else [f"a#{author_id}"]
    return [lambda feed=feed: read_items(feed, limit=wanted, above=horizon) for feed in feeds]  # type: ignore[misc]


def newest_in(found: Iterable[list[Item]], limit: int) -> list[Item]:
    rows = [row for part in found for row in part if word_of(row[VISIBILITY]["S"]) in FOR_FOLLOWERS]
    return sorted(rows, key=lambda row: str(row[ID]["S"]), reverse=True)[:limit]


def bring(rows: Sequence[Item], owner_id: str) -> None:
    """Put the rows on the owner's home timeline. A row that may be there because it addresses the owner stays as is."""
    owner = {"S": owner_id}
    wanted = [row for row in rows if owner not in row.get(TO, NOBODY)["L"] and row.get(ORIGINAL_AUTHOR) != owner]
    put_items(HomeRow, [_home_row(row, owner_id) for row in wanted if MORE_TO not in row])
    for row in wanted:
        if MORE_TO in row:  # it names the first addressees only
            create(HomeRow.from_raw_data(_home_row(row, owner_id)), HomeRow.id.does_not_exist())


def take_away(author_id: str, owner_id: str) -> int:
    """Delete every row that only the follow brought. Answers how many there were."""
    count = 0
    for page in _pages(author_id, owner_id):
        write_batch(deletes=page)
        count += len(page)
    return count


def _pages(author_id: str, owner_id: str) -> Iterator[list[HomeRow]]:
    rows = HomeRow.query(
        f"h#{owner_id}", filter_condition=(HomeRow.author_id == author_id) & (HomeRow.why == FOLLOWED),
        consistent_read=True, attributes_to_get=["feed", "id"],
    )
    page: list[HomeRow] = []
    for row in rows:
        page.append(row)
        if len(page) == 100:
            yield page
            page = []
    if page:
        yield page


def _home_row(row: Item, owner_id: str) -> Item:
    copied = {**row, FEED: {"S": f"h#{owner_id}"}, WHY: {"S": FOLLOWED}}
    end = expiry(row[ID]["S"])
    return copied if end is None else {**copied, TTL: {"N": str(end)}}


def _horizon() -> str | None:
    """The id before which statuses are too old for home timelines."""
    if not settings.home_days:
        return None
    return ids.flake_at(int(time.time() * 1000) - settings.home_days * DAY_MS)
