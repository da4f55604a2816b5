"""Backup: an archive of one's account, from the moment it was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ...ids import iso
from ...settings import settings
from ...store.backups.backups import FOLDER, TYPE
from ...store.backups.backups import Backup as Record


class Backup(TypedDict):
    id: int
    content_type: str
    url: str
    file_size: int
    processed: bool
    inserted_at: str


def render_backups(backups: Sequence[Record]) -> list[Backup]:
    return [{
        "id": int(backup.id),
        "content_type": TYPE,
        "url": backup_url(backup),
        "file_size": int(backup.size),
        "processed": bool(backup.processed),
        "inserted_at": iso(int(backup.inserted)),
    } for backup in backups]


def backup_url(backup: Record) -> str:
    """Where it can be downloaded, once it is processed."""
    return f"{settings.base_url}/{FOLDER}{backup.name}"
