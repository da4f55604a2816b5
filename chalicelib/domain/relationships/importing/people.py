"""Imports of accounts: following, blocking or muting everybody whom a chunk names."""

from __future__ import annotations

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass

from ....queues.accounts import ImportFollows, ImportHidden
from ....store.relationships import meetings
from ....store.relationships.follows import Terms
from ....store.relationships.imports import Work
from ....store.relationships.meetings import Meeting
from ...refusals import Forbidden
from ...viewer import Viewer
from .. import blocks, following, mutes, standing
from . import names
from .brought import Columns
from .progress import Progress, before_first, each


def act(chunk: ImportFollows | ImportHidden, by: Viewer, work: Work, progress: Progress, *,
        may_leave: bool) -> tuple[list[str], Exception | None]:
    """Do what a chunk asks. Answers the names that are left, and the last failure.

    Accounts that are followed, blocked or muted already stay so, with what the list says besides.
    """
    people, left = _people(chunk, by, progress, may_leave=may_leave)
    if isinstance(chunk, ImportFollows):
        return left, each(people, progress, lambda person: _follow(person, by, chunk.import_id, progress))
    before = _hidden_before(chunk, people, work)
    if chunk.what == "block":
        return left, _block_all(people, by, before, progress)
    return left, each(people, progress, lambda person: _mute(person, by, person.id in before, progress))


@dataclass(frozen=True)
class Person:
    """Somebody whom a chunk names."""

    name: str
    meeting: Meeting
    columns: Columns

    @property
    def id(self) -> str:
        return str(self.meeting.account.id)


def _people(chunk: ImportFollows | ImportHidden, by: Viewer, progress: Progress, *,
            may_leave: bool) -> tuple[list[Person], list[str]]:
    """Those of the names who exist, each once, in two rounds; and the names that are left. The others are counted."""
    ids = names.find_known(chunk.names)
    met = meetings.meet(by.id, ids.values())
    people: dict[str, Person] = {}
    left = []
    for name in chunk.names:
        id = ids.get(name, "")
        if id in people:
            progress.already += 1
        elif id in met:
            people[id] = Person(name, met[id], Columns.from_json(chunk.columns.get(name, {})))
        elif id == by.id:
            progress.refuse(name)
        elif not id and may_leave and names.where(name).host is not None:
            left.append(name)
            progress.left += 1
        else:
            progress.miss(name)
    return list(people.values()), left


def _follow(person: Person, by: Viewer, import_id: str, progress: Progress) -> None:
    """Follow somebody, or let the list say how. Flakes tell times: a follow that is later than the import is of it, by
    a run that was cut short, so its statuses are brought once more.
    """
    mine, columns = person.meeting.pair.mine, person.columns
    stands = following.is_following_or_asking(person.meeting)
    is_ours = stands and (mine.follow_id or "") > import_id
    if is_ours and mine.follows:
        following.bring_newest(person.id, by=by)
    terms = Terms(columns.reblogs, columns.notify, columns.languages)
    followed = following.follow_met(person.meeting, terms, by=by, deepen=False)
    if stands and not is_ours:
        progress.already += 1
    elif followed.relation.follows:
        progress.followed += 1
    else:
        progress.requested += 1


def _hidden_before(chunk: ImportHidden, people: Sequence[Person], work: Work) -> frozenset[str]:
    """Who was blocked or muted before this chunk ran for the first time."""
    pairs = ((person.id, person.meeting.pair.mine) for person in people)
    hidden = [id for id, mine in pairs if (mine.blocks if chunk.what == "block" else standing.is_muting(mine))]
    return before_first(chunk.job, work.cursor, hidden, len(people))


def _block_all(people: Sequence[Person], by: Viewer, before: Set[str], progress: Progress) -> Exception | None:
    """Block everybody, then mark the conversations with those who were not blocked `before` as read."""
    failure = each(people, progress, lambda person: _block(person, by, person.id in before, progress))
    new = [person.id for person in people if person.id not in before]
    if new:
        blocks.read_shared_conversations(new, by)
    return failure


def _block(person: Person, by: Viewer, was: bool, progress: Progress) -> None:
    if not person.meeting.pair.mine.blocks:
        _demand_active(person)
        blocks.add_met(person.meeting, by)
    _count_hidden(was, progress)


def _mute(person: Person, by: Viewer, was: bool, progress: Progress) -> None:
    mine, until = person.meeting.pair.mine, person.columns.until
    hides_notifications = person.columns.hide_notifications is not False
    stands = mine.mutes and (mine.mutes_until or None) == until
    if not stands or bool(mine.mutes_notifications) != hides_notifications:
        _demand_active(person)
        if until is not None and until <= time.time():
            raise Forbidden("over")
        mutes.add_met(person.meeting, by, notifications=hides_notifications, until=until)
    _count_hidden(was, progress)


def _demand_active(person: Person) -> None:
    if person.meeting.account.deactivated:
        raise Forbidden("deactivated")


def _count_hidden(was: bool, progress: Progress) -> None:
    if was:
        progress.already += 1
    else:
        progress.hidden += 1
