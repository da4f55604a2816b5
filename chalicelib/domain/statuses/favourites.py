"""Favourites: the star one puts on a status, once."""

from __future__ import annotations

from ...ids import new_flake
from ...store.notifications.notifications import Notice
from ...store.statuses import favourites
from ...store.statuses.addressing import Addressee
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import visibility
from ..notifications import making, push_subscriptions
from ..refusals import BadRequest, NotFound
from ..viewer import Viewer

TRIES = 20


def add(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Favourite a status on behalf of `by`; a repeat changes nothing and tells nobody."""
    for _ in range(TRIES):
        status, around, author = visibility.open_to(status_id, by, original=True)
        mark = around.marks.get(status.id)
        if mark is not None and mark.favourite:
            return status, around
        flake = new_flake()
        told = _notice(status, author, by, flake)
        if favourites.add(status, by.id, flake, told):
            push_subscriptions.announce([told])
            return _after(status, around, by, flake)
    raise NotFound


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Take the star back, and the notification it made."""
    for _ in range(TRIES):
        status, around, _author = visibility.open_to(status_id, by, original=True)
        mark = around.marks.get(status.id)
        if mark is None or not mark.favourite:
            raise BadRequest("Could not unfavorite")
        if favourites.remove(status, mark, by.id):
            return _after(status, around, by, None)
    raise NotFound


def _notice(status: Status, author: Addressee | None, by: Viewer, flake: str) -> Notice | None:
    if author is None:
        return None
    return making.notice(
        "favourite", recipient=author.account, hides=author.hides, relation=author.relation, by=by.account,
        cause=flake, status=status,
    )


def _after(status: Status, around: Surroundings, by: Viewer, flake: str | None) -> tuple[Status, Surroundings]:
    """The status in hand with the change applied: what another read would show."""
    status.favourites_count += 1 if flake else -1
    mark = around.marks.get(status.id) or Mark.blank(by.id, status.id)
    mark.favourite = flake
    around.marks[status.id] = mark
    return status, around
