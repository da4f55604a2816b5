"""Markers: how far an account has read its home timeline and its notifications, with whichever client.

The marker of notifications moves by itself when one is read. Before anything was set or read, it is found by looking at
the newest notifications. A marker that a client has set stays until something is read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...store.accounts.accounts import State
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.notifications import markers, reading
from ...store.notifications.markers import HOME, NOTIFICATIONS
from ...store.notifications.notifications import count_unread
from ...store.notifications.reading import number_in
from ..refusals import Unacceptable
from ..viewer import Viewer

LONGEST = 64


@dataclass(frozen=True)
class MarkerPosition:
    """`at`: when it was set or moved, in seconds."""

    last_read_id: str
    at: int
    unread: int = 0


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What a request for markers reads first."""
    return [reading.state_key(viewer_id)]


def list_of(viewer: Viewer, timelines: Iterable[str]) -> dict[str, MarkerPosition]:
    """The markers of these timelines, as far as they have one."""
    state = reading.state_of(viewer.id)
    shown: dict[str, MarkerPosition] = {}
    if HOME in timelines and (home := _kept(state, HOME)) is not None:
        shown[HOME] = home
    if NOTIFICATIONS in timelines:
        kept = _kept(state, NOTIFICATIONS)
        marker, unread = together(lambda: kept or _newest_read(viewer.id, state),
                                  lambda: count_unread(viewer.id, state.watermark))
        if marker is not None:
            shown[NOTIFICATIONS] = MarkerPosition(marker.last_read_id, marker.at, unread)
    return shown


def put(viewer: Viewer, ids: Mapping[str, str | int | None]) -> dict[str, MarkerPosition]:
    """Set some markers. Answers them."""
    texts = {timeline: "" if id is None else str(id) for timeline, id in ids.items()}
    if any(not text.strip() for text in texts.values()):
        raise Unacceptable("can't be blank")
    if any(len(text) > LONGEST for text in texts.values()):
        raise Unacceptable(f"should be at most {LONGEST} character(s)")
    if not texts:
        return {}
    now = int(time.time())
    markers.put(viewer.id, texts, now)
    shown = {timeline: MarkerPosition(text, now) for timeline, text in texts.items()}
    if NOTIFICATIONS in shown:
        unread = count_unread(viewer.id, reading.state_of(viewer.id).watermark)
        shown[NOTIFICATIONS] = MarkerPosition(texts[NOTIFICATIONS], now, unread)
    return shown


def move(account_id: str, state: State, number: int) -> None:
    """Move the marker of notifications to one that was just read, unless the marker is further on already."""
    kept = _kept(state, NOTIFICATIONS)
    known = number_in(kept.last_read_id) if kept is not None else None
    if known is None or known < number:
        markers.put(account_id, {NOTIFICATIONS: str(number)}, int(time.time()))


def _kept(state: State, timeline: str) -> MarkerPosition | None:
    kept = markers.in_state(state, timeline)
    return MarkerPosition(kept["id"], kept["at"]) if kept is not None else None


def _newest_read(account_id: str, state: State) -> MarkerPosition | None:
    """The newest read one of the latest hundred. The marker is empty if none is read, None without notifications."""
    rows = [row for row in reading.newest(account_id) if reading.is_there(row, state)]
    if not rows:
        return None
    read = next((row for row in rows if row.is_seen(int(state.watermark))), None)
    return MarkerPosition(str(int(read.id)) if read is not None else "", int(rows[0].at))
