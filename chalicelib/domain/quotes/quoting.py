"""Quoting: a new status with another one in it."""

from __future__ import annotations

from collections.abc import Mapping

from ...store.notifications.notifications import Notice
from ...store.quotes import quotes
from ...store.statuses import statuses
from ...store.statuses.addressing import Addressee, NamedPeople
from ...store.statuses.statuses import Status
from ..event_types.quotes import QuoteRequested
from ..notifications import making
from ..refusals import NotFound, Unacceptable
from ..viewer import Viewer
from ..visibility import is_active, is_open, is_private, may_see
from . import permissions

REFUSED = "You cannot quote this status"


def original_of(named: NamedPeople) -> Status | None:
    """The status that a draft quotes. To quote a reblog is to quote its original. One more read for a reblog."""
    quoted = named.quoted
    return statuses.find(quoted.reblog_of) if quoted is not None and quoted.reblog_of else quoted


def demand(quoted: Status | None, by: Viewer, people: Mapping[str, Addressee], visibility: str) -> None:
    """Raises NotFound if `by` does not see the status, and Unacceptable if they may not quote it with this visibility.

    `people`: the quoted author is among them, if that is somebody else who is here.
    """
    if quoted is None:
        raise NotFound
    own, author = quoted.account_id == by.id, people.get(quoted.account_id)
    follows = author is not None and author.relation.followed_by
    seen = may_see(quoted, by, None) or (is_private(quoted.visibility) and follows)
    if not seen or not (own or (author is not None and is_active(author.account))):
        raise NotFound
    answer = permissions.answer_to(quoted, by.id, follows=follows,
                                   followed=author is not None and author.relation.follows)
    unheard = author is not None and by.id in author.hides.blocked
    too_open = is_private(quoted.visibility) and is_open(visibility)
    if answer == permissions.DENIED or unheard or too_open:
        raise Unacceptable(REFUSED)


def attach(status: Status, quoted: Status) -> None:
    """Let a new status quote another one. One of a server that gives permissions waits for its author's."""
    status.quote_of, status.quote_of_account_id = quoted.id, quoted.account_id
    status.content["quote_uri"] = quoted.uri
    if quoted.url != quoted.uri:
        status.content["quote_page"] = quoted.url
    status.quote_state = quotes.PENDING if asks_first(quoted, status.account_id) else None


def asks_first(quoted: Status, account_id: str) -> bool:
    """Whether the author's server has to be asked before somebody here quotes a status."""
    return quoted.host is not None and quoted.account_id != account_id and "can_quote" in quoted.content


def asked(status: Status) -> list[QuoteRequested]:
    """What happens when a new quote waits for its author."""
    waits = status.quote_state == quotes.PENDING and status.quote_of_account_id is not None
    return [QuoteRequested(status.id, status.account_id, status.quote_of_account_id)] if waits else []


def notice_of(status: Status, by: Viewer, author: Addressee | None) -> Notice | None:
    """What the quoted author is told, if they can see the quote."""
    if author is None or not status.is_quote:
        return None
    reader = Viewer(author.account, author.hides)
    if not may_see(status, reader, author.relation):
        return None
    return making.notice("quote", author, by=by.account, cause=quotes.cause_of(status.id), status=status)
