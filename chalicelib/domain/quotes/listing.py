"""The list of what quotes a status."""

from __future__ import annotations

from ...store.statuses import statuses
from ...store.timelines import feeds
from .. import visibility
from ..paging import Cursors
from ..refusals import NotFound
from ..timelines import timelines
from ..timelines.timelines import Timeline
from ..viewer import Viewer


def list_of(status_id: str, viewer: Viewer | None, page: Cursors, *, with_muted: bool = False) -> Timeline:
    """What quotes a status, as far as the viewer may see it, newest first. Those that wait are left out."""
    status = statuses.find(status_id)
    if status is None or status.reblog_of:
        raise NotFound
    visibility.shown(status, viewer)
    return timelines.of_quotes(feeds.of_quotes(status.id), viewer, page, with_muted=with_muted)
