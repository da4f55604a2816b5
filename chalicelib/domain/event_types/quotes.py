"""What can happen to a quote."""

from __future__ import annotations

from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class QuoteRevoked(Event):
    """The author of `quoted_id` took it out of a quote. `author_id`: who wrote the quote, on `host` if not here.

    `leaves`: other servers have the quote from here. `stamp`, `stamp_uri`: what allowed the quote.
    """

    status_id: str
    account_id: str
    quoted_id: str
    author_id: str
    host: str | None = None
    stamp: str = ""
    stamp_uri: str = ""
    leaves: bool = False


@dataclass(frozen=True)
class QuotePolicyChanged(Event):
    """An author said who may quote a status. `change_id` distinguishes the changes."""

    status_id: str
    account_id: str
    change_id: str
    leaves: bool = False


@dataclass(frozen=True)
class QuoteRequested(Event):
    """Somebody here quotes a status of another server that wants to be asked. `author_id`: who wrote that."""

    status_id: str
    account_id: str
    author_id: str


@dataclass(frozen=True)
class QuoteAnswered(Event):
    """Another server asked whether a status may be quoted. `account_id`: its author. `other_id`: who wants to quote.

    `stamp`: that of the answer. `request`, `uri`, `quoted_uri`: of what was asked, of the quote, of the quoted status.
    """

    quoted_id: str
    account_id: str
    other_id: str
    stamp: str
    allowed: bool
    request: str
    uri: str
    quoted_uri: str


@dataclass(frozen=True)
class QuoteSettled(Event):
    """The author of another server has answered whether somebody here may quote. `change_id` is that of the answer."""

    status_id: str
    account_id: str
    change_id: str
    leaves: bool = False


@dataclass(frozen=True)
class QuoteMet(Event):
    """A status of another server quotes one that is not here, or with a stamp that has to be looked at."""

    status_id: str
    stamp: str = ""
