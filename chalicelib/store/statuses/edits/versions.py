"""Versions: what a status said before each of its edits, as rows of a feed of its own, `e#` and the id of the status.

A row has the id of the edit that replaced the version. So a row also tells what the edit has left to do: whom it named
who had not been named before, and whether the status stands in its feeds as something else now.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...dynamo.table import Writes, has_ended, update, write_batch
from ...timelines import feeds
from ...timelines.feeds import FeedRow
from ..statuses import Status

MOST = 100
SHOWN = ("html", "plain", "spoiler", "emojis", "attachments", "poll", "language")
"""What of a document is kept of a version."""


@dataclass(frozen=True)
class Edit:
    """One edit. `id`: its flake, which is the cause of all that people are told. `named`: whom it addresses anew."""

    id: str
    named: Sequence[str] = field(default_factory=tuple)


def kept(status: Status) -> dict[str, Any]:
    """What a version keeps of a status as it is."""
    document = {name: status.content[name] for name in SHOWN if name in status.content}
    document["at"] = status.said_at
    document["sensitive"] = bool(status.sensitive)
    if "poll" in document:
        document["counts"] = [int(count) for count in status.poll_counts or ()]
        document["voters"] = int(status.voters_count)
    return document


def row_of(status: Status, edit: Edit, moves: Moves) -> FeedRow:
    """The row of what a status says until an edit. `status`: as it was."""
    document = {**kept(status), "named": list(edit.named), "moved": moves.matter_at_home}
    return FeedRow(_feed(status.id), edit.id, author_id=status.account_id, visibility=status.visibility,
                   thread=status.thread, ttl=status.ttl, doc={name: value for name, value in document.items() if value})


def find(status_id: str, edit_id: str) -> FeedRow | None:
    return next(iter(FeedRow.query(_feed(status_id), FeedRow.id == edit_id, consistent_read=True)), None)


def edit_in(row: FeedRow) -> Edit:
    """The edit that left a row."""
    return Edit(str(row.id), (row.doc or {}).get("named", ()))


def has_moved(row: FeedRow) -> bool:
    """Whether the edit that left a row changed what rows on home timelines say."""
    return bool((row.doc or {}).get("moved"))


def list_of(status: Status) -> list[dict[str, Any]]:
    """What a status said before, oldest first: the latest hundred versions, as far as one query answers them."""
    if not status.edits:
        return []
    page = FeedRow.page(_feed(status.id), consistent_read=True, scan_index_forward=False, limit=MOST)
    return [FeedRow.from_raw_data(item).doc or {} for item in reversed(page["Items"])]


def ids_of(status: Status) -> list[str]:
    """The ids of all edits of a status. Nothing is read of one that was never edited."""
    if not status.edits:
        return []
    rows = FeedRow.query(_feed(status.id), consistent_read=True, attributes_to_get=["feed", "id"])
    return [str(row.id) for row in rows]


def forget(status_id: str, edit_ids: Iterable[str]) -> None:
    """Delete what a status said before."""
    write_batch(deletes=[FeedRow.stub(_feed(status_id), id) for id in edit_ids])


def keep(status: Status) -> None:
    """Let the versions of a status stay that would end with it."""
    for id in ids_of(status):
        update(FeedRow.stub(_feed(status.id), id), [FeedRow.ttl.remove()], FeedRow.id.exists())


def _feed(status_id: str) -> str:
    return f"e#{status_id}"


# Where the status stands.


class Moves(NamedTuple):
    """The rows of shared feeds that an edit puts and deletes. What does not change is in neither."""

    puts: list[FeedRow]
    deletes: list[FeedRow]

    @property
    def matter_at_home(self) -> bool:
        """Whether the rows on home timelines, which say the same as those of shared feeds, are others too."""
        return bool(self.deletes) or any(row.feed.startswith("a#") for row in self.puts)


def moves_of(status: Status, document: dict[str, Any], to: Sequence[str]) -> Moves:
    """What has to move, so that the feeds are those that its tags and attachments put the status into now.

    Rows whose time is over stay away.
    """
    before = {row.feed: row for row in feeds.permanent_rows(status)}
    was = status.doc, status.to
    status.doc, status.to = document, list(to) or None
    after = {row.feed: row for row in feeds.permanent_rows(status)}
    status.doc, status.to = was
    now = time.time()
    return Moves(
        [row for feed, row in after.items() if not has_ended(row, now)
         and (feed not in before or row.attribute_values != before[feed].attribute_values)],
        [row for feed, row in before.items() if feed not in after])


def move_in(write: Writes, moves: Moves) -> None:
    """Within the transaction that edits the status."""
    for row in moves.deletes:
        write.delete(row)
    for row in moves.puts:
        write.put(row)
