"""Reactions: an account's emoji on a status, kept on the account's mark and summed up on the status itself.

The status holds the count of each of the first fifty emoji and since when it is there (`{emoji: {"f": flake, "n":
count}}`). It also holds the first fifty accounts that reacted. Beyond that, `more_reactions` tells readers to read the
marks.
"""

from __future__ import annotations

from typing import Any

from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, Writes, transaction
from ..notifications import notifications
from ..notifications.notifications import Notice
from .marks import Mark
from .statuses import Status

MOST_EMOJI = 50
MOST_REACTORS = 50


def add(status: Status, mark: Mark | None, by: str, emoji: str, flake: str, notice: Notice | None) -> bool:
    """Put one emoji on a status and count it. False when it is there already. Raises Overtaken if the sum changed."""
    try:
        with transaction() as write:
            _mark(write, status, mark, by, emoji, flake)
            _sum_up(write, status, by, emoji, flake)
            if notice is not None:
                notifications.tell(write, notice)
    except ConditionFailed as failed:
        if "mark" in failed.labels or "status" in failed.labels:
            raise Overtaken from failed
        raise
    return True


def _mark(write: Writes, status: Status, mark: Mark | None, by: str, emoji: str, flake: str) -> None:
    row = Mark.stub(by, status.id)
    actions = [Mark.visibility.set(status.visibility), Mark.author_id.set(status.account_id)]
    if mark is not None and mark.reactions is not None:
        actions.append(Mark.reactions[emoji].set(flake))
        condition = Mark.reactions.exists() & Mark.reactions[emoji].does_not_exist()
    else:
        actions.append(Mark.reactions.set({emoji: flake}))
        condition = Mark.reactions.does_not_exist()
    write.update(row, actions, condition, label="mark")


def _sum_up(write: Writes, status: Status, by: str, emoji: str, flake: str) -> None:
    summary = status.reactions
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    actions: list[Any] = []
    if summary is None:
        actions.append(Status.reactions.set({emoji: {"f": flake, "n": 1}}))
        alive &= Status.reactions.does_not_exist()
    elif emoji in summary:
        actions.append(_count(emoji).set(_count(emoji) + 1))
        alive &= Status.reactions[emoji].exists()
    elif len(summary) < MOST_EMOJI:
        actions.append(Status.reactions[emoji].set({"f": flake, "n": 1}))
        alive &= Status.reactions.exists() & Status.reactions[emoji].does_not_exist()
    else:
        actions.append(Status.more_reactions.set(True))
    if by not in (status.reactors or ()):
        if len(status.reactors or ()) < MOST_REACTORS:
            actions.append(Status.reactors.add({by}))
        elif not status.more_reactions:
            actions.append(Status.more_reactions.set(True))
    write.update(Status.stub(status.id), list({str(each): each for each in actions}.values()), alive, label="status")


def _count(emoji: str) -> Any:
    """The place of an emoji's count. (ADD is for top-level attributes only, so this nested one is SET.)"""
    return Status.reactions[emoji]["n"]


def remove(status: Status, mark: Mark, by: str, emoji: str, author_id: str) -> None:
    """Take one emoji back. Raises Overtaken when the sum changed or the reaction is gone already."""
    flake = mark.reactions[emoji]
    last = len(mark.reactions) == 1
    taken = Mark.reactions.remove() if last else Mark.reactions[emoji].remove()
    unchanged = (Mark.reactions == dict(mark.reactions)) if last else (Mark.reactions[emoji] == flake)
    try:
        with transaction() as write:
            write.update(Mark.stub(by, status.id), [taken], unchanged, label="mark")
            _take_off(write, status, by, emoji, last)
            if author_id != by:
                notice = Notice(author_id, "pleroma:emoji_reaction", flake, by)
                notifications.take_back(write, notice)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _take_off(write: Writes, status: Status, by: str, emoji: str, last: bool) -> None:
    summary: Any = status.reactions or {}
    actions: list[Any] = []
    condition = Status.id.exists() & Status.deleted.does_not_exist()
    if emoji in summary:
        if summary[emoji]["n"] > 1:
            actions.append(_count(emoji).set(_count(emoji) - 1))
            condition &= _count(emoji) > 1
        else:
            actions.append(Status.reactions[emoji].remove())
            condition &= _count(emoji) == 1
    if last:
        actions.append(Status.reactors.delete({by}))
    if actions:
        write.update(Status.stub(status.id), actions, condition, label="status")
