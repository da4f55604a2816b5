"""Notifications in groups, as their owner reads them: a page of groups, one group, who is in it, dismissing it.

A page reads notifications as the plain list does, and folds them. Of a group that goes on beyond the page, the rest is
in the same half of a day as the last notification of the page. So one more query counts the rest of all groups.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...queues import queue
from ...queues.messages import outbox
from ...queues.notifications import DismissGroup
from ...store import jobs
from ...store.accounts.accounts import Account, State
from ...store.dynamo.stretches import Stretch
from ...store.notifications import reading as store
from ...store.notifications.notifications import NAMES, Notification
from ..pages import Read, fill
from ..paging import Cursors, Window
from ..refusals import NotFound
from ..viewer import Viewer
from . import reading
from .grouping import GROUPED, GroupName, group_named, hour_of, key_of, single_in
from .reading import BY_ONE, NotificationSurroundings, NotificationWishes, Reading

MOST_SAMPLED = 8
FIRST = 3
"""How many rows the first stretch reads for each group that is wanted."""
FEWEST_FIRST = 100


@dataclass(frozen=True)
class NotificationGroup:
    """`shown`: the newest of it, eight at most. `page`: the lowest and the highest number of those on the page."""

    key: str
    shown: Sequence[Notification]
    count: int
    page: tuple[int, int] | None = None

    @property
    def newest(self) -> Notification:
        return self.shown[0]


@dataclass(frozen=True)
class GroupPage:
    """Groups with what is needed to show them. `ends`: the highest and the lowest number that the page looked at.

    `continues`: the number to go on from, if the page is short before the end.
    """

    groups: list[NotificationGroup] = field(default_factory=list)
    around: NotificationSurroundings = field(default_factory=NotificationSurroundings)
    ends: Sequence[str] = ()
    continues: str | None = None
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)


# A page.


def list_of(viewer: Viewer, page: Cursors, wishes: NotificationWishes,
            grouped: Collection[str] | None = None) -> GroupPage:
    """The viewer's notifications in groups, newest first. `grouped`: the types to group; None: all that can be."""
    state = store.state_of(viewer.id)
    reading.demand_account(wishes)
    looking = Reading(viewer, state, with_muted=wishes.with_muted)
    part = reading.window_of(page, state)
    folding = _Folding(part, looking, wishes, GROUPED if grouped is None else grouped)
    query = reading.querying(viewer.id, wishes, first=max(part.limit * FIRST, FEWEST_FIRST))
    found = fill(part, folding.reading(query), folding.take)
    members = {key: _newest_first(rows) for key, rows in folding.groups.items()}
    rest = folding.rest(state)
    groups = [replace(group, page=(int(members[group.key][-1].id), int(members[group.key][0].id)))
              for group in _shown({key: [*rows, *rest.get(key, ())] for key, rows in members.items()}, looking)]
    numbers = [int(row.id) for rows in members.values() for row in rows]
    ends = [str(max(numbers)), str(min(numbers))] if numbers else []
    return GroupPage(groups, looking.around, ends, found.continues, wishes.names)


def _newest_first(rows: Sequence[Notification]) -> list[Notification]:
    return sorted(rows, key=lambda row: int(row.id), reverse=True)


def _shown(members: Mapping[str, Sequence[Notification]], looking: Reading) -> list[NotificationGroup]:
    """The groups of which something may be shown, the newest first. Their newest notifications are loaded together.

    If none of these may be shown, the next ones are looked at, once.
    """
    shown: dict[str, list[Notification]] = {key: [] for key in members}
    hidden = dict.fromkeys(members, 0)
    for start in (0, MOST_SAMPLED):
        sample = {key: rows[start:start + MOST_SAMPLED] for key, rows in members.items() if not shown[key]}
        ids = {int(row.id) for row in looking.show([row for rows in sample.values() for row in rows])}
        for key, rows in sample.items():
            shown[key] = [row for row in rows if int(row.id) in ids]
            hidden[key] += len(rows) - len(shown[key])
    groups = [NotificationGroup(key, shown[key], len(rows) - hidden[key])
              for key, rows in members.items() if shown[key]]
    return sorted(groups, key=lambda group: int(group.newest.id), reverse=True)


class _Folding:
    """The groups of a page, in the order of reading."""

    def __init__(self, part: Window, looking: Reading, wishes: NotificationWishes, grouped: Collection[str]) -> None:
        self.groups: dict[str, list[Notification]] = {}
        self._part, self._looking, self._wishes, self._grouped = part, looking, wishes, grouped
        self._beyond: list[Notification] = []
        self._end: str | None = None

    def reading(self, query: Read[Notification]) -> Read[Notification]:
        def read(left: Window, turn: int) -> Stretch[Notification]:
            stretch = query(left, turn)
            self._end = stretch.end
            return Stretch([row for row in stretch.rows if self._is_wanted(row)], stretch.end)

        return read

    def _is_wanted(self, row: Notification) -> bool:
        return reading.is_wanted(row, self._wishes) and self._looking.may_show(row)

    def take(self, rows: Sequence[Notification]) -> list[str]:
        """Fold rows into groups, as long as the page has room. Answers the keys of new groups."""
        new = []
        for place, row in enumerate(rows):
            key = key_of(row, self._grouped)
            if key not in self.groups:
                if len(self.groups) == self._part.limit:
                    self._beyond = list(rows[place:])
                    break
                new.append(key)
            self.groups.setdefault(key, []).append(row)
        return new

    def rest(self, state: State) -> Mapping[str, list[Notification]]:
        """What is left of the groups below the page, newest first. One query, or none if there can be nothing."""
        numbers = [int(row.id) for rows in self.groups.values() for row in rows]
        if not numbers:
            return {}
        hour = f"-{hour_of(min(numbers))}"
        going_on = {key: rows for key, rows in self.groups.items() if key.endswith(hour) and group_named(key)}
        if not going_on:
            return {}
        names = [name for key in going_on if (name := group_named(key)) is not None]
        rest: dict[str, list[Notification]] = {}
        for row in [*self._left_over(), *self._read_below(names, state)]:
            if (key := key_of(row, self._grouped)) in going_on:
                rest.setdefault(key, []).append(row)
        return rest

    def _left_over(self) -> list[Notification]:
        """Rows that were read already and are older than the page."""
        return [] if self._part.ascending else self._beyond

    def _read_below(self, names: Sequence[GroupName], state: State) -> list[Notification]:
        above, below = max(names[0].above, int(state.cleared)), int(self._part.above or -1) + 1
        if self._end is not None and not self._part.ascending:
            below = int(self._end)
        letters = {name.letter for name in names}
        if below - above <= 1:
            return []
        if self._wishes.account_id is None and len(letters) == 1:
            stretch = store.read_type(self._looking.viewer.id, letters.pop(), above=above, below=below,
                                      ascending=False, limit=BY_ONE)
        else:
            stretch = store.read(self._looking.viewer.id, above=above, below=below, ascending=False, limit=BY_ONE,
                                 by=self._wishes.account_id)
        return [row for row in stretch.rows if self._is_wanted(row)]


# One group.


def get(key: str, viewer: Viewer) -> GroupPage:
    """One group, as far as it is shown. NotFound: there is nothing of it."""
    looking = Reading(viewer, store.state_of(viewer.id), with_muted=False)
    groups = _shown({key: _members(key, looking)}, looking)
    if not groups:
        raise NotFound
    return GroupPage(groups, looking.around)


def _members(key: str, looking: Reading) -> list[Notification]:
    """The notifications of a group, newest first, as far as their rows tell. One query."""
    number, name = single_in(key), group_named(key)
    if number is not None:
        row = store.find(looking.viewer.id, number)
        return [row] if row is not None and store.is_there(row, looking.state) else []
    window = Window(None, None, ascending=False, limit=BY_ONE)
    return [] if name is None else [*_reading_members(name, looking)(window, 0).rows]


def _reading_members(name: GroupName, looking: Reading) -> Read[Notification]:
    """Reads a group stretch by stretch."""
    def read(left: Window, turn: int) -> Stretch[Notification]:
        low, high = left.numbers
        above = max(name.above, int(looking.state.cleared), -1 if low is None else low)
        below = name.below if high is None else min(name.below, high)
        stretch = store.read_type(looking.viewer.id, name.letter, above=above, below=below,
                                  ascending=left.ascending, limit=BY_ONE)
        rows = [row for row in stretch.rows if key_of(row) == name.key and looking.may_show(row)]
        return Stretch(rows, stretch.end)

    return read


@dataclass(frozen=True)
class MemberPage:
    """Accounts of a group, with the numbers of their notifications. `continues`: as of any page."""

    accounts: list[Account] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    continues: str | None = None


def list_accounts(key: str, viewer: Viewer, page: Cursors) -> MemberPage:
    """Who caused the notifications of a group, the latest first. NotFound: it is no key of a group."""
    looking = Reading(viewer, store.state_of(viewer.id), with_muted=False)
    name = group_named(key)
    if name is None:
        rows = looking.show(_members(key, looking))
        if not rows:
            raise NotFound
        continues = None
    else:
        found = looking.page(reading.window_of(page, looking.state), _reading_members(name, looking), lambda row: True)
        rows, continues = found.shown, found.continues
    accounts = looking.around.known.accounts
    return MemberPage([accounts[row.by] for row in rows], [str(int(row.id)) for row in rows], continues)


def dismiss(key: str, viewer: Viewer) -> None:
    """Delete a group. A job does what one request does not reach. An unknown group is no fault."""
    number, name = single_in(key), group_named(key)
    if number is not None:
        store.dismiss_many(viewer.id, [number])
    if name is not None and _delete_some(viewer.id, name, name.below) is not None:
        rest = DismissGroup(viewer.id, name.key)
        jobs.add([outbox(rest)])
        queue.send(rest)


def dismiss_rest(account_id: str, key: str) -> None:
    """Delete all that is left of a group."""
    name = group_named(key)
    rest = None if name is None else name.below
    while name is not None and rest is not None:
        rest = _delete_some(account_id, name, rest)


def _delete_some(account_id: str, name: GroupName, below: int) -> int | None:
    """Delete those of a group among the next thousand of its type. Answers the number to go on below, or None."""
    stretch = store.read_type(account_id, name.letter, above=name.above, below=below, ascending=False,
                              limit=store.AT_ONCE)
    store.dismiss_many(account_id, [int(row.id) for row in stretch.rows if key_of(row) == name.key])
    return None if stretch.end is None else int(stretch.end)
