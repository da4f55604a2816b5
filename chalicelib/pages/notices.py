"""Pages that say one thing, and perhaps lead on."""

from __future__ import annotations

from typing import NamedTuple

from .engine import rendered
from .visits import NOBODY, Visit


class WayOn(NamedTuple):
    address: str
    label: str


def notice(title: str, text: str, more: WayOn | None = None, *, visit: Visit = NOBODY) -> str:
    return rendered("notice.html", visit=visit, title=title, text=text, more=more)
