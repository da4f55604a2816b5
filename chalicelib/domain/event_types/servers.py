"""What is met of other servers, and what they have to hear of the keys here."""

from __future__ import annotations

from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class HostMet(Event):
    """An account of another server is known that was not before. `base`: scheme and host of its server.

    `inbox`: where it is reached, or all its accounts are.
    """

    base: str
    inbox: str = ""


@dataclass(frozen=True)
class KeyReplaced(Event):
    """An account of this server, or the server itself, has another key. `change_id` distinguishes such changes."""

    account_id: str
    change_id: str


@dataclass(frozen=True)
class ForeignAccountViewed(Event):
    """Somebody looked at an account of another server that is due to be fetched again, or that is new here."""

    account_id: str


@dataclass(frozen=True)
class ForeignAccountFetched(Event):
    """An account of another server that somebody looked at was fetched, or counted. It says what it has pinned."""

    account_id: str


@dataclass(frozen=True)
class ForeignPollViewed(Event):
    """Somebody looked at a poll of another server whose counts are due to be fetched again."""

    status_id: str
