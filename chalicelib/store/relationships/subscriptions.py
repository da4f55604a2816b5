"""Subscriptions: who wants a notification of every status of an account. A row `W#`subscriber under the author."""

from __future__ import annotations

from collections.abc import Sequence

from ..accounts.accounts import Part
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction
from ..notifications import notifications
from ..notifications.notifications import Notice
from .relations import Pair, Relation, write_pair

PREFIX = "W#"
NOTICES_AT_ONCE = 25


def set_subscribed(pair: Pair, subscribed: bool) -> Relation:
    """Begin or end my subscription to the other, in both rows and the author's partition. Raises Overtaken.

    It is one of the older kind, whose notifications are of type `mention`.
    """
    row = Part.stub(pair.mine.other, PREFIX + pair.mine.me)
    wanted = True if subscribed else None
    try:
        with transaction() as write:
            after = write_pair(write, pair, {"subscribes": wanted, "notifies": None}, {"subscribed_by": wanted})
            if subscribed:
                write.put(Part(pair.mine.other, PREFIX + pair.mine.me))
            else:
                write.delete(row)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def subscriber_ids(account_id: str, *, after: str | None = None, limit: int = 100) -> tuple[list[str], str | None]:
    """A page of the subscribers of an account, and the id to go on after (None at the end)."""
    start = PREFIX + (after + "!" if after else "")
    rows = Part.query(account_id, Part.part.between(start, PREFIX + "~"), limit=limit)
    ids = [str(row.part).removeprefix(PREFIX) for row in rows]
    return ids, ids[-1] if len(ids) == limit else None


def tell(notices: Sequence[Notice]) -> None:
    """Write notifications that belong to no other change. Writing them twice is harmless."""
    for start in range(0, len(notices), NOTICES_AT_ONCE):
        with transaction() as write:
            for notice in notices[start:start + NOTICES_AT_ONCE]:
                notifications.tell(write, notice)
