"""Cards of statuses and chat messages with links."""

from __future__ import annotations

from ..domain.statuses import cards
from ..queues.messages import FetchCard, FetchMessageCard
from ..queues.queue import job


@job(queue="timelines")
def fetch_card(message: FetchCard) -> None:
    """Fetch the preview of a status' first link. An unreachable page is not an error."""
    cards.fetch(message.status_id)


@job(queue="timelines")
def fetch_message_card(message: FetchMessageCard) -> None:
    """Fetch the preview of a chat message's first link, for both sides."""
    cards.fetch_for_message(message.chat, message.message_id)
