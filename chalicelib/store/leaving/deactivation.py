"""Deactivated accounts: the counters of others leave them out, and count them again when they come back.

A marker says what was left out: `uncounted` on the other's row of the pair, `hidden_reactions` on a mark. Every write
demands that the account is still deactivated, or still active again. So the jobs of both may run in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..accounts import standings
from ..accounts.accounts import PROFILE, Account
from ..accounts.standings import Move
from ..dynamo.failures import Overtaken
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction
from ..jobs import Job
from ..relationships import relations
from ..relationships.relations import PENDING, Pair, Relation
from ..staff import log
from ..staff.log import LoggedAct
from ..statuses.marks import Mark
from ..statuses.reactions import MOST_EMOJI, MOST_REACTORS, entry_of, one_more
from ..statuses.statuses import Status
from . import with_others

PER_PAGE = 48
AT_A_TIME = 8


def deactivate(accounts: Sequence[Account], *, jobs: Iterable[Job] = (), instead_of: Iterable[str] = (),
               asked_by: str | None = None, entry: LoggedAct | None = None) -> None:
    """Make active accounts inactive. Raises Overtaken: one of them has changed since it was read.

    The same transaction writes `jobs`, which do the rest, deletes the jobs `instead_of`, and adds the entry of the
    moderation log. `asked_by`: the job whose row must still exist.
    """
    active = Account.deactivated.does_not_exist() | Account.deactivated.is_in(False)
    with _unless_overtaken() as write:
        standings.move(write, *(Move(account, {"deactivated": True}, condition=active) for account in accounts))
        _change_jobs(write, jobs, instead_of)
        if asked_by is not None:
            write.check(Job.stub(asked_by), Job.id.exists())
        if entry is not None:
            log.add(write, entry)


def activate(accounts: Sequence[Account], *, jobs: Iterable[Job], instead_of: Iterable[str],
             entry: LoggedAct | None = None) -> None:
    """Make inactive accounts active again, with `jobs` in place of others. Raises Overtaken."""
    returns = Account.deactivated.is_in(True) & Account.deleted.does_not_exist()
    with _unless_overtaken() as write:
        standings.move(write, *(Move(account, {"deactivated": None}, condition=returns) for account in accounts))
        _change_jobs(write, jobs, instead_of)
        if entry is not None:
            log.add(write, entry)


@contextmanager
def _unless_overtaken() -> Iterator[Writes]:
    try:
        with transaction() as write:
            yield write
    except ConditionFailed as failed:
        raise Overtaken from failed


def _change_jobs(write: Writes, jobs: Iterable[Job], instead_of: Iterable[str]) -> None:
    for job in jobs:
        write.put(job)
    for id in instead_of:
        write.delete(Job.stub(id))


# Pairs.


def pairs(account_id: str, after: str | None) -> list[Pair]:
    """A page of the account's pairs, by the other's id."""
    rows = list(Relation.query(account_id, Relation.other > after if after else None, consistent_read=True,
                               limit=PER_PAGE))
    found = fetch(strong=[relations.relation_key(row.other, account_id) for row in rows])
    return [Pair(row, found.get(Relation, row.other, account_id) or relations.blank(row.other, account_id))
            for row in rows]


def pair(account_id: str, other: str) -> Pair:
    return relations.pair_in(fetch(strong=relations.pair_keys(account_id, other)), account_id, other)


def leave_out(pair: Pair) -> None:
    """Let the other no longer count this deactivated account, in follows or in requests. Raises Overtaken."""
    theirs = pair.theirs
    if theirs.uncounted or not (theirs.follows or theirs.followed == PENDING):
        return
    _change(pair, {"uncounted": True, "requester_id": None}, -1, deactivated=True)


def count_in(pair: Pair) -> None:
    """Let the other count this account again. Raises Overtaken."""
    theirs = pair.theirs
    if theirs.uncounted:
        asks = pair.mine.me if theirs.followed == PENDING else None
        _change(pair, {"uncounted": None, "requester_id": asks}, 1, deactivated=False)


def _change(pair: Pair, theirs: dict[str, Any], by: int, *, deactivated: bool) -> None:
    try:
        with transaction() as write:
            relations.write_pair(write, pair, {}, theirs)
            if pair.theirs.follows:
                write.update(Account.stub(pair.mine.other, PROFILE), [Account.following_count.add(by)],
                             Account.id.exists())
            _demand_state(write, pair.mine.me, deactivated)
    except ConditionFailed as failed:
        if "state" not in failed.labels:
            raise Overtaken from failed


def _demand_state(write: Writes, account_id: str, deactivated: bool) -> None:
    """Demand that the account has not come back, or left, meanwhile. That change has a job of its own."""
    is_so = Account.deactivated.is_in(True) if deactivated else (
        Account.deactivated.does_not_exist() | Account.deactivated.is_in(False))
    write.check(Account.stub(account_id, PROFILE), Account.id.exists() & is_so, label="state")


# Reactions.


def marks(account_id: str, after: str | None) -> list[Mark]:
    """A page of the account's marks, by status."""
    return list(Mark.query(account_id, Mark.status_id > after if after else None, consistent_read=True,
                           limit=PER_PAGE))


def hide_reactions(page: list[Mark]) -> list[Mark]:
    """Take reactions out of the sums. Answers the marks that have changed meanwhile, to be done again."""
    return _each([mark for mark in page if mark.reactions], _hide)


def show_reactions(page: list[Mark]) -> list[Mark]:
    """Put hidden reactions back into the sums. Answers the marks that have changed meanwhile, to be done again."""
    return _each([mark for mark in page if mark.hidden_reactions], _show)


def again(page: list[Mark]) -> list[Mark]:
    """The marks as they are now."""
    return fetch(strong=[key(Mark, mark.account_id, mark.status_id) for mark in page]).all(Mark)


def _each(page: list[Mark], change: Any) -> list[Mark]:
    found = fetch(strong=[key(Status, mark.status_id) for mark in page])
    changed: list[Mark] = []
    for start in range(0, len(page), AT_A_TIME):
        chunk = page[start:start + AT_A_TIME]
        done = together(*[lambda mark=mark: change(mark, found.get(Status, mark.status_id)) for mark in chunk])
        changed += [mark for mark, is_done in zip(chunk, done, strict=True) if not is_done]
    return changed


def _hide(mark: Mark, status: Status | None) -> bool:
    moved = [Mark.hidden_reactions.set(dict(mark.reactions)), Mark.reactions.remove()]
    actions, unchanged = with_others.reactions_less(mark, status) if status is not None else ([], None)
    return _move(mark, moved, actions, unchanged, deactivated=True)


def _show(mark: Mark, status: Status | None) -> bool:
    own = dict(mark.reactions or {})
    back = {emoji: flake for emoji, flake in dict(mark.hidden_reactions).items() if emoji not in own}
    moved = [Mark.reactions.set({**back, **own}), Mark.hidden_reactions.remove()]
    actions, unchanged = _more(back, mark, status) if status is not None else ([], None)
    return _move(mark, moved, actions, unchanged, deactivated=False)


def _more(back: dict[str, str], mark: Mark, status: Status) -> tuple[list[Any], Any]:
    """The actions that add reactions to the sum, and the condition they need."""
    account_id, pictures = mark.account_id, dict(mark.reaction_pictures or {})
    summary: Any = status.reactions
    reactors = status.reactors or ()
    actions: list[Any] = []
    if summary is None:
        added = dict(list(back.items())[:MOST_EMOJI])
        actions.append(Status.reactions.set(
            {emoji: entry_of(flake, pictures.get(emoji), account_id) for emoji, flake in added.items()}))
        condition: Any = Status.reactions.does_not_exist()
        is_full = len(added) < len(back)
    else:
        condition = Status.reactions.exists()
        room = MOST_EMOJI - len(summary)
        new = [emoji for emoji in back if emoji not in summary]
        for emoji in back:
            entry = Status.reactions[emoji]
            if emoji in summary:
                actions += one_more(emoji, summary[emoji], account_id)
                condition &= entry.exists()
            elif emoji in new[:max(room, 0)]:
                actions.append(entry.set(entry_of(back[emoji], pictures.get(emoji), account_id)))
                condition &= entry.does_not_exist()
        is_full = len(new) > room
    if account_id not in reactors and len(reactors) < MOST_REACTORS:
        actions.append(Status.reactors.add({account_id}))
    elif account_id not in reactors:
        is_full = True
    return actions + ([Status.more_reactions.set(True)] if is_full else []), condition


def _move(mark: Mark, moved: list[Any], actions: list[Any], unchanged: Any, *, deactivated: bool) -> bool:
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    try:
        with transaction() as write:
            write.update(Mark.stub(mark.account_id, mark.status_id), moved, with_others.unchanged(mark))
            if actions:
                write.update(Status.stub(mark.status_id), actions,
                             alive & unchanged if unchanged is not None else alive)
            _demand_state(write, mark.account_id, deactivated)
    except ConditionFailed as failed:
        return "state" in failed.labels
    return True
