"""How many notifications, or groups of them, are newer than the marker of notifications.

Where no marker was set, what comes after the newest one that was read. Only the rows are looked at, in one query.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...store.notifications import reading as store
from ...store.notifications.notifications import Notification
from ...store.notifications.reading import LARGEST
from ..paging import Window
from ..viewer import Viewer
from . import markers, reading
from .grouping import GROUPED, key_of
from .reading import NotificationWishes, Reading

MOST_READ = 3000


def count_unread(viewer: Viewer, wishes: NotificationWishes, most: int) -> int:
    """How many there are, up to a number."""
    return min(len(_newer(viewer, wishes, most)), most)


def count_unread_groups(viewer: Viewer, wishes: NotificationWishes, most: int,
                        grouped: Collection[str] | None = None) -> int:
    """How many groups have any, up to a number."""
    rows = _newer(viewer, wishes, MOST_READ)
    return min(len({key_of(row, GROUPED if grouped is None else grouped) for row in rows}), most)


def _newer(viewer: Viewer, wishes: NotificationWishes, limit: int) -> Sequence[Notification]:
    state = store.state_of(viewer.id)
    reading.demand_account(wishes)
    marker = markers.last_read(state)
    above = max(-1 if marker is None else marker, int(state.cleared))
    window = Window(str(above), str(LARGEST), ascending=False, limit=limit)
    rows = reading.querying(viewer.id, wishes)(window, 0).rows
    looking = Reading(viewer, state, with_muted=wishes.with_muted)
    if marker is None:
        first_read = next((place for place, row in enumerate(rows) if row.is_seen(int(state.watermark))), len(rows))
        rows = rows[:first_read]
    return [row for row in rows if reading.is_wanted(row, wishes) and looking.may_show(row)]
