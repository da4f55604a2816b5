"""Favourites: the star that an account puts on a status, once."""

from __future__ import annotations

from ...ids import new_flake
from ...store.statuses import favourites
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import events, visibility
from ..event_types.statuses import FavouriteRemoved, StatusFavourited
from ..notifications import making
from ..refusals import BadRequest
from ..retrying import expect, retried
from ..viewer import Viewer
from . import keeping


def add(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Favourite a status on behalf of `by`. A repeat changes nothing and notifies nobody."""
    return retried(lambda: _add(status_id, by))


def _add(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    status, around, author = visibility.open_to(status_id, by, original=True)
    mark = around.marks.get(status.id)
    if mark is not None and mark.favourite:
        return status, around
    flake = new_flake()
    told = making.notice("favourite", author, by=by.account, cause=flake, status=status)
    happened = [StatusFavourited(status.id, by.id, flake, _author_elsewhere(status, by)), *keeping.kept(status, by)]
    expect(favourites.add(status, by.id, flake, told, events.owed(*happened)))
    events.tell(*happened, *events.told([told]))
    return _after(status, around, by, flake)


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Take a favourite back, and the notification of it."""
    return retried(lambda: _remove(status_id, by))


def _remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    status, around, _ = visibility.open_to(status_id, by, original=True)
    mark = around.marks.get(status.id)
    if mark is None or not mark.favourite:
        raise BadRequest("Could not unfavorite")
    event = FavouriteRemoved(status.id, by.id, mark.favourite, _author_elsewhere(status, by), status.uri)
    expect(favourites.remove(status, mark, by.id, events.owed(event)))
    events.tell(event)
    return _after(status, around, by, None)


def _author_elsewhere(status: Status, by: Viewer) -> str | None:
    """The author, if their server has to hear of it from this one."""
    return status.account_id if status.host is not None and by.account.host is None else None


def _after(status: Status, around: Surroundings, by: Viewer, flake: str | None) -> tuple[Status, Surroundings]:
    """The loaded status with the change applied: what another read would show."""
    status.favourites_count += 1 if flake else -1
    mark = around.marks.get(status.id) or Mark.blank(by.id, status.id)
    mark.favourite = flake
    around.marks[status.id] = mark
    return status, around
