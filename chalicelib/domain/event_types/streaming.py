"""What happens to sockets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class SocketsOutnumbered(Event):
    """An account opens more sockets than it may have. `socket_ids`: the oldest ones, which are to be closed."""

    account_id: str
    socket_ids: Sequence[str]


@dataclass(frozen=True)
class AppEnded(Event):
    """An app was deleted, and tokens with it. `owner_ids`: whose they were; some are in there twice."""

    owner_ids: Sequence[str]


@dataclass(frozen=True)
class TokensEnded(Event):
    """Tokens of an account are over: one was revoked, or the account signs in otherwise or not at all from now on."""

    account_id: str
