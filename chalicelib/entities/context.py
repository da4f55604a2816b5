"""Context: the statuses of a thread before and after one of them."""

from __future__ import annotations

from typing import TypedDict

from ..domain.statuses import Thread
from ..domain.viewer import Viewer
from .status import Status, render_statuses


class Context(TypedDict):
    ancestors: list[Status]
    descendants: list[Status]


def render_context(thread: Thread, viewer: Viewer | None, *, with_muted: bool = False) -> Context:
    return {
        "ancestors": render_statuses(thread.ancestors, viewer, thread.around, with_muted=with_muted),
        "descendants": render_statuses(thread.descendants, viewer, thread.around, with_muted=with_muted),
    }
