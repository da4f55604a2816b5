"""Mutes of accounts. A mute is in the pair's rows and in the viewer set of who mutes. Some have an end."""

from __future__ import annotations

from typing import Any

from ..accounts.accounts import VIEWER_SET, ViewerSet
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction
from ..jobs import Job
from .ends import set_end
from .relations import Pair, Relation, write_pair


def add(pair: Pair, hides: ViewerSet, *, notifications: bool, until: int | None, job: Job | None,
        exactly: bool = False) -> Relation:
    """Mute the other, with notifications if asked to. An earlier mute of notifications stays, unless `exactly` this is
    wanted. Raises Overtaken.
    """
    other = pair.mine.other
    mine: dict[str, Any] = {"mutes": True, "muted_id": other, "mutes_until": until}
    actions: list[Any] = [ViewerSet.muted.add({other})]
    if notifications:
        mine["mutes_notifications"] = True
        actions.append(ViewerSet.notifications_muted.add({other}))
    elif exactly and pair.mine.mutes_notifications:
        mine["mutes_notifications"] = None
        actions.append(ViewerSet.notifications_muted.delete({other}))
    ending, condition = set_end(ViewerSet.muted_until, hides.muted_until, other, until)
    actions += ending
    try:
        with transaction() as write:
            after = write_pair(write, pair, mine, {})
            write.update(ViewerSet.stub(pair.mine.me, VIEWER_SET), actions, condition)
            if job is not None:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def remove(pair: Pair, hides: ViewerSet) -> Relation:
    """Unmute the other, notifications too. Raises Overtaken."""
    other = pair.mine.other
    actions: list[Any] = [ViewerSet.muted.delete({other}), ViewerSet.notifications_muted.delete({other})]
    if hides.muted_until is not None:
        actions.append(ViewerSet.muted_until[other].remove())
    mine = {"mutes": None, "muted_id": None, "mutes_until": None, "mutes_notifications": None}
    try:
        with transaction() as write:
            after = write_pair(write, pair, mine, {})
            write.update(ViewerSet.stub(pair.mine.me, VIEWER_SET), actions)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after
