"""The end of mutes and blocks that were made for a while."""

from __future__ import annotations

from ..domain.relationships import blocks, mutes
from ..domain.statuses import thread_mutes
from ..queues.accounts import UnblockAccount, UnmuteAccount
from ..queues.queue import job
from ..queues.statuses import UnmuteThread


@job(queue="timelines")
def unmute_thread(message: UnmuteThread) -> None:
    """Unmute a thread whose mute has run out, unless it was muted anew."""
    thread_mutes.end(message.account_id, message.thread, message.until)


@job(queue="timelines")
def unmute_account(message: UnmuteAccount) -> None:
    """Unmute an account whose mute has run out, unless it was muted anew."""
    mutes.end(message.account_id, message.other, message.until)


@job(queue="timelines")
def unblock_account(message: UnblockAccount) -> None:
    """Unblock an account whose block has run out, unless it was blocked anew."""
    blocks.end(message.account_id, message.other, message.until)
