"""What a status was typed as, and what it said before its edits. Whoever may see the status may see these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ....store.dynamo.parallel import together
from ....store.statuses import statuses
from ....store.statuses.edits import versions
from ....store.statuses.statuses import Status
from ....store.statuses.surroundings import Surroundings
from ... import visibility
from ...refusals import NotFound
from ...viewer import Viewer


@dataclass(frozen=True)
class History:
    """A status with what it said before, oldest first."""

    status: Status
    around: Surroundings
    before: list[dict[str, Any]]


def get_source(status_id: str, viewer: Viewer) -> Status:
    """A status, to be shown as its author typed it."""
    status, _ = visibility.shown(_find(status_id), viewer)
    return status


def get_history(status_id: str, viewer: Viewer | None) -> History:
    status = _find(status_id)
    (_, around), before = together(lambda: visibility.shown(status, viewer), lambda: versions.list_of(status))
    return History(status, around, before)


def _find(status_id: str) -> Status:
    """A status that is no reblog."""
    status = statuses.find(status_id)
    if status is None or status.reblog_of:
        raise NotFound
    return status
