"""Scenarios: for every kind of job a world that leaves one to do, and what shows its outcome."""

from . import (
    accounts,
    backfills,
    backups,
    bookmarks,
    deliveries,
    federation,
    from_afar,
    hosts,
    letters,
    notifications,
    relationships,
    statuses,
    streaming,
    tags,
)
from .registry import SCENARIOS as SCENARIOS

__all__ = ["SCENARIOS", "accounts", "backfills", "backups", "bookmarks", "deliveries", "federation", "from_afar",
           "hosts", "letters", "notifications", "relationships", "statuses", "streaming", "tags"]
