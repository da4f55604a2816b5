"""Notification requests: who waits for the viewer to accept what the policy has held back, and deciding it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ...ids import number_at
from ...queues import queue
from ...queues.messages import outbox
from ...queues.notifications import SettleRequest
from ...store.dynamo.keys import Key
from ...store.dynamo.stretches import Stretch
from ...store.notifications import reading as notification_list
from ...store.notifications import requests as store
from ...store.notifications.held import NotificationRequest
from ...store.notifications.reading import LARGEST, number_in
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ...store.statuses.surroundings import Surroundings, load_known
from .. import events
from ..event_types.notifications import NotificationsMerged
from ..pages import fill
from ..paging import Cursors, Window
from ..refusals import NotFound
from ..relationships.changing import change
from ..viewer import Viewer
from ..visibility import is_active, may_see

MOST_AT_ONCE = 40


@dataclass(frozen=True)
class RequestPage:
    """Requests with what is needed to show them. `continues`: as of any page."""

    requests: list[NotificationRequest] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    continues: str | None = None


@dataclass(frozen=True)
class Pending:
    """How much waits for the viewer, up to a hundred requests."""

    requests: int
    notifications: int


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What a request about them reads first."""
    return [notification_list.state_key(viewer_id)]


def list_of(viewer: Viewer, page: Cursors) -> RequestPage:
    """The requests of accounts that the viewer does not hide, newest first."""
    around = Surroundings()

    def read(left: Window, turn: int) -> Stretch[NotificationRequest]:
        above, below = left.numbers
        stretch = store.read(viewer.id, above=-1 if above is None else above,
                             below=LARGEST if below is None else below, ascending=left.ascending, limit=left.limit)
        return Stretch([row for row in stretch.rows if not viewer.blocks(row.sender)], stretch.end)

    def show(rows: Sequence[NotificationRequest]) -> list[NotificationRequest]:
        nonlocal around
        known = _load(rows, viewer)
        around = around.joined(known)
        return [row for row in rows if is_active(known.accounts.get(row.sender))]

    found = fill(_window(page), read, show)
    return RequestPage(found.shown, around, found.continues)


def _window(page: Cursors) -> Window:
    below = number_in(page.max_id) if page.max_id else LARGEST
    lows = [low for low in (number_in(page.since_id or ""), number_in(page.min_id or "")) if low is not None]
    return Window(str(min(max([-1, *lows]), LARGEST)), None if below is None else str(min(below, LARGEST)),
                  ascending=number_in(page.min_id or "") is not None, limit=page.limit,
                  empty=below is None or page.limit <= 0)


def _load(rows: Sequence[NotificationRequest], viewer: Viewer) -> Surroundings:
    """The senders, and the last statuses that the viewer may see, in one round."""
    senders = {str(row.sender) for row in rows}
    known = load_known([row.status for row in rows if row.status], senders, viewer.eyes, relations_with=senders)
    for id, status in list(known.statuses.items()):
        if not may_see(status, viewer, known.relations.get(status.account_id)):
            del known.statuses[id]
    return known


def get(id: str, viewer: Viewer) -> RequestPage:
    """One of the viewer's requests."""
    request = _find(id, viewer)
    around = _load([request], viewer)
    if not is_active(around.accounts.get(request.sender)):
        raise NotFound
    return RequestPage([request], around)


def _find(id: str, viewer: Viewer) -> NotificationRequest:
    number = number_in(id)
    request = store.find(viewer.id, number) if number is not None and number <= LARGEST else None
    if request is None:
        raise NotFound
    return request


def pending(viewer: Viewer) -> Pending:
    """How much waits, for the summary of the policy."""
    waiting = [each for each in store.newest(viewer.id) if not viewer.blocks(each.sender)]
    return Pending(len(waiting), sum(int(each.waiting) for each in waiting))


# Deciding.


def accept(id: str, by: Viewer) -> None:
    """Let an account's notifications through, those held back too."""
    _accept(_find(id, by), by)


def dismiss(id: str, by: Viewer) -> None:
    """Delete what is held back of an account."""
    _dismiss(_find(id, by), by)


def accept_many(ids: Iterable[str], by: Viewer) -> None:
    """As `accept`, for those of these that exist."""
    _decide(ids, by, _accept)


def dismiss_many(ids: Iterable[str], by: Viewer) -> None:
    """As `dismiss`, for those of these that exist."""
    _decide(ids, by, _dismiss)


def _decide(ids: Iterable[str], by: Viewer, decide: Callable[[NotificationRequest, Viewer], None]) -> None:
    numbers = [number for id in dict.fromkeys(ids) if (number := number_in(id)) is not None and number <= LARGEST]
    for request in store.find_many(by.id, numbers[:MOST_AT_ONCE]):
        decide(request, by)


def _accept(request: NotificationRequest, by: Viewer) -> None:
    sender = str(request.sender)
    release = SettleRequest(by.id, sender)

    def decide(meeting: Meeting) -> Relation:
        return store.accept(meeting.pair, outbox(release))

    change(sender, by, decide)
    queue.send(release)


def _dismiss(request: NotificationRequest, by: Viewer) -> None:
    now = int(time.time() * 1000)
    delete = SettleRequest(by.id, str(request.sender), number_at(now + 1))
    store.dismiss(by.id, str(request.sender), outbox(delete))
    queue.send(delete)


def is_merged(viewer: Viewer) -> bool:
    """Whether everything that was accepted is in the list by now."""
    return not notification_list.state_of(viewer.id).merging


def settle(account_id: str, sender: str, up_to: int) -> int | None:
    """Delete those of a sender's notifications up to a number, or release all (0). None: it is done."""
    left = store.settle_some(account_id, sender, up_to or LARGEST, release=not up_to)
    if left is None and not up_to:
        store.merged(account_id, sender)
        events.tell(NotificationsMerged(account_id))
    return left
