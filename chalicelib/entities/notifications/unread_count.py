"""How many notifications are newer than the marker."""

from __future__ import annotations

from typing import TypedDict


class UnreadCount(TypedDict):
    count: int
