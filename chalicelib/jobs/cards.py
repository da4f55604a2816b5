"""Cards of statuses and chat messages with links."""

from __future__ import annotations

from dataclasses import replace

from ..domain.hosts import NotNow
from ..domain.statuses import cards
from ..queues.queue import Again, Counts, job
from ..queues.statuses import FetchCard, FetchMessageCard

WAITS = 5
LONGEST_WAIT = 15.0


@job(queue="outside")
def fetch_card(message: FetchCard) -> Counts | Again:
    """Fetch the preview of a status' first link. An unreachable page is not an error."""
    try:
        cards.fetch(message.status_id)
    except NotNow as refused:
        return _later(message, refused)
    return None


@job(queue="outside")
def fetch_message_card(message: FetchMessageCard) -> Counts | Again:
    """Fetch the preview of a chat message's first link, for both sides."""
    try:
        cards.fetch_for_message(message.chat, message.message_id)
    except NotNow as refused:
        return _later(message, refused)
    return None


def _later(message: FetchCard | FetchMessageCard, refused: NotNow) -> Counts | Again:
    """Ask again when the other server may be free. After some times there is no preview."""
    if message.waits >= WAITS:
        return {"given_up": 1}
    return Again(min(refused.seconds, LONGEST_WAIT), {"waits": 1}, replace(message, waits=message.waits + 1))
