"""What can happen, in ids. An event is raised after the change has been written (`events.tell`).

An event says what happened, but not what follows from it. `account_id` is always the account that did it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """Base of all events."""


# Statuses. `leaves`: somebody at another server may get it, so it has to be seen who does.


@dataclass(frozen=True)
class StatusPosted(Event):
    """`expires`: when the status is to be deleted, in seconds. None: never. `poll_ends`: when its poll does."""

    status_id: str
    account_id: str
    expires: int | None = None
    leaves: bool = False
    poll_ends: int | None = None


@dataclass(frozen=True)
class StatusDelivered(Event):
    """A status or reblog is now on the timelines where it belongs. `wants_card`: it has a link without a preview.

    `request_id`: that of the request that posted it.
    """

    status_id: str
    account_id: str
    wants_card: bool = False
    request_id: str = field(default="", compare=False)


@dataclass(frozen=True)
class StatusDeleted(Event):
    """`tags`: the hashtags of the deleted status."""

    status_id: str
    account_id: str
    tags: Sequence[str] = ()
    leaves: bool = False


@dataclass(frozen=True)
class StatusMarked(Event):
    """The staff changed whether a status is sensitive. `change_id` distinguishes the changes."""

    status_id: str
    account_id: str
    change_id: str
    leaves: bool = False


@dataclass(frozen=True)
class VisibilityChanged(Event):
    """The staff changed whom a status is for. `was`: the visibility before. `change_id` distinguishes the changes."""

    status_id: str
    was: str
    change_id: str


@dataclass(frozen=True)
class StatusPinned(Event):
    """`change_id` distinguishes it from other pins of the status."""

    status_id: str
    account_id: str
    change_id: str = field(default="", compare=False)
    leaves: bool = False


@dataclass(frozen=True)
class StatusKept(Event):
    """Somebody here has to do with a status of another server, so that it is not forgotten."""

    status_id: str


@dataclass(frozen=True)
class StatusUnpinned(Event):
    """As `StatusPinned`. `expires`: when the status is to be deleted, in seconds. None: never."""

    status_id: str
    account_id: str
    expires: int | None = None
    change_id: str = field(default="", compare=False)
    leaves: bool = False


@dataclass(frozen=True)
class Scrobbled(Event):
    """An account has noted what it listens to."""

    scrobble_id: str
    account_id: str
    visibility: str
    leaves: bool = False


@dataclass(frozen=True)
class StatusReblogged(Event):
    """`status_id` is the reblog's id, `original_id` that of the status that is reblogged."""

    status_id: str
    account_id: str
    original_id: str
    leaves: bool = False


@dataclass(frozen=True)
class ReblogRemoved(Event):
    """`uri`: that of the original. `author_id`: who wrote it."""

    status_id: str
    account_id: str
    original_id: str
    leaves: bool = False
    uri: str = field(default="", compare=False)
    author_id: str = field(default="", compare=False)


@dataclass(frozen=True)
class StatusFavourited(Event):
    """`favourite_id`: that of the favourite itself. `author_id`: whose status it is, if another server has to hear."""

    status_id: str
    account_id: str
    favourite_id: str = field(default="", compare=False)
    author_id: str | None = None


@dataclass(frozen=True)
class FavouriteRemoved(Event):
    """As `StatusFavourited`. `uri`: that of the status."""

    status_id: str
    account_id: str
    favourite_id: str = field(default="", compare=False)
    author_id: str | None = None
    uri: str = field(default="", compare=False)


@dataclass(frozen=True)
class ReactionAdded(Event):
    """As `StatusFavourited`."""

    status_id: str
    account_id: str
    emoji: str
    reaction_id: str = field(default="", compare=False)
    author_id: str | None = None


@dataclass(frozen=True)
class ReactionRemoved(Event):
    """As `FavouriteRemoved`. `picture`: that of a custom emoji."""

    status_id: str
    account_id: str
    emoji: str
    reaction_id: str = field(default="", compare=False)
    author_id: str | None = None
    uri: str = field(default="", compare=False)
    picture: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PollVoted(Event):
    """`account_id` has voted in a poll of `author_id`.

    `leaves`: other servers have the poll, so they hear of the counts: those of one `turn` together, the last ones when
    it `ends`. `votes`: for the server of the poll, if that is another one: the id and the text of each choice.
    """

    status_id: str
    account_id: str
    author_id: str
    leaves: bool = False
    turn: int = 0
    ends: int = 0
    votes: Sequence[tuple[str, str]] = ()


# Accounts and how they stand to each other. `change_id` distinguishes the changes of a pair. `account_id` is the
# follower. `host` is the follower's and `other_host` the other's, if they are of other servers.


@dataclass(frozen=True)
class AccountFollowed(Event):
    """A follow began: at once, or with the answer to a request. One from another server may be told of again.

    `deepens`: a job has to bring more statuses to the home timeline than the newest, which the request brought.
    """

    account_id: str
    other_id: str
    change_id: str
    deepens: bool = True
    host: str | None = None
    other_host: str | None = None


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


# Other servers.


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


# What an account is told.


@dataclass(frozen=True)
class NotificationMade(Event):
    """`account_id`: who is told. `pushed`: one of their clients waits for it."""

    account_id: str
    notification_id: int
    pushed: bool = False


@dataclass(frozen=True)
class ChatMessageSent(Event):
    """`chat`: the author's side, or the recipient's if the author is of another server. `wants_card`: it has a link.

    `other_id`: to whom it is sent at another server.
    """

    chat: str
    message_id: str
    account_id: str
    wants_card: bool = False
    other_id: str | None = None


@dataclass(frozen=True)
class ChatMessageDeleted(Event):
    """`account_id`: the author. `other_id`: who has it at another server."""

    message_id: str
    account_id: str
    other_id: str | None = None
