"""Reactions: an account's emoji on a status, kept on the account's mark and summed up on the status itself.

The status holds the count of each of the first fifty emoji, since when it is there, and who put it there first
(`{emoji: {"f": flake, "n": count, "w": [account]}}`, fifty accounts at most). It also holds the first fifty accounts
that reacted. Beyond that, `more_reactions` tells readers to read the marks.

A custom emoji of another server is called `name@host`, one of this server by its shortcode. The address of its picture
is with it, on the status (`"u"`) and on the mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, Writes, transaction
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notice
from .marks import Mark
from .statuses import Status

MOST_EMOJI = 50
MOST_REACTORS = 50


@dataclass(frozen=True)
class Reaction:
    """One emoji of one account. `picture`: the address of a custom emoji's."""

    emoji: str
    flake: str
    picture: str | None = None


def picture_of(status: Status, emoji: str) -> str | None:
    """The address of the picture of a custom emoji that is among the reactions to a status."""
    summary: Any = status.reactions or {}
    found: str | None = summary.get(emoji, {}).get("u")
    return found


def entry_of(flake: str, picture: str | None, by: str) -> dict[str, Any]:
    """An emoji in the sum, when the first account has put it there."""
    return {"f": flake, "n": 1, "w": [by]} | ({"u": picture} if picture is not None else {})


def one_more(emoji: str, entry: Any, by: str) -> list[Any]:
    """The actions that count one account more for an emoji. `entry`: the sum as it was read."""
    counted = [_count(emoji).set(_count(emoji) + 1)]
    if len(entry.get("w", ())) >= MOST_REACTORS:
        return counted
    who = Status.reactions[emoji]["w"]
    return [*counted, who.set((who | []).append([by]))]


def no_more(emoji: str, entry: Any, by: str) -> tuple[list[Any], Any]:
    """The actions that no longer name an account for an emoji that stays, and the condition that it is where it was."""
    who = list(entry.get("w", ()))
    if by not in who:
        return [], None
    place = Status.reactions[emoji]["w"][who.index(by)]
    return [place.remove()], place == by


def add(status: Status, mark: Mark | None, by: str, new: Reaction, notice: Notice | None,
        jobs: Iterable[Job] = ()) -> bool:
    """Put one emoji on a status and count it. False when it is there already. Raises Overtaken if the sum changed."""
    try:
        with transaction() as write:
            _mark(write, status, mark, by, new)
            _sum_up(write, status, by, new)
            if notice is not None:
                notifications.tell(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        if "mark" in failed.labels or "status" in failed.labels:
            raise Overtaken from failed
        raise
    return True


def _mark(write: Writes, status: Status, mark: Mark | None, by: str, new: Reaction) -> None:
    row, emoji, flake = Mark.stub(by, status.id), new.emoji, new.flake
    actions = [Mark.visibility.set(status.visibility), Mark.author_id.set(status.account_id)]
    if mark is not None and mark.reactions is not None:
        actions.append(Mark.reactions[emoji].set(flake))
        condition = Mark.reactions.exists() & Mark.reactions[emoji].does_not_exist()
    else:
        actions.append(Mark.reactions.set({emoji: flake}))
        condition = Mark.reactions.does_not_exist()
    if new.picture is not None:
        pictures = {**dict((mark.reaction_pictures if mark is not None else None) or {}), emoji: new.picture}
        actions.append(Mark.reaction_pictures.set(pictures))
    write.update(row, actions, condition, label="mark")


def _sum_up(write: Writes, status: Status, by: str, new: Reaction) -> None:
    summary, emoji = status.reactions, new.emoji
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    actions: list[Any] = []
    if summary is None:
        actions.append(Status.reactions.set({emoji: entry_of(new.flake, new.picture, by)}))
        alive &= Status.reactions.does_not_exist()
    elif emoji in summary:
        actions += one_more(emoji, summary[emoji], by)
        alive &= Status.reactions[emoji].exists()
    elif len(summary) < MOST_EMOJI:
        actions.append(Status.reactions[emoji].set(entry_of(new.flake, new.picture, by)))
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


def remove(status: Status, mark: Mark, by: str, emoji: str, jobs: Iterable[Job] = ()) -> None:
    """Take one emoji back. Raises Overtaken when the sum changed or the reaction is gone already."""
    flake, author_id = mark.reactions[emoji], status.account_id
    last = len(mark.reactions) == 1
    taken = [Mark.reactions.remove() if last else Mark.reactions[emoji].remove()]
    if emoji in (mark.reaction_pictures or {}):
        taken.append(Mark.reaction_pictures[emoji].remove())
    unchanged = (Mark.reactions == dict(mark.reactions)) if last else (Mark.reactions[emoji] == flake)
    try:
        with transaction() as write:
            write.update(Mark.stub(by, status.id), taken, unchanged, label="mark")
            _take_off(write, status, by, emoji, last)
            if author_id != by:
                notice = Notice(author_id, "pleroma:emoji_reaction", flake, by)
                notifications.take_back(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _take_off(write: Writes, status: Status, by: str, emoji: str, last: bool) -> None:
    summary: Any = status.reactions or {}
    actions: list[Any] = []
    condition = Status.id.exists() & Status.deleted.does_not_exist()
    if emoji in summary:
        if summary[emoji]["n"] > 1:
            named, still = no_more(emoji, summary[emoji], by)
            actions += [_count(emoji).set(_count(emoji) - 1), *named]
            condition &= _count(emoji) > 1
            condition = condition & still if still is not None else condition
        else:
            actions.append(Status.reactions[emoji].remove())
            condition &= _count(emoji) == 1
    if last:
        actions.append(Status.reactors.delete({by}))
    if actions:
        write.update(Status.stub(status.id), actions, condition, label="status")
