"""Ballots: what one account chose in a poll. One transaction puts it on the mark and counts it on the status.

The options of a poll of another server may change. Then its *edition* does, and ballots of earlier ones are void.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..dynamo.table import ConditionFailed, fetch, transaction, update
from ..jobs import Job
from .marks import Mark, mark_key
from .statuses import Status, edition_of

VOTERS_AT_ONCE = 100


def ballot_of(status: Status, mark: Mark | None) -> list[int] | None:
    """What an account has chosen. None: it has not voted."""
    if mark is None or mark.ballot is None or int(mark.ballot_edition or 0) != edition_of(status):
        return None
    return [int(choice) for choice in mark.ballot]


def vote(status: Status, mark: Mark | None, by: str, choices: Sequence[int], jobs: Iterable[Job] = ()) -> bool:
    """Add to a ballot and count it. `mark`: the account's, as it was read. False: it has changed, or
    the poll is gone, or has other options.
    """
    before = ballot_of(status, mark)
    try:
        with transaction() as write:
            write.update(Mark.stub(by, status.id), _cast(status, [*(before or ()), *choices]), _unchanged(mark))
            alive = Status.poll_counts.exists() & Status.deleted.does_not_exist() & same_options(status)
            counts, still = _counted(status, choices)
            voters = [Status.voters_count.add(1)] if before is None else []
            write.update(Status.stub(status.id), [*counts, *voters], alive & still if still is not None else alive)
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def _cast(status: Status, ballot: list[int]) -> list[Any]:
    actions = [Mark.ballot.set(ballot), Mark.visibility.set(status.visibility), Mark.author_id.set(status.account_id)]
    edition = edition_of(status)
    return [*actions, Mark.ballot_edition.set(edition)] if edition else actions


def _unchanged(mark: Mark | None) -> Any:
    return Mark.ballot.does_not_exist() if mark is None or mark.ballot is None else Mark.ballot == list(mark.ballot)


def _counted(status: Status, choices: Sequence[int]) -> tuple[list[Any], Any]:
    """How the counts move, and on which condition. Of a poll of another server, votes from here count apart too."""
    counts: list[Any] = [Status.poll_counts[choice].set(Status.poll_counts[choice] + 1) for choice in choices]
    if status.host is None:
        return counts, None
    if status.own_votes is not None:
        own = [Status.own_votes[choice].set(Status.own_votes[choice] + 1) for choice in choices]
        return counts + own, Status.own_votes.exists()
    first = [int(place in choices) for place in range(len(status.poll_counts or ()))]
    return [*counts, Status.own_votes.set(first)], Status.own_votes.does_not_exist()


def at_least(status: Status, counts: Sequence[int], voters: int | None) -> tuple[list[int], int]:
    """What another server has counted, but no less than was voted from here: it may not have counted that yet."""
    own = [int(count) for count in status.own_votes or ()] or [0] * len(counts)
    found = [max(each, here) for each, here in zip(counts, own, strict=True)] if len(own) == len(counts) else [*counts]
    multiple = bool((status.content.get("poll") or {}).get("multiple"))
    return found, max(voters or 0, max(own) if multiple else sum(own))


def same_options(status: Status) -> Any:
    """The condition that the options are those that were read."""
    edition = status.poll_edition
    return Status.poll_edition == edition if edition else Status.poll_edition.does_not_exist()


def same_votes(status: Status) -> Any:
    """The condition that nobody here has voted since the status was read."""
    own = status.own_votes
    return Status.own_votes == list(own) if own is not None else Status.own_votes.does_not_exist()


# The end.


def voters(status: Status, after: str | None) -> tuple[list[str], str | None]:
    """Who voted, of the next hundred who marked the status, and the account to go on after (None at the end)."""
    bounds = Mark.account_id > after if after else None
    marked = [str(row.account_id) for row in Mark.by_status.query(status.id, bounds, limit=VOTERS_AT_ONCE)]
    found = fetch(strong=[mark_key(id, status.id) for id in marked]) if marked else None
    voted = [str(mark.account_id) for mark in (found.all(Mark) if found else ()) if ballot_of(status, mark) is not None]
    return sorted(voted), marked[-1] if len(marked) == VOTERS_AT_ONCE else None


def note_end(status: Status, cause: str) -> bool:
    """Note what the notifications of the end of the poll have as cause. False: the status is gone."""
    return update(Status.stub(status.id), [Status.poll_told.set(cause)],
                  Status.id.exists() & Status.deleted.does_not_exist())
