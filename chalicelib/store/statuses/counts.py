"""Counts: which counters a status moves when it is made, deleted, or shown to others than before.

A status that is open to everybody counts for its author, for the status that it answers, and for the server. Besides,
the server's statistics count every status by its visibility. Statuses of other servers count for their authors and
parents only. The status itself notes which of the two it is in, so
that nothing is counted twice or taken off twice. Whoever moves counters demands `as_read` of the status.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from ...ids import created_at
from ..accounts.accounts import PROFILE, Account
from ..dynamo.table import ConditionFailed, Writes, transaction
from ..instance import counters
from .statuses import Status
from .visibilities import OPEN

COUNTED = OPEN
PARENT, QUOTED = "parent", "quoted"
"""Labels of the writes that fail if the parent, or what is quoted, is gone. Then nothing counts the status there."""


def count(write: Writes, status: Status) -> None:
    """Within the transaction that writes a new status: note on the status what it is in, and move the counters."""
    status.counted = status.visibility in COUNTED and status.host is None
    status.in_statistics = status.host is None
    if status.in_statistics:
        counters.count_statuses(write, status.account_id, int(status.counted), {status.visibility: 1}, new=True)
    day = None if status.fetched else created_at(status.id)[:10]
    _count_for_others(write, status, 1, answers=status.visibility in COUNTED, quotes=status.is_quote, day=day)


def uncount(write: Writes, status: Status, *, quoted_gone: bool = False) -> None:
    """Within the transaction that makes a status a tombstone. `quoted_gone`: what it quotes counts nothing any more."""
    visibilities = {status.visibility: -1} if status.in_statistics else {}
    counters.count_statuses(write, status.account_id, -int(bool(status.counted)), visibilities)
    _count_for_others(write, status, -1, answers=status.visibility in COUNTED,
                      quotes=status.is_quote and not quoted_gone)


def move(write: Writes, status: Status, visibility: str) -> list[Action]:
    """Within the transaction that gives a status another visibility: move all counters that depend on it.

    Answers what else changes on the status. It is written with that and the new visibility, under `as_read(status)`.
    If the transaction fails with the label PARENT, the parent is gone: again, with `status.parent_id` None.
    """
    by = int(visibility in COUNTED) - int(status.visibility in COUNTED)
    if by:
        _count_for_others(write, status, by, answers=True, quotes=False)
    if status.host is not None:
        return []
    counts = visibility in COUNTED
    visibilities = Counter({visibility: 1})
    visibilities[status.visibility] -= int(bool(status.in_statistics))
    counters.count_statuses(write, status.account_id, int(counts) - int(bool(status.counted)), visibilities)
    return [Status.in_statistics.set(True), Status.counted.set(True) if counts else Status.counted.remove()]


def _count_for_others(write: Writes, status: Status, by: int, *, answers: bool, quotes: bool,
                      day: str | None = None) -> None:
    """Move the counters of the author, of the parent, and of what is quoted, which may be the parent.

    `answers`: for author and parent. `quotes`: for what is quoted, whoever may see the quote. What ends may count only
    for what ends too (`keeping`). `day`: that of the author's latest status by now.
    """
    counters: dict[str, list[Action]] = {}
    if answers:
        also = [] if day is None else [Account.last_status_at.set(day)]
        write.update(Account.stub(status.account_id, PROFILE), [Account.statuses_count.add(by), *also],
                     Account.id.exists())
        if status.parent_id:
            counters[status.parent_id] = [Status.replies_count.add(by)]
    if quotes and status.quote_of:
        counters.setdefault(status.quote_of, []).append(Status.quotes_count.add(by))
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    if by > 0 and status.ttl is not None:
        alive &= Status.ttl.exists()
    for id, actions in counters.items():
        write.update(Status.stub(id), actions, alive, label=QUOTED if quotes and id == status.quote_of else PARENT)


def as_read(status: Status) -> Condition:
    """The condition that the status has the visibility that was read, and is counted as it was then, by all who do."""
    counted = Status.counted.exists() if status.counted else Status.counted.does_not_exist()
    known = status.in_statistics
    listed = Status.in_statistics.does_not_exist() if known is None else Status.in_statistics == known
    condition: Condition = (Status.visibility == status.visibility) & counted & listed & quoting_as_read(status)
    return condition


def quoting_as_read(status: Status) -> Condition:
    """The condition that the quote of a status is in the state that was read."""
    state, quoted = status.quote_state, status.quote_of
    same = Status.quote_state == state if state else Status.quote_state.does_not_exist()
    condition: Condition = same & (Status.quote_of == quoted if quoted else Status.quote_of.does_not_exist())
    return condition


def count_late(found: Sequence[Status]) -> None:
    """Count older statuses, up to some ninety, in the statistics by visibility. Doing it twice changes nothing.

    A status that changes at this moment is left out: whoever changes it has counted it, or takes it away.
    """
    late = [each for each in found if each.in_statistics is None and each.host is None
            and not (each.reblog_of or each.deleted)]
    while late:
        try:
            with transaction() as write:
                for status in late:
                    alive = Status.id.exists() & Status.deleted.does_not_exist()
                    write.update(Status.stub(status.id), [Status.in_statistics.set(True)], alive & as_read(status),
                                 label=status.id)
                counters.count_visibilities(write, [(each.account_id, each.visibility) for each in late])
            return
        except ConditionFailed as failed:
            late = [each for each in late if each.id not in failed.labels]
