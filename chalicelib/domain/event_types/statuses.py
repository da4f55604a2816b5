"""What happens to statuses. `leaves`: somebody at another server may get it, so it has to be seen who does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .event import Event


@dataclass(frozen=True)
class StatusPosted(Event):
    """`expires`: when the status is to be deleted, in seconds. None: never. `poll_ends`: when its poll does."""

    status_id: str
    account_id: str
    expires: int | None = None
    leaves: bool = False
    poll_ends: int | None = None


@dataclass(frozen=True)
class StatusArrived(Event):
    """A status or reblog of another server came, for its readers here."""

    status_id: str
    account_id: str


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
    """`tags`: the hashtags of the deleted status. `addressed`: whom it was for, among others or alone."""

    status_id: str
    account_id: str
    tags: Sequence[str] = ()
    leaves: bool = False
    visibility: str = field(default="", compare=False)
    addressed: Sequence[str] = field(default=(), compare=False)


@dataclass(frozen=True)
class StatusEdited(Event):
    """A status says something else now. `edit_id`: the flake of the edit, which is the cause of what people are told.

    `poll_ends`: when its poll ends now, in seconds. `wants_card`: it has a link without a preview.
    """

    status_id: str
    account_id: str
    edit_id: str
    leaves: bool = False
    poll_ends: int | None = None
    wants_card: bool = False


@dataclass(frozen=True)
class StatusMarked(Event):
    """The staff changed whether a status is sensitive. `change_id` distinguishes the changes."""

    status_id: str
    account_id: str
    change_id: str
    leaves: bool = False


@dataclass(frozen=True)
class CardKept(Event):
    """A status has a preview of its link from now on."""

    status_id: str
    account_id: str


@dataclass(frozen=True)
class VisibilityChanged(Event):
    """The staff changed whom a status is for. `was`: the visibility before. `change_id` distinguishes the changes.

    `tags`, `addressed`: as of a status that is deleted.
    """

    status_id: str
    was: str
    change_id: str
    account_id: str = field(default="", compare=False)
    tags: Sequence[str] = field(default=(), compare=False)
    addressed: Sequence[str] = field(default=(), compare=False)


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
    """`uri`: that of the original. `author_id`: who wrote it. `visibility`: that of the reblog."""

    status_id: str
    account_id: str
    original_id: str
    leaves: bool = False
    uri: str = field(default="", compare=False)
    author_id: str = field(default="", compare=False)
    visibility: str = field(default="", compare=False)


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


@dataclass(frozen=True)
class BookmarkFolderRemoved(Event):
    """A folder was deleted, and its bookmarks are to forget it."""

    account_id: str
    folder_id: str
