"""What happens to accounts, and to how they stand to each other.

`change_id` distinguishes the changes of a pair. `account_id` is the follower. `host` is the follower's and `other_host`
the other's, if they are of other servers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class AccountFollowed(Event):
    """A follow began: at once, or with the answer to a request.

    `is_answered`: whoever brought it from another server answers it.
    `deepens`: a job has to bring more statuses to the home timeline than the newest, which the request brought.
    """

    account_id: str
    other_id: str
    change_id: str
    deepens: bool = True
    host: str | None = None
    other_host: str | None = None
    is_answered: bool = False


@dataclass(frozen=True)
class FollowRequested(Event):
    account_id: str
    other_id: str
    change_id: str
    host: str | None = None
    other_host: str | None = None


@dataclass(frozen=True)
class FollowRejected(Event):
    """An account here rejects a follow or a request from another server. `uri`: what that server calls the follow."""

    account_id: str
    other_id: str
    change_id: str
    host: str | None = None
    uri: str | None = None


@dataclass(frozen=True)
class RequestRefused(Event):
    """`account_id`: who asked to follow."""

    account_id: str
    other_id: str


@dataclass(frozen=True)
class AccountUnfollowed(Event):
    """A follow, or the request for one, was ended by the follower, or by an account that blocked them.

    `change_id` distinguishes it from others of the pair. `follow_id`: the id that the follow or request had.
    """

    account_id: str
    other_id: str
    change_id: str
    host: str | None = None
    other_host: str | None = None
    follow_id: str | None = None
    was_request: bool = False


@dataclass(frozen=True)
class AccountBlocked(Event):
    """An account of another server was blocked, and is to be told."""

    account_id: str
    other_id: str
    block_id: str


@dataclass(frozen=True)
class AccountUnblocked(Event):
    """A block ended that an account of another server was told of."""

    account_id: str
    other_id: str
    block_id: str


@dataclass(frozen=True)
class ProfileChanged(Event):
    """What everybody can see of an account has changed. `turn`: all changes of half a minute have the same."""

    account_id: str
    turn: int


@dataclass(frozen=True)
class AccountDeleted(Event):
    """The account is to be deleted with everything of its own."""

    account_id: str


@dataclass(frozen=True)
class AccountReported(Event):
    """Somebody wants the server of an account to hear what they told the staff. `change_id` is that of the news."""

    report_id: str
    other_id: str
    change_id: str


@dataclass(frozen=True)
class AccountMoved(Event):
    """An account goes on as another one. `leaves`: other servers have to hear of it. `uri`: that of the other one."""

    account_id: str
    target_id: str
    change_id: str
    uri: str
    leaves: bool = False


@dataclass(frozen=True)
class DomainsBlocked(Event):
    """An account wants nothing of these hosts any more. `change_id`: the flake of that."""

    account_id: str
    domains: Sequence[str]
    change_id: str


@dataclass(frozen=True)
class FiltersChanged(Event):
    """Somebody's filters are others than before, which their clients have to read again."""

    account_id: str


@dataclass(frozen=True)
class AccountSignedUp(Event):
    """Somebody has made an account for themselves."""

    account_id: str
