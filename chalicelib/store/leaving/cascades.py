"""Deleting what belonged to a deleted status. Everything here may run twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ...ids import participation_number
from ..dynamo.parallel import together
from ..dynamo.table import fetch, update, write_batch
from ..notifications.notifications import Notice, Notification
from ..quotes import changes as quote_changes
from ..statuses.edits import versions
from ..statuses.marks import Mark
from ..statuses.statuses import Status
from ..statuses.visibilities import DIRECT
from ..timelines import feeds
from ..timelines.conversations import Participation, participation_key
from ..timelines.feeds import FeedRow, HomeRow, Span

PAGE = 500
THREAD_PAGE = 4000
MOST_IN_PARALLEL = 8


def take_from_feeds(tombstone: Status, tags: Iterable[str]) -> None:
    """Take the status out of the feeds that the deletion itself did not reach."""
    gone: list[FeedRow | HomeRow] = [FeedRow.stub("all", tombstone.id)]
    gone += [FeedRow.stub(f"g#{tag}", tombstone.id) for tag in tags]
    for account_id in [tombstone.account_id, *tombstone.addressed]:
        gone += [HomeRow.stub(f"h#{account_id}", tombstone.id), HomeRow.stub(f"d#{account_id}", tombstone.id)]
    write_batch(deletes=gone)


def cut_replies(tombstone: Status) -> None:
    """Let replies no longer name their parent. The replies stay."""
    change_replies(tombstone, [Status.parent_id.remove(), Status.parent_account_id.remove(),
                               Status.parent_visibility.remove(), Status.parent_to.remove()])


def change_replies(parent: Status, actions: Sequence[Any]) -> None:
    """Change every reply to a status in the same way."""
    above: str | None = parent.id
    while above is not None:
        rows = feeds.read(FeedRow, f"t#{parent.thread}", Span(above=above, ascending=True), limit=THREAD_PAGE)
        replies = [row.id for row in rows if row.parent_id == parent.id]
        for start in range(0, len(replies), MOST_IN_PARALLEL):
            together(*[
                lambda id=id: update(Status.stub(id), actions, Status.id.exists() & (Status.parent_id == parent.id))
                for id in replies[start:start + MOST_IN_PARALLEL]
            ])
        above = rows[-1].id if len(rows) == THREAD_PAGE else None


def take_back_marks(tombstone: Status) -> None:
    """Delete favourites, reactions, bookmarks and reblogs of the status, with their notifications."""
    edits = versions.ids_of(tombstone)
    while True:
        found = list(Mark.by_status.query(tombstone.id, limit=PAGE))
        if not found:
            return
        author = tombstone.account_id
        numbers = {Notice(author, kind, cause, mark.account_id).id for mark in found for kind, cause in causes(mark)}
        write_batch(deletes=[Notification.stub(author, number) for number in numbers])
        write_batch(deletes=notices_of_edits(edits, author, [mark.account_id for mark in found if mark.reblog]))
        write_batch(deletes=notices_of_poll(tombstone, [mark.account_id for mark in found]))
        write_batch(deletes=[each for mark in found if mark.reblog for each in (
            Status.stub(mark.reblog), FeedRow.stub(f"r#{mark.account_id}", mark.reblog),
            FeedRow.stub("all", mark.reblog),
            HomeRow.stub(f"h#{mark.account_id}", mark.reblog))])
        write_batch(deletes=[Mark.stub(mark.account_id, mark.status_id) for mark in found])
        if len(found) < PAGE:
            return


def notices_of_poll(status: Status, people: Iterable[str]) -> list[Notification]:
    """What its author and these people were told when its poll was over."""
    cause = status.poll_told
    told = [status.account_id, *people] if cause else []
    return [Notification.stub(id, Notice(id, "poll", str(cause), status.account_id).id) for id in told]


def causes(mark: Mark) -> Iterator[tuple[str, str]]:
    """The notifications that a mark sent to the author, by type and cause."""
    yield from (("pleroma:emoji_reaction", flake) for flake in dict(mark.reactions or {}).values())
    yield from ((kind, flake) for kind, flake in (("favourite", mark.favourite), ("reblog", mark.reblog)) if flake)


def cut_quotes(tombstone: Status) -> None:
    """Let quotes of the status say that it is deleted, and take its own notification back."""
    quote_changes.cut(tombstone.id)
    quote_changes.take_back(tombstone)


def notices_of_edits(edits: Iterable[str], author: str, told: Iterable[str]) -> list[Notification]:
    """What people may have been told of these edits of a status: those who reblogged it, or whom they named."""
    people = list(told)
    return [Notification.stub(account_id, Notice(account_id, "update", edit_id, author).id)
            for edit_id in edits for account_id in people]


def take_back_mentions(tombstone: Status) -> None:
    author = tombstone.account_id
    write_batch(deletes=[Notification.stub(account_id, Notice(account_id, "mention", tombstone.id, author).id)
                         for account_id in tombstone.addressed])
    write_batch(deletes=notices_of_edits(versions.ids_of(tombstone), author, tombstone.addressed))


def forget_versions(tombstone: Status) -> None:
    """Delete what the status said before its edits. Whom they told is found by this, so it comes after all that."""
    versions.forget(tombstone.id, versions.ids_of(tombstone))


def move_conversations_back(tombstone: Status) -> None:
    """Take a deleted status out of the conversations of those whom it addressed."""
    if tombstone.visibility == DIRECT:
        leave_conversations(tombstone)


def leave_conversations(status: Status) -> None:
    """Where the status is the newest of a conversation, let the newest that is left take its place, or none."""
    people = [status.account_id, *status.addressed]
    keys = {id: participation_key(id, participation_number(id, status.thread)) for id in people}
    found = fetch(strong=keys.values())
    rows = feeds.read(FeedRow, f"t#{status.thread}", limit=PAGE, strong=True)
    for account_id, wanted in keys.items():
        entry = found.get(Participation, account_id, wanted.range)
        if entry is None or entry.last != status.id:
            continue
        newest = next((row for row in rows if row.id != status.id and row.visibility == DIRECT
                       and account_id in (row.author_id, *(row.to or []))), None)
        if newest is None:
            actions: list[Any] = [Participation.last.remove(), Participation.unread.remove()]
        else:
            actions = [Participation.last.set(newest.id), Participation.last_by.set(newest.author_id)]
            if entry.unread:
                actions.append(Participation.unread.set(newest.id))
        update(Participation.stub(account_id, wanted.range), actions, Participation.last == status.id)


def erase(tombstone: Status) -> None:
    write_batch(deletes=[Status.stub(tombstone.id)])
