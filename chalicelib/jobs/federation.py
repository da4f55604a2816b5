"""What is fetched anew from other servers, and what of theirs is kept. On the queue `outside`, which waits for them;
what is pinned there becomes statuses here, so that is on the queue `inbox`.
"""

from __future__ import annotations

from ..domain.federation import refreshing
from ..domain.federation.quotes import resolving as quoted
from ..domain.federation.receiving import pins as featured
from ..domain.statuses import keeping
from ..queues.federating import FetchPins, KeepThread, RefreshAccount, RefreshPoll, ResolveQuote
from ..queues.queue import Again, Counts, job


@job(queue="outside")
def account_refresh(message: RefreshAccount) -> Counts:
    """Fetch an account of another server anew. If that was done a moment ago, nothing is done."""
    return {"refreshed": int(refreshing.refresh_account(message.account_id))}


@job(queue="inbox")
def pins(message: FetchPins) -> Counts:
    """Fetch what an account has pinned, and show it. Twice is harmless."""
    return {"pinned": featured.refresh(message.account_id)}


@job(queue="inbox")
def resolve_quote(message: ResolveQuote) -> Counts:
    """Fetch what a status quotes, which becomes a status here. Twice is harmless."""
    return {"quote": quoted.resolve(message.status_id, message.stamp)}


@job(queue="outside")
def poll_refresh(message: RefreshPoll) -> Counts:
    """Fetch the counts of a poll anew. If that was done a moment ago, nothing is done."""
    return {"refreshed": int(refreshing.refresh_poll(message.status_id))}


@job(queue="timelines")
def keep_thread(message: KeepThread) -> Counts | Again:
    """Keep a thread of other servers. It runs until nothing of it would end, so twice is harmless."""
    count, again = keeping.keep_thread(message.status_id)
    return {"kept": count} if again is None else Again(again, {"kept": count})
