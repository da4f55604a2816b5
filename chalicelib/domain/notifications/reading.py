"""Notifications as their owner reads them: pages of them, marking them read, deleting them.

What is *hidden* depends on whom the owner blocks and mutes now, not when the notification came. A page reads at most
four stretches of rows, and loads at most eight batches of them. If that was not enough, the page is short, and its Link
goes on from where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...queues import queue
from ...queues.messages import outbox
from ...queues.notifications import ClearNotifications
from ...store import chats
from ...store.accounts import accounts
from ...store.accounts.accounts import State
from ...store.chats import ChatMessage
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch, end_of
from ...store.notifications import reading as notification_list
from ...store.notifications.notifications import NAMES, TYPES, Notification
from ...store.notifications.reading import LARGEST, number_in
from ...store.staff import reports
from ...store.staff.reports import Reported
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ..pages import Filled, Loading, Read, fill
from ..paging import Cursors, Window
from ..refusals import BadRequest, Forbidden, NotFound
from ..relationships import domain_blocks
from ..timelines.filtering import NOTIFICATIONS, Filtering
from ..viewer import Viewer
from ..visibility import for_clients, is_active, may_see
from . import markers
from .grouping import single_in
from .making import mutes_notifications

OF_CHAT, OF_REPORT = TYPES["pleroma:chat_mention"], TYPES["pleroma:report"]
SAME_AS = {"admin.report": "pleroma:report"}
"""Newer names of types. Who asks for one gets it by this name."""
FOR_STAFF = frozenset({TYPES["admin.sign_up"]})
DEFAULT_TYPES = ("mention", "follow", "follow_request", "reblog", "favourite", "move", "pleroma:emoji_reaction",
                 "status", "poll", "update", "quote", "quoted_update")
STRETCHES = (100, 400, 1000)
"""How many rows each stretch after the first reads, while the page is short. 1,526 in all for a page of 20."""
BY_ONE = 3000
"""How many rows a stretch reads to find those of one account."""
SLACK = 1.25
FEW_TYPES = 3
MOST_LOADS = 8
SMALLEST_LOAD = 10
MOST_RETURNED = 80


@dataclass(frozen=True)
class NotificationWishes:
    """What the parameters of the list ask for. Unknown types are no fault: there are no such notifications."""

    include_types: Sequence[str] = ()
    exclude_types: Sequence[str] = ()
    account_id: str | None = None
    exclude_visibilities: Sequence[str] = ()
    with_muted: bool = False
    include_filtered: bool = False
    """Those too that the viewer's policy holds back."""

    @cached_property
    def letters(self) -> frozenset[str]:
        wanted = {SAME_AS.get(type, type) for type in self.include_types or DEFAULT_TYPES}
        wanted -= {SAME_AS.get(type, type) for type in self.exclude_types}
        return frozenset(letter for type, letter in TYPES.items() if type in wanted)

    @property
    def names(self) -> Mapping[str, str]:
        """The names of types by letter, as the client knows them."""
        asked = set(self.include_types)
        return {**NAMES, **{TYPES[older]: type for type, older in SAME_AS.items()
                            if type in asked and older not in asked}}


@dataclass(frozen=True)
class NotificationSurroundings:
    """All that is needed to show notifications. Messages and reports are keyed by id: they are the causes."""

    known: Surroundings = field(default_factory=Surroundings)
    messages: dict[str, ChatMessage] = field(default_factory=dict)
    reported: Reported = field(default_factory=Reported)

    def joined(self, other: NotificationSurroundings) -> NotificationSurroundings:
        return NotificationSurroundings(self.known.joined(other.known), self.messages | other.messages,
                                        self.reported.joined(other.reported))


@dataclass(frozen=True)
class NotificationPage:
    """Notifications with what is needed to show them.

    `continues`: the number to go on from, if the page is short before the end.
    """

    rows: list[Notification] = field(default_factory=list)
    around: NotificationSurroundings = field(default_factory=NotificationSurroundings)
    watermark: int = 0
    continues: str | None = None
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)


def ahead(viewer_id: str, *, id: str | None = None, **_: str) -> list[Key]:
    """What a request about notifications reads first."""
    number = number_in(id) if id is not None else None
    one = [notification_list.notification_key(viewer_id, number)] if number is not None else []
    return [notification_list.state_key(viewer_id), *one]


def ahead_of_group(viewer_id: str, *, group_key: str, **_: str) -> list[Key]:
    """What a request about a group reads first: its only notification, if it is a group of one."""
    number = single_in(group_key)
    one = [notification_list.notification_key(viewer_id, number)] if number is not None else []
    return [notification_list.state_key(viewer_id), *one]


# Pages.


def list_of(viewer: Viewer, page: Cursors, wishes: NotificationWishes) -> NotificationPage:
    """The viewer's notifications, newest first."""
    state = notification_list.state_of(viewer.id)
    demand_account(wishes)
    reading = Reading(viewer, state, with_muted=wishes.with_muted)
    found = reading.page(window_of(page, state), querying(viewer.id, wishes), lambda row: is_wanted(row, wishes))
    return NotificationPage(found.shown, reading.around, state.watermark, found.continues, wishes.names)


def demand_account(wishes: NotificationWishes) -> None:
    """Raises NotFound if they name an account that does not exist."""
    account = accounts.find(wishes.account_id) if wishes.account_id is not None else None
    if wishes.account_id is not None and (account is None or account.deleted):
        raise NotFound("Account is not found")


def window_of(page: Cursors, state: State) -> Window:
    """The numbers that are asked for."""
    below = number_in(page.max_id) if page.max_id else LARGEST
    lows = [low for low in (number_in(page.since_id or ""), number_in(page.min_id or "")) if low is not None]
    above = min(max([-1, int(state.cleared), *lows]), LARGEST)
    return Window(str(above), None if below is None else str(min(below, LARGEST)),
                  ascending=number_in(page.min_id or "") is not None, limit=page.limit,
                  empty=below is None or page.limit <= 0)


def is_wanted(row: Notification, wishes: NotificationWishes) -> bool:
    """Whether the list has it, as far as the row tells."""
    if row.is_held and not wishes.include_filtered:
        return False
    word = for_clients(row.visibility) if row.visibility else None
    return row.type in wishes.letters and word not in wishes.exclude_visibilities


def querying(account_id: str, wishes: NotificationWishes, *, first: int = 0) -> Read[Notification]:
    """Reads stretch by stretch. A few types are each read by a query of their own, and any if others crowd them out.

    `first`: so many rows are read at first; 0: as many as a page of them may need.
    """
    letters = wishes.letters
    may_be_apart = not wishes.include_filtered  # what is held back is not found by its type
    apart = may_be_apart and len(letters) <= FEW_TYPES

    def query(left: Window, turn: int) -> Stretch[Notification]:
        nonlocal apart
        above, below = left.numbers
        size = STRETCHES[turn - 1] if turn else first or int(left.limit * SLACK) + 1
        bounds: dict[str, Any] = {"above": above, "below": below, "ascending": left.ascending}
        if wishes.account_id is not None:
            return notification_list.read(account_id, **bounds, limit=BY_ONE, by=wishes.account_id)
        if apart:
            return notification_list.read_types(account_id, letters, **bounds, limit=size)
        stretch = notification_list.read(account_id, **bounds, limit=size)
        listed = sum(row.type in letters and not row.is_held for row in stretch.rows)
        apart = may_be_apart and listed * 2 < len(stretch.rows)
        return stretch

    return query


class Reading:
    """A page in the making: how often rows were loaded for it, and what was learnt from them."""

    def __init__(self, viewer: Viewer, state: State, *, with_muted: bool) -> None:
        self.viewer, self.state, self.with_muted = viewer, state, with_muted
        self.around = NotificationSurroundings()
        self._filtering = Filtering(viewer.hides, NOTIFICATIONS)
        self._loads = 0
        self._gone: set[str] = set()

    def page(self, part: Window, query: Read[Notification], wanted: Callable[[Notification], bool]) -> Filled[
            Notification]:
        def read(left: Window, turn: int) -> Stretch[Notification]:
            stretch = query(left, turn)
            return Stretch([row for row in stretch.rows if wanted(row) and self.may_show(row)], stretch.end)

        return fill(part, read, self.show, Loading(
            self._size, place=lambda row: str(int(row.id)), wanted=lambda row: row.by not in self._gone))

    def may_show(self, row: Notification) -> bool:
        """Whether it may be listed, as far as the row tells."""
        return notification_list.is_there(row, self.state) and not _is_hidden(row, self.viewer, self.with_muted)

    def _size(self, lacks: int) -> int:
        return max(lacks, SMALLEST_LOAD) if self._loads < MOST_LOADS else 0

    def show(self, rows: Sequence[Notification]) -> list[Notification]:
        """Load them. Answers those that may be listed, now that all is known."""
        loaded = load(rows, self.viewer)
        self._loads += 1
        self._gone |= {row.by for row in rows if not is_active(loaded.known.accounts.get(row.by))}
        unwanted = domain_blocks.find_unwanted(loaded.known.accounts.values(), self.viewer, loaded.known.relations)
        self.around = self.around.joined(loaded)
        return [row for row in rows if row.by not in unwanted and self._is_shown(row, loaded)]

    def _is_shown(self, row: Notification, around: NotificationSurroundings) -> bool:
        """Whether it may be listed, now that all is loaded: its account is active, and no phrase filters it out."""
        by = around.known.accounts.get(row.by)
        if by is None or not is_active(by) or not _is_whole(row, self.viewer, around):
            return False
        status = around.known.statuses[row.status] if row.status else None
        return status is None or not self._filtering.leaves_out(status)


def _is_hidden(row: Notification, viewer: Viewer, with_muted: bool) -> bool:
    """Whether blocks or mutes hide it, as far as the row tells."""
    if viewer.blocks(row.by) or (row.type in FOR_STAFF and not viewer.is_staff):
        return True
    in_muted_thread = row.thread is not None and viewer.mutes_thread(row.thread)
    return not with_muted and (in_muted_thread or mutes_notifications(viewer, row.by))


def load(rows: Sequence[Notification], viewer: Viewer) -> NotificationSurroundings:
    """What is needed to show them, the viewer included. One round of reads, and two more if there are reports."""
    said = [(row.by, row.cause) for row in rows if row.type == OF_CHAT]
    filed = [row.cause for row in rows if row.type == OF_REPORT and viewer.is_staff]
    def statuses_and_people() -> Surroundings:
        return notification_list.load(rows, viewer.eyes, with_relations=bool(viewer.hides.blocked_domains))

    if said or filed:
        known, messages, reported = together(
            statuses_and_people, lambda: chats.find_messages(viewer.id, said), lambda: reports.gather(filed))
    else:
        known, messages, reported = statuses_and_people(), {}, Reported()
    known.accounts[viewer.id] = viewer.account
    return NotificationSurroundings(known, messages, reported)


def _is_whole(row: Notification, viewer: Viewer, around: NotificationSurroundings) -> bool:
    """Whether all that it is about still exists, and the viewer may see it."""
    people = [around.known.accounts.get(id) for id in (row.by, row.target) if id]
    if any(each is None or each.deleted for each in people):
        return False
    if row.type == OF_CHAT:
        return row.cause in around.messages
    if row.type == OF_REPORT:
        return row.cause in around.reported.reports
    return row.status is None or _is_visible(around.known.statuses.get(row.status), viewer, around.known)


def _is_visible(status: Status | None, viewer: Viewer, known: Surroundings) -> bool:
    return status is not None and status.account_id in known.accounts and may_see(
        status, viewer, known.relations.get(status.account_id))


# One by one.


def get(id: str, viewer: Viewer) -> NotificationPage:
    """One of the viewer's notifications, hidden or not."""
    return _single(_find(id, viewer, Forbidden("Cannot get notification")), viewer,
                   Forbidden("Cannot get notification"))


def find_new(number: int, viewer: Viewer) -> NotificationPage | None:
    """One that has just come. None: it is gone, the list would not show it, or the viewer is not to be disturbed."""
    state = notification_list.state_of(viewer.id)
    row = notification_list.find(viewer.id, number)
    reading = Reading(viewer, state, with_muted=False)
    if row is None or row.quiet or not reading.may_show(row) or not reading.show([row]):
        return None
    return NotificationPage([row], reading.around, state.watermark)


def _find(id: str, viewer: Viewer, refusal: Exception) -> tuple[Notification, State]:
    number = number_in(id)
    state = notification_list.state_of(viewer.id)
    row = notification_list.find(viewer.id, number) if number is not None else None
    if row is None or not notification_list.is_there(row, state):
        raise refusal
    return row, state


def _single(found: tuple[Notification, State], viewer: Viewer, refusal: Exception) -> NotificationPage:
    row, state = found
    around = load([row], viewer)
    if not _is_whole(row, viewer, around):
        raise refusal
    return NotificationPage([row], around, state.watermark)


def dismiss(id: str, viewer: Viewer) -> None:
    """Delete one."""
    number = number_in(id)
    cleared = notification_list.state_of(viewer.id).cleared
    if number is None or number <= cleared or not notification_list.dismiss(viewer.id, number):
        raise Forbidden("Cannot dismiss notification")


def dismiss_many(ids: Iterable[str], viewer: Viewer) -> None:
    """Delete these, as far as the viewer has them."""
    numbers = [number for id in ids if (number := number_in(id)) is not None]
    notification_list.dismiss_many(viewer.id, numbers)


def clear(viewer: Viewer) -> None:
    """Delete all, hidden ones too: a thousand at once. A job deletes the others, which are not shown any more."""
    deleted = notification_list.delete_some(viewer.id)
    if len(deleted) < notification_list.AT_ONCE:
        return
    up_to = deleted[-1]
    rest = ClearNotifications(viewer.id, up_to)
    notification_list.hide(viewer.id, up_to, outbox(rest))
    state = notification_list.state_of(viewer.id)
    unread = notification_list.unread_up_to(viewer.id, state.watermark)
    notification_list.mark_all_read(viewer.id, unread, up_to, state.watermark)
    queue.send(rest)


def go_on_clearing(account_id: str, up_to: int) -> int | None:
    """Delete some more of what was cleared. Answers how many, or None if nothing is left."""
    deleted = notification_list.delete_some(account_id, up_to)
    return len(deleted) if len(deleted) == notification_list.AT_ONCE else None


# Reading.


def mark_read(id: str, viewer: Viewer) -> NotificationPage:
    """Mark one as read. Answers it, even if it was read before."""
    refusal = BadRequest("Cannot get notification")
    number = number_in(id)
    state = notification_list.state_of(viewer.id)
    row = notification_list.mark_read(viewer.id, number) if number is not None and number > state.cleared else None
    if row is None:
        raise refusal
    shown = _single((row, state), viewer, refusal)
    markers.move(viewer.id, state, int(row.id))
    return shown


def mark_all_read(max_id: str, viewer: Viewer) -> NotificationPage:
    """Mark all as read up to a number, which need not exist. Answers the newest eighty that are not hidden."""
    state = notification_list.state_of(viewer.id)
    number = number_in(max_id)
    if number is None:
        return NotificationPage(watermark=state.watermark)
    watermark = int(state.watermark)
    up_to = min(number, LARGEST)
    unread = notification_list.unread_up_to(viewer.id, watermark)
    numbers = sorted((each.id for each in unread if each.id <= up_to), reverse=True)
    if not numbers:
        return NotificationPage(watermark=watermark)
    notification_list.mark_all_read(viewer.id, unread, up_to, watermark)
    markers.move(viewer.id, state, numbers[0])
    reading = Reading(viewer, state, with_muted=False)
    part = Window(None, None, ascending=False, limit=MOST_RETURNED)
    found = reading.page(part, _of_numbers(viewer.id, numbers), lambda row: True)
    for row in found.shown:
        row.unread = None
    return NotificationPage(found.shown, reading.around, watermark)


def _of_numbers(account_id: str, numbers: Sequence[int]) -> Read[Notification]:
    """Reads the notifications with these numbers, a hundred at a time."""
    def read(left: Window, turn: int) -> Stretch[Notification]:
        chunk = numbers[turn * 100:(turn + 1) * 100]
        return Stretch(notification_list.find_many(account_id, chunk), end_of(chunk, 100, str))

    return read
