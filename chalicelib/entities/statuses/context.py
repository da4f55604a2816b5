"""Context: the statuses of a thread before and after one of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypedDict

from ...domain.statuses.reading import Thread
from ...domain.timelines.filtering import THREAD
from ...domain.viewer import Viewer
from .status import Status, render_statuses

MOST_BYTES = 4_500_000
"""As JSON. The reply of a function has room for six megabytes, and there each quotation mark counts twice."""
FEW = 20
"""So many fit in any case."""


class Context(TypedDict):
    ancestors: list[Status]
    descendants: list[Status]


def render_context(thread: Thread, viewer: Viewer | None, *, with_muted: bool = False) -> Context:
    """Both sides. If they do not fit into one reply: the nearest, with at most half the room for those before."""
    ancestors, descendants = (render_statuses(side, viewer, thread.around, with_muted=with_muted, context=THREAD)
                              for side in (thread.ancestors, thread.descendants))
    if len(ancestors) + len(descendants) > FEW:
        nearest, size = _fitting(reversed(ancestors), MOST_BYTES // 2)
        ancestors = nearest[::-1]
        descendants, _ = _fitting(descendants, MOST_BYTES - size)
    return {"ancestors": ancestors, "descendants": descendants}


def _fitting(statuses: Iterable[Status], room: int) -> tuple[list[Status], int]:
    """The first statuses that have room together, and their size in bytes."""
    fitting: list[Status] = []
    size = 0
    for status in statuses:
        bytes_ = len(json.dumps(status))
        if size + bytes_ > room:
            break
        fitting.append(status)
        size += bytes_
    return fitting, size
