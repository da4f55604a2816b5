"""Marker: how far an account has read a timeline."""

from __future__ import annotations

from typing import TypedDict

from ...domain.notifications.markers import MarkerPosition as Record
from ...ids import iso


class MarkerPleroma(TypedDict):
    unread_count: int


class Marker(TypedDict):
    last_read_id: str
    version: int
    updated_at: str
    pleroma: MarkerPleroma


def render_marker(marker: Record) -> Marker:
    return {
        "last_read_id": marker.last_read_id, "version": marker.version, "updated_at": iso(marker.at),
        "pleroma": {"unread_count": marker.unread},
    }
