"""Entry of the moderation log."""

from __future__ import annotations

from typing import Any, TypedDict

from ...store.staff.log import Entries, LogRow


class LogEntry(TypedDict):
    """`data`: who did what to whom; its keys depend on the action. `time`: in seconds."""

    id: int
    data: dict[str, Any]
    time: int
    message: str


class ModerationLog(TypedDict):
    items: list[LogEntry]
    total: int


def render_log(entries: Entries) -> ModerationLog:
    return {"items": [_entry(row) for row in entries.rows], "total": entries.total}


def _entry(row: LogRow) -> LogEntry:
    data: dict[str, Any] = row.doc
    return {"id": int(row.number), "data": data, "time": int(row.at) // 1_000, "message": data["message"]}
