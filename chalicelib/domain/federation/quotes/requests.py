"""Quotes between servers: somebody elsewhere wants to quote a status from here, or answers somebody who wants that."""

from __future__ import annotations

from ....ids import new_flake
from ....store import jobs
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.accounts.claims import Claim
from ....store.quotes import changes, quotes
from ....store.relationships import relations
from ....store.statuses import statuses
from ....store.statuses.statuses import Status
from ... import events
from ...event_types.quotes import QuoteAnswered, QuoteSettled
from ...quotes import permissions
from ...retrying import expect, retried
from ...visibility import is_active
from .. import addresses
from ..documents.quotes import REQUEST
from ..reading import values
from ..receiving.activity import Activity, Dropped


def ask(activity: Activity, by: Account) -> None:
    """Answer a request at once, by the policy of the status: with a stamp, or with a refusal."""
    flake, uri = addresses.object_in(activity.object_id or ""), values.id_of(activity.document.get("instrument"))
    quoted = statuses.find(flake) if flake is not None else None
    if quoted is None or quoted.host is not None or quoted.reblog_of:
        raise Dropped("nothing here is meant")
    if uri is None or not addresses.is_foreign(uri) or not addresses.are_of_one_host(uri, activity.actor):
        raise Dropped("no quote of its host")
    stamp = quotes.stamp_for_uri(quoted.id, uri)
    answer = QuoteAnswered(quoted.id, quoted.account_id, by.id, stamp, True, activity.id or "", uri, quoted.uri)
    if _may_quote(quoted, by) and changes.give_stamp(quoted, by.id, uri, events.owed(answer)):
        events.tell(answer)
        return
    refusal = QuoteAnswered(quoted.id, quoted.account_id, by.id, new_flake(), False, activity.id or "", uri, quoted.uri)
    jobs.add(events.owed(refusal))
    events.tell(refusal)


def _may_quote(quoted: Status, by: Account) -> bool:
    """Whether the author lets somebody of another server quote a status."""
    author, hides = accounts.find_with_hides(quoted.account_id)
    return author is not None and is_active(author) and by.id not in hides.blocked and is_allowed(quoted, by)


def is_allowed(quoted: Status, by: Account) -> bool:
    """Whether the policy of a status of this server lets somebody of another one quote it."""
    relation = None
    if quotes.depends_on_follows(quoted):
        relation = relations.find(by.id, quoted.account_id)
    return permissions.answer_to_viewer(quoted, by.id, relation) == permissions.AUTOMATIC


# Answers to what was asked from here.


def answered_quote(activity: Activity) -> str | None:
    """The id of the quote that an Accept or Reject is about. None: it is about something else."""
    inner = activity.object
    flake = addresses.activity_in(activity.object_id or "")
    if inner is not None and inner.get("type") == REQUEST:
        named = addresses.object_in(values.id_of(inner.get("instrument")) or "")
        return named or (quotes.cause_of(flake) if flake is not None else None)
    if inner is not None or flake is None:
        return None
    found = statuses.find(quotes.cause_of(flake))
    return found.id if found is not None and found.quote_of else None


def accept(activity: Activity, by: Account, quoting_id: str) -> None:
    """The quote is shown from now on. Its stamp has to be of the author's server."""
    stamp = values.id_of(activity.document.get("result"))
    if stamp is None or not addresses.is_foreign(stamp) or not addresses.are_of_one_host(stamp, activity.actor):
        raise Dropped("without a stamp of its host")
    _settle(quoting_id, by, None, stamp)


def reject(by: Account, quoting_id: str) -> None:
    """The quote is not shown, or not any more."""
    _settle(quoting_id, by, quotes.REJECTED)


def _settle(quoting_id: str, by: Account, state: str | None, stamp: str | None = None) -> None:
    def once() -> None:
        quoting = statuses.find(quoting_id)
        if quoting is None or quoting.host is not None or quoting.quote_of_account_id != by.id or quoting.reblog_of:
            raise Dropped("no quote of theirs")
        wanted = state if state is None or quoting.quote_state == quotes.PENDING else quotes.REVOKED
        if quoting.quote_state not in (None, quotes.PENDING) or (quoting.quote_state, quoting.quote_stamp) == (
                wanted, stamp):
            return
        event = QuoteSettled(quoting.id, quoting.account_id, new_flake(), bool(quoting.federated))
        expect(changes.settle(quoting, wanted, stamp=stamp, jobs=events.owed(event)))
        events.tell(event)

    retried(once)


def take_stamp_back(claim: Claim, by: Account) -> None:
    """Its author takes a status out of a quote."""
    if claim.by != by.id:
        raise Dropped("of somebody else")

    def once() -> None:
        quoting = statuses.find(claim.id)
        if quoting is None or not quotes.may_count(quoting):
            return
        event = QuoteSettled(quoting.id, quoting.account_id, new_flake(), bool(quoting.federated))
        expect(changes.settle(quoting, quotes.REVOKED, jobs=events.owed(event)))
        events.tell(event)

    retried(once)

