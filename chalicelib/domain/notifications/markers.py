"""Markers: how far an account has read its home timeline and its notifications, with whichever client.

The marker of notifications moves by itself when one is read. Before anything was set or read, it is found by looking at
the newest notifications. A marker that a client has set stays until something is read.

Each change counts the marker's version up. A client may say which version it knows, and is refused if there is a newer.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ...store.accounts.accounts import State
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.notifications import markers, reading
from ...store.notifications.markers import HOME, NOTIFICATIONS
from ...store.notifications.notifications import count_unread
from ...store.notifications.reading import number_in
from ..refusals import Conflict, Unacceptable
from ..retrying import expect, retried, retried_from
from ..viewer import Viewer

LONGEST = 64


@dataclass(frozen=True)
class MarkerPosition:
    """`at`: when it was set or moved, in seconds. `version`: how often it was since it came into being."""

    last_read_id: str
    at: int
    unread: int = 0
    version: int = 0


@dataclass(frozen=True)
class WantedMarker:
    """Where a marker shall be. `version`: the one that the client knows, if it says so."""

    last_read_id: str | int | None
    version: int | None = None


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
            shown[NOTIFICATIONS] = replace(marker, unread=unread)
    return shown


def put(viewer: Viewer, wanted: Mapping[str, WantedMarker]) -> dict[str, MarkerPosition]:
    """Set some markers. Answers them."""
    texts = {timeline: "" if each.last_read_id is None else str(each.last_read_id) for timeline, each in wanted.items()}
    if any(not text.strip() for text in texts.values()):
        raise Unacceptable("can't be blank")
    if any(len(text) > LONGEST for text in texts.values()):
        raise Unacceptable(f"should be at most {LONGEST} character(s)")
    if not texts:
        return {}
    state, now = retried(lambda: _put(viewer.id, texts, wanted))
    shown = {timeline: MarkerPosition(text, now, version=markers.next_version(markers.in_state(state, timeline)))
             for timeline, text in texts.items()}
    if NOTIFICATIONS in shown:
        shown[NOTIFICATIONS] = replace(shown[NOTIFICATIONS], unread=count_unread(viewer.id, state.watermark))
    return shown


def _put(account_id: str, texts: Mapping[str, str], wanted: Mapping[str, WantedMarker]) -> tuple[State, int]:
    """Answers the state before it, and the time. Raises Conflict if a client knows an older version."""
    state = reading.state_of(account_id)
    for timeline, each in wanted.items():
        kept = _kept(state, timeline)
        if kept is not None and each.version is not None and each.version < kept.version:
            raise Conflict("Conflict during update, please try again")
    now = int(time.time())
    expect(markers.put(state, texts, now))
    return state, now


def move(account_id: str, state: State, number: int) -> None:
    """Move the marker of notifications to one that was just read, unless the marker is further on already."""
    retried_from(state, lambda known: _move(known, number), lambda: reading.state_of(account_id))


def _move(state: State, number: int) -> None:
    kept = _kept(state, NOTIFICATIONS)
    known = number_in(kept.last_read_id) if kept is not None else None
    if known is None or known < number:
        expect(markers.put(state, {NOTIFICATIONS: str(number)}, int(time.time())))


def last_read(state: State) -> int | None:
    """The notification that the marker names. None: it was never set, or names none."""
    kept = _kept(state, NOTIFICATIONS)
    return number_in(kept.last_read_id) if kept is not None else None


def _kept(state: State, timeline: str) -> MarkerPosition | None:
    kept = markers.in_state(state, timeline)
    return MarkerPosition(kept["id"], kept["at"], version=kept.get("v", 0)) if kept is not None else None


def _newest_read(account_id: str, state: State) -> MarkerPosition | None:
    """The newest read one of the latest hundred. The marker is empty if none is read, None without notifications."""
    rows = [row for row in reading.newest(account_id) if reading.is_there(row, state)]
    if not rows:
        return None
    read = next((row for row in rows if row.is_seen(int(state.watermark))), None)
    return MarkerPosition(str(int(read.id)) if read is not None else "", int(rows[0].at))
