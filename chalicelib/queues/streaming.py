"""What may be asked of the queue of sockets. All of it may be lost: what happened can be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import Message


@dataclass(frozen=True)
class TellSockets(Message, kind="stream", queue="streams"):
    """Send something that happened to those who listen. It is dropped if it is too old.

    `event`: as clients know it. `id`: of what it is about. `account_id`: who did it, or whom it concerns.
    `other_id`: the other account, if there are two. `at`: when it happened, in seconds. `visibility`, `tags`,
    `addressed`: of a status that is gone, or is for others than before.
    """

    event: str
    at: int
    account_id: str = ""
    id: str = ""
    other_id: str = ""
    visibility: str = ""
    tags: list[str] = field(default_factory=list)
    addressed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CloseSockets(Message, kind="close_sockets", queue="streams"):
    """Close sockets of some accounts: those whose token is over, and those that are named."""

    account_ids: list[str]
    socket_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class KeepAlive(Message, kind="keep_alive", queue="streams"):
    """Send something to sockets that would be closed as idle, and close those whose time is over."""

    socket_ids: list[str]
