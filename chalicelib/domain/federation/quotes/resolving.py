"""Resolving: what a status of another server quotes is fetched, and the stamp of a quote is looked at.

That is done by a job, one status at a time: what the quoted status quotes itself is fetched when somebody looks at it.
"""

from __future__ import annotations

from ....settings import settings
from ....store import ephemeral
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation.accounts import NameTaken
from ....store.quotes import changes, quotes
from ....store.relationships import relations
from ....store.statuses import statuses
from ....store.statuses.addressing import Addressee
from ....store.statuses.statuses import Status
from ... import events
from ...quotes import quoting
from ...retrying import expect, retried
from ...statuses import fan_out, keeping
from ...viewer import Viewer
from .. import addresses, fetching, resolving
from ..arriving import quotes as arriving_quotes
from ..documents.quotes import STAMP
from ..fetching import NotFetched
from ..reading import values
from ..reading.values import Unreadable


def resolve(status_id: str, stamp: str = "") -> str:
    """Fetch what a status quotes, and look at the stamp. Answers what became of it. Twice is harmless."""
    status = statuses.find(status_id)
    uri = status.content.get("quote_uri") if status is not None else None
    if status is None or status.host is None or not uri or not settings.federating:
        return "nothing to do"
    if status.quote_of is None and status.quote_state is None:
        quoted = _quoted(uri)
        if quoted is None:
            return "not fetched"
        status = retried(lambda: _attached(status_id, quoted, has_stamp=bool(stamp)))
    if status is not None and status.quote_of is not None and not status.fetched:
        fan_out.place_again([status])  # a run that died may not have come so far
    if status is not None and status.quote_state == quotes.PENDING and stamp:
        return retried(lambda: _proved(status_id, stamp))
    return "resolved"


def _quoted(uri: str) -> Status | None:
    own = addresses.object_in(uri)
    if own is not None:
        return statuses.find(own)
    if ephemeral.find(resolving.NOT_FOUND, uri) is not None:
        return None
    try:
        return resolving.status_of(uri)
    except (NotFetched, Unreadable, NameTaken):
        ephemeral.keep(resolving.NOT_FOUND, uri, {}, resolving.NOT_FOUND_SECONDS)
        return None


def _attached(status_id: str, quoted: Status, *, has_stamp: bool) -> Status | None:
    """The status with what it quotes. None: it is gone, or shows nothing."""
    status = statuses.find(status_id)
    if status is None or status.quote_of is not None or status.quote_state is not None:
        return status
    by, author = accounts.find(status.account_id), _addressee(quoted, status.account_id)
    if by is None or not arriving_quotes.attach(status, quoted, author, has_stamp=has_stamp):
        return None
    kept = keeping.kept(status) if quoted.ttl is None else []
    eyes = Viewer(by, accounts.ViewerSet.blank(by.id, accounts.VIEWER_SET))
    notice = quoting.notice_of(status, eyes, author) if not status.fetched else None
    expect(changes.attach(status, notice, events.owed(*kept)))
    events.tell(*kept, *events.told([notice]))
    return status


def _addressee(quoted: Status, by: str) -> Addressee | None:
    """The quoted author, if they are of this server."""
    if quoted.host is not None:
        return None
    account, hides = accounts.find_with_hides(quoted.account_id)
    return None if account is None else Addressee(account, hides, relations.find(quoted.account_id, by))


# Stamps.


def _proved(status_id: str, stamp: str) -> str:
    """Accept a quote if its stamp is good. Raises Overtaken."""
    status = statuses.find(status_id)
    quoted = statuses.find(status.quote_of) if status is not None and status.quote_of else None
    author = accounts.find(quoted.account_id) if quoted is not None else None
    if status is None or quoted is None or author is None or status.quote_state != quotes.PENDING:
        return "nothing to do"
    try:
        good = is_good(stamp, status.uri, quoted.uri, author)
    except NotFetched:
        return "no stamp"
    if not good:
        return "a stamp of something else"
    expect(changes.settle(status, None, stamp=stamp))
    return "accepted"


def is_good(stamp: str, quoting_uri: str, quoted_uri: str, author: Account) -> bool:
    """Whether the author of a status allows a certain quote. Raises NotFetched."""
    if not addresses.is_foreign(stamp) or not addresses.are_of_one_host(stamp, author.uri):
        return False
    document = fetching.document(stamp)
    named = {name: values.id_of(document.get(name))
             for name in ("attributedTo", "interactingObject", "interactionTarget")}
    return values.kind(document, (STAMP,)) is not None and named == {
        "attributedTo": author.uri, "interactingObject": quoting_uri, "interactionTarget": quoted_uri}
