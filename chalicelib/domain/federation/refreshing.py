"""Bringing accounts and polls of other servers up to date: a job, asked for when somebody looks at them.

An account is fetched again a day after it was fetched last, and after a failure with longer and longer waits. The
totals of its collections come with it. One that is gone is deleted here too.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from ...store import ephemeral
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.federation import accounts as store
from ...store.federation import received, tallies
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from .. import events
from ..accounts import deletion
from ..event_types.servers import ForeignAccountFetched
from . import arriving, fetching
from .fetching import Missing, NotFetched
from .reading import values
from .reading.account import read_account
from .reading.status import read_status
from .reading.values import Unreadable
from .receiving import moves
from .receiving.activity import Dropped
from .receiving.people import Later
from .staleness import MISSING_SECONDS, PAUSE, has_totals, is_poll_stale, is_stale, poll_pause

TRIED, TALLIED = "f", "v"
"""Kinds of notes that something was asked for a moment ago."""
COLLECTIONS = {"followers": "followers", "following": "following", "outbox": "statuses"}
"""What the account counts, by the collection that tells the total."""


def refresh_account(account_id: str) -> bool:
    """Fetch an account anew, if that is due. Whether it was fetched. Twice is harmless: then it is not due."""
    account = accounts.find(account_id)
    if account is None or account.foreign_uri is None or not (is_stale(account) or not has_totals(account)):
        return False
    if not ephemeral.keep_first(TRIED, account.foreign_uri, PAUSE):
        return False
    if not is_stale(account):
        _count(account)
        return _fetched(account)
    try:
        foreign = read_account(fetching.document(account.foreign_uri))
        if foreign.uri != account.foreign_uri:
            raise Unreadable("another account")
        fresh = arriving.learn_account(foreign)
    except Missing as missing:
        _note_missing(account, gone=missing.gone)
        return False
    except (NotFetched, Unreadable, store.NameTaken):
        store.note_missed(account, time.time(), missing=False)
        return False
    _count(fresh)
    with suppress(Dropped, Later):
        moves.show(fresh)
    return _fetched(fresh)


def _fetched(account: Account) -> bool:
    if account.profile.get("featured"):
        events.tell(ForeignAccountFetched(account.id))
    return True


def _note_missing(account: Account, *, gone: bool) -> None:
    """Its server does not have it. It is deleted at once if that is said to be for ever, else after some days."""
    since = account.missing_since
    if gone or (since is not None and time.time() - since >= MISSING_SECONDS):
        deletion.begin(account.id)
        received.mark_gone(str(account.foreign_uri))
    else:
        store.note_missed(account, time.time(), missing=True)


def _count(account: Account) -> None:
    """Keep the totals that the account's server tells of its collections. What it does not tell stays as it was."""
    told = {**(account.profile.get("remote") or {}), "at": int(time.time())}
    for collection, counted in COLLECTIONS.items():
        total = _total(account.profile.get(collection))
        if total is not None:
            told[counted] = total
    store.note_totals(account, told)


def _total(uri: str | None) -> int | None:
    if uri is None:
        return None
    try:
        document: dict[str, Any] = fetching.document(uri)
    except NotFetched:
        return None
    return values.number(document.get("totalItems"))


def refresh_poll(status_id: str) -> bool:
    """Fetch the counts of a poll anew, if that is due. Whether they were fetched."""
    status = statuses.find(status_id)
    if status is None or status.foreign_uri is None or not is_poll_stale(status):
        return False
    if not ephemeral.keep_first(TALLIED, status.foreign_uri, poll_pause(status)):
        return False
    try:
        document = fetching.document(status.foreign_uri)
    except NotFetched:
        return False
    return take_tally(status, document)


def take_tally(status: Status, document: dict[str, Any]) -> bool:
    """Show the counts of a poll that a document tells. False: it is another status, or asks something else."""
    try:
        foreign = read_status(document)
    except Unreadable:
        return False
    poll, kept = foreign.poll, status.content.get("poll")
    if foreign.uri != status.foreign_uri or poll is None or kept is None or list(poll.options) != kept["options"]:
        return False
    return tallies.write(status, poll.counts, poll.voters, poll.document)


