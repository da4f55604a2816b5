"""Context: the statuses of a thread before and after one of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypedDict

from ...domain.statuses.reading import Thread
from ...domain.viewer import Viewer
from .status import Status, render_statuses

MOST_BYTES = 4_500_000
"""As JSON. A function's reply holds six megabytes, in which each quotation mark counts twice."""
FEW = 20
"""So many fit in any case."""


class Context(TypedDict):
    ancestors: list[Status]
    descendants: list[Status]


def render_context(thread: Thread, viewer: Viewer | None, *, with_muted: bool = False) -> Context:
    """Both sides, as far as they fit into one reply: what is nearest, up to half of it before the status."""
    ancestors, descendants = (render_statuses(side, viewer, thread.around, with_muted=with_muted)
                              for side in (thread.ancestors, thread.descendants))
    if len(ancestors) + len(descendants) > FEW:
        nearest, size = _fitting(reversed(ancestors), MOST_BYTES // 2)
        ancestors = nearest[::-1]
        descendants, _ = _fitting(descendants, MOST_BYTES - size)
    return {"ancestors": ancestors, "descendants": descendants}


def _fitting(statuses: Iterable[Status], room: int) -> tuple[list[Status], int]:
    """The first of them that have room together, and their bytes."""
    fitting: list[Status] = []
    size = 0
    for status in statuses:
        bytes_ = len(json.dumps(status))
        if size + bytes_ > room:
            break
        fitting.append(status)
        size += bytes_
    return fitting, size
