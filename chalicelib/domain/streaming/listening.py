"""Whether anybody listens at all. A process asks every half minute: where nobody does, nothing else is paid."""

from __future__ import annotations

import time

from ...settings import settings
from ...store.streaming import connections

ASKED_AGAIN_AFTER = 30
_known: dict[str, tuple[float, bool]] = {}


def is_anybody() -> bool:
    """Whether somebody may be connected, as far as this process knows. If that cannot be asked, nobody is."""
    if not settings.streaming:
        return False
    until, known = _known.get("", (0.0, False))
    if time.monotonic() >= until:
        known = connections.is_any()
        _known[""] = (time.monotonic() + ASKED_AGAIN_AFTER, known)
    return known


def note() -> None:
    """Somebody has connected by this process."""
    _known[""] = (time.monotonic() + ASKED_AGAIN_AFTER, True)


def forget() -> None:
    _known.clear()
