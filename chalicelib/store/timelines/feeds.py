"""Feeds: ordered lists of statuses. Shared feeds are permanent, the rows of home timelines expire.

A row holds what filters look at, so that a page is filtered before anything else is read. After one query all keys of
a page are known. A page is always one query: the partition is fixed and the sort key is the id.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from ... import ids
from ...settings import settings
from ..dynamo.attributes import Document, ListAttribute, NumberAttribute, UnicodeAttribute
from ..dynamo.bounds import NOTHING, strictly_between
from ..dynamo.keys import Item
from ..dynamo.parallel import together
from ..dynamo.stretches import Stretch, end_of
from ..dynamo.table import Record, Table, has_ended, named
from ..quotes import quotes
from ..statuses.statuses import Status
from ..statuses.visibilities import PUBLIC, VisibilityAttribute

# Flags of a row.
MEDIA, REPLY, LOCAL, QUOTED_BY_SOME = "m", "r", "l", "q"
# Why a row is on somebody's home timeline.
FOLLOWED, ADDRESSED, SELF, TAGGED = "f", "a", "s", "t"
FEDERATED = "pr"
"""The feed with the public statuses of all other servers."""
ROW_ADDRESSEES = 10
TAGS_PER_STATUS = 30
LOOKED_AT = 1_000


class Row(Record):
    """One status in one feed."""

    class Meta(Table):
        table_name = named("feeds")

    ABSENT = {"flags": ""}
    feed = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    author_id = UnicodeAttribute(attr_name="w")
    original_id = UnicodeAttribute(attr_name="o", null=True)
    original_author_id = UnicodeAttribute(attr_name="ow", null=True)
    visibility = VisibilityAttribute(attr_name="v")
    flags = UnicodeAttribute(attr_name="f", null=True)
    thread = UnicodeAttribute(attr_name="t")
    parent_id = UnicodeAttribute(attr_name="p", null=True)
    parent_author_id = UnicodeAttribute(attr_name="pw", null=True)
    quote_of = UnicodeAttribute(attr_name="q", null=True)
    quote_of_author_id = UnicodeAttribute(attr_name="qw", null=True)
    to: ListAttribute = ListAttribute(null=True)
    more_to = UnicodeAttribute(attr_name="to_more", null=True)
    tags: ListAttribute = ListAttribute(attr_name="g", null=True)
    host = UnicodeAttribute(attr_name="h", null=True)


class FeedRow(Row):
    """`a#` an account's own · `r#` its reblogs · `m#` its media · `t#` a thread · `pl` public · `g#` a tag · `all`
    · `q#` what quotes a status · `s#` what an account listened to, with its words in `doc` · of other servers, for
    some days: `pr` public · `i#` public of one host · `gr#` a tag.

    A busy server spreads what is public over `pl#0`, `pl#1` … Every row of such a status has the number as `shard`.
    """

    class Meta(Table):
        table_name = named("feeds")

    doc = Document(null=True)
    shard = NumberAttribute(attr_name="sh", null=True)
    ttl = NumberAttribute(null=True)


class HomeRow(Row):
    """`h#` home of an account · `l#` a list · `d#` direct statuses of an account. `why` tells what put it there.

    `u#` statuses that are not delivered yet, with the id of the request that posted them.
    """

    class Meta(Table):
        table_name = named("home")

    why = UnicodeAttribute(attr_name="y", null=True)
    request_id = UnicodeAttribute(attr_name="rq", null=True)
    ttl = NumberAttribute(null=True)


AnyRow = TypeVar("AnyRow", bound=Row)


def row_of(status: Status, kind: type[AnyRow], feed: str, **more: Any) -> AnyRow:
    """The row of a status in a feed."""
    content = status.content
    flags = (MEDIA if content.get("attachments") else "") + (REPLY if status.parent_id else "")
    flags += LOCAL if status.host is None else ""
    flags += QUOTED_BY_SOME if quotes.depends_on_follows(status) else ""
    return kind(
        feed, status.id, author_id=status.account_id, original_id=status.reblog_of,
        original_author_id=status.reblog_of_account_id, visibility=status.visibility, flags=flags, thread=status.thread,
        parent_id=status.parent_id, parent_author_id=status.parent_account_id,
        quote_of=status.quote_of, quote_of_author_id=status.quote_of_account_id,
        to=status.addressed[:ROW_ADDRESSEES] or None, more_to="1" if len(status.addressed) > ROW_ADDRESSEES else None,
        tags=(content.get("tags") or [])[:TAGS_PER_STATUS] or None, host=status.host,
        **more,
    )


def home_row(status: Status, account_id: str, why: str) -> HomeRow:
    return row_of(status, HomeRow, f"h#{account_id}", why=why, ttl=expiry(status.id))


def list_row(status: Status, list_id: str) -> HomeRow:
    return row_of(status, HomeRow, f"l#{list_id}", ttl=expiry(status.id))


def direct_row(status: Status, account_id: str) -> HomeRow:
    return row_of(status, HomeRow, f"d#{account_id}")


def permanent_rows(status: Status) -> list[FeedRow]:
    """The rows of a new status in the feeds that everybody shares."""
    if status.host is not None or status.reblog_of:
        return [row_of(status, FeedRow, name, ttl=status.ttl) for name in own_feeds(status)] + federated_rows(status)
    names = own_feeds(status)
    if status.visibility == PUBLIC:
        names.append(public_feed(status.shard))
        names.extend(f"g#{tag}" for tag in (status.content.get("tags") or [])[:TAGS_PER_STATUS])
    return [row_of(status, FeedRow, name, shard=status.shard) for name in names]


def rows_at_once(status: Status) -> list[FeedRow]:
    """Those of the permanent rows that are written with the status. The delivery writes the others."""
    if status.host is None:
        return permanent_rows(status)
    return [row_of(status, FeedRow, name, ttl=status.ttl) for name in own_feeds(status)]


def own_feeds(status: Status) -> list[str]:
    """The feeds of its author and its thread that it is in. These rows last as long as the status."""
    if status.reblog_of:
        return [f"r#{status.account_id}"]
    names = [f"a#{status.account_id}", f"t#{status.thread}"]
    if status.content.get("attachments"):
        names.append(f"m#{status.account_id}")
    return [*names, of_quotes(status.quote_of)] if quotes.may_count(status) else names


def federated_rows(status: Status) -> list[FeedRow]:
    """The rows of a public status of another server in the feeds for such ones, which keep them for some days only.

    `local` timelines would otherwise page through a hundred foreign rows for each of ours.
    """
    if status.host is None or status.visibility != PUBLIC or status.fetched or status.reblog_of:
        return []
    names = [FEDERATED, of_host(status.host)]
    names.extend(map(of_foreign_tag, (status.content.get("tags") or [])[:TAGS_PER_STATUS]))
    days = settings.federated_days
    ttl = ids.milliseconds(status.id) // 1000 + days * 86400 if days else None
    return [row_of(status, FeedRow, name, ttl=ttl) for name in names]


def of_foreign_tag(name: str) -> str:
    """The feed with the public statuses of other servers that have a tag."""
    return f"gr#{name}"


def of_quotes(status_id: str) -> str:
    """The feed with what quotes a status, and what waits for that."""
    return f"q#{status_id}"


def of_host(host: str) -> str:
    """The feed with the public statuses of one other server."""
    return f"i#{host}"


def public_feed(shard: float | None) -> str:
    """The public feed that a status with this `shard` is in."""
    return "pl" if shard is None else f"pl#{int(shard)}"


def public_feeds() -> list[str]:
    """All feeds with public statuses. What was written before there were several is in the first."""
    several = settings.public_shards if settings.public_shards > 1 else 0
    return ["pl", *(f"pl#{shard}" for shard in range(several))]


def shard_for(status: Status) -> int | None:
    """Which of several public feeds a new status goes into. None: there is one, or the status is not public."""
    if settings.public_shards <= 1 or status.visibility != PUBLIC:
        return None
    return zlib.crc32(status.id.encode()) % settings.public_shards


def expiry(status_id: str) -> int | None:
    """When a status leaves home timelines, by its age. None: never."""
    return ids.milliseconds(status_id) // 1000 + settings.home_days * 86400 if settings.home_days else None


def is_too_old(status: Status) -> bool:
    """Whether a status has left home timelines by now."""
    end = expiry(status.id)
    return end is not None and end <= time.time()


class Span(NamedTuple):
    """Which rows of a feed, strictly between two ids, and from which end."""

    above: str | None = None
    below: str | None = None
    ascending: bool = False


NEWEST = Span()


def read(kind: type[AnyRow], feed: str, span: Span = NEWEST, *, limit: int, strong: bool = False) -> list[AnyRow]:
    """One query: at most `limit` rows of a feed."""
    bounds = strictly_between(kind.id, span.above, span.below)
    if bounds is NOTHING:
        return []
    return list(kind.query(feed, bounds, consistent_read=strong, scan_index_forward=span.ascending, limit=limit))


def stretch(kind: type[Row], feed: str, span: Span, *, limit: int, strong: bool,
            without: Iterable[str] = ()) -> Stretch[Row]:
    """As `read`. DynamoDB itself leaves out the rows of the authors in `without`: accounts that were found gone.

    If they wrote very much, the one call passes over `LOOKED_AT` rows.
    """
    unwanted = list(without)[:100]
    if not unwanted:
        rows = read(kind, feed, span, limit=limit, strong=strong)
        return Stretch(_lasting(rows), end_of(rows, limit, lambda row: str(row.id)))
    bounds = strictly_between(kind.id, span.above, span.below)
    if bounds is NOTHING:
        return Stretch([], None)
    page = kind.page(
        feed, range_key_condition=bounds, filter_condition=~kind.author_id.is_in(*unwanted), consistent_read=strong,
        scan_index_forward=span.ascending, limit=max(limit, LOOKED_AT),
    )
    rows = [kind.from_raw_data(item) for item in page["Items"][:limit]]
    if len(page["Items"]) > limit:
        return Stretch(_lasting(rows), rows[-1].id)
    after = page.get("LastEvaluatedKey")
    return Stretch(_lasting(rows), after["id"]["S"] if after else None)


def _lasting(rows: list[Row]) -> list[Row]:
    """Without those whose time is over."""
    now = time.time()
    return [row for row in rows if not has_ended(row, now)]


def read_items(feed: str, *, limit: int, above: str | None = None) -> list[Item]:
    """The newest rows of a shared feed after an id, newest first, as DynamoDB spells them: for copying."""
    bounds = strictly_between(FeedRow.id, above, None)
    found: list[Item] = []
    after = None
    while len(found) < limit:
        page = FeedRow.page(feed, range_key_condition=bounds, consistent_read=True, scan_index_forward=False,
                            limit=limit - len(found), exclusive_start_key=after)
        found += page["Items"]
        after = page.get("LastEvaluatedKey")
        if after is None:
            break
    return found


def written_after(account_id: str, after: str | None, limit: int) -> tuple[list[FeedRow], bool]:
    """What an account wrote or passed on after an id, oldest first, and whether there is more. One round.

    At most `limit` rows of each. If one of the two goes on, the result ends there for the other too.
    """
    found: list[list[FeedRow]] = together(*[
        lambda feed=feed: read(FeedRow, feed, Span(above=after, ascending=True), limit=limit, strong=True)
        for feed in (f"a#{account_id}", f"r#{account_id}")
    ])
    ends = [rows[-1].id for rows in found if len(rows) == limit]
    rows = sorted((row for each in found for row in each), key=lambda row: str(row.id))
    return [row for row in rows if row.id <= min(ends)] if ends else rows, bool(ends)


