"""What follows from what happens with hashtags."""

from __future__ import annotations

from collections.abc import Iterator

from ...queues.tags import TagSync
from ..event_types.tags import TagUnfollowed
from .registering import Due, owes


@owes(TagUnfollowed)
def take_from_home(event: TagUnfollowed) -> Iterator[Due]:
    yield Due(TagSync(event.account_id, event.tag, event.change_id))
