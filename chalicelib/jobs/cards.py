"""Cards of statuses with links."""

from __future__ import annotations

from ..domain import cards
from .messages import FetchCard
from .queue import job


@job(queue="timelines")
def fetch_card(message: FetchCard) -> None:
    """Fetch the preview of a status' first link. An unreachable page is no fault."""
    cards.fetch(message.status_id)
