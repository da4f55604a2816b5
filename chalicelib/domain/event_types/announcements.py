"""What happens to announcements."""

from __future__ import annotations

from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class AnnouncementMade(Event):
    """Something is announced, or an announcement says something else."""

    announcement_id: str


@dataclass(frozen=True)
class AnnouncementRemoved(Event):
    announcement_id: str


@dataclass(frozen=True)
class AnnouncementReacted(Event):
    """Somebody put an emoji on an announcement, or took it away."""

    announcement_id: str
    emoji: str
