"""The end of mutes that were made for a while."""

from __future__ import annotations

from ..domain import thread_mutes
from .messages import UnmuteThread
from .queue import job


@job(queue="timelines")
def unmute_thread(message: UnmuteThread) -> None:
    """Unmute a thread whose mute has run out, unless it was muted anew."""
    thread_mutes.end(message.account_id, message.thread, message.until)
