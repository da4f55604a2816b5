"""What happens with hashtags."""

from __future__ import annotations

from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class TagUnfollowed(Event):
    """Somebody follows a tag no more. `change_id` tells it from other times."""

    account_id: str
    tag: str
    change_id: str
