"""Messages of federation. They are like those of `messages`."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message


@dataclass(frozen=True)
class RefreshAccount(Message, kind="account_refresh", queue="outside", lasts=50):
    """Fetch an account of another server anew, with what it counts. It may be lost: the next view asks again."""

    account_id: str


@dataclass(frozen=True)
class RefreshPoll(Message, kind="poll_refresh", queue="outside", lasts=20):
    """Fetch the counts of a poll of another server. It may be lost: the next view asks again."""

    status_id: str
