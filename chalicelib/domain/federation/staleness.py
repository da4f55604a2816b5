"""When accounts, polls and quotes of other servers are to be fetched. Looking at one that is due asks for it."""

from __future__ import annotations

import time

from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.statuses.statuses import Status
from .. import events, host_policies
from ..event_types.quotes import QuoteMet
from ..event_types.servers import ForeignAccountViewed, ForeignPollViewed

REFRESHED_AFTER = 86_400
PAUSE = 300
"""Seconds in which an account is asked for at most once. The first failure doubles it, and each further one again."""
LONGEST_PAUSE = 7 * 86_400
MISSING_SECONDS = 3 * 86_400
"""How long a server may say that it does not find an account, before it counts as gone."""
POLL_PAUSE, ENDED_POLL_PAUSE = 60, 300


def is_stale(account: Account) -> bool:
    """Whether an account of another server is due."""
    if account.host is None:
        return False
    failures = int(account.failures)
    pause = min(PAUSE * 2 ** min(failures, 20), LONGEST_PAUSE) if failures else REFRESHED_AFTER
    return time.time() - int(account.seen or 0) >= pause


def has_totals(account: Account) -> bool:
    """Whether its server was asked how many followers and so on the account has."""
    return "remote" in account.profile


def poll_pause(status: Status) -> int:
    ends = status.content["poll"]["ends"]
    return POLL_PAUSE if ends is None or ends > time.time() else ENDED_POLL_PAUSE


def is_poll_stale(status: Status) -> bool:
    """Whether the counts of a poll of another server are due. After the end they are fetched once more."""
    if status.host is None or "poll" not in status.content:
        return False
    counted_at = int(status.tallied or 0)
    ends = status.content["poll"]["ends"]
    if ends is not None and counted_at > ends + ENDED_POLL_PAUSE:
        return False
    return time.time() - counted_at >= poll_pause(status)


def account_viewed(account: Account) -> None:
    """Somebody looks at the account. One that is new has no totals yet."""
    if account.host is None or account.deleted or not settings.federating or host_policies.is_rejected(account.host):
        return
    if is_stale(account) or not has_totals(account):
        events.tell(ForeignAccountViewed(account.id))


def poll_viewed(status: Status) -> None:
    """Somebody looks at the status."""
    if status.host is not None and settings.federating and is_poll_stale(status):
        events.tell(ForeignPollViewed(status.id))


def quote_viewed(status: Status) -> None:
    """Somebody looks at a status. What it quotes may not be here yet."""
    unknown = status.quote_of is None and status.quote_state is None and status.content.get("quote_uri") is not None
    if unknown and status.host is not None and settings.federating:
        events.tell(QuoteMet(status.id))
