"""What may be asked of a queue about statuses: to place them, to take them away, to look at what they link to."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import Message


@dataclass(frozen=True)
class DeliverPosted(Message, kind="deliver_posted", queue="timelines"):
    """Place a new status wherever the request did not. If it is lost, the sweep finds the status undelivered."""

    status_id: str
    account_id: str


@dataclass(frozen=True)
class Deliver(Message, kind="deliver", queue="timelines", row=("status_id",)):
    """Deliver a status that should have been delivered by now."""

    status_id: str
    account_id: str = ""


@dataclass(frozen=True)
class DeliverPages(Message, kind="deliver_pages", queue="timelines", row=("status_id",), lasts=60):
    """Place a status at home of the followers that come after one, by id. The job row holds how far that is."""

    status_id: str
    account_id: str
    after: str


@dataclass(frozen=True)
class DeliverChunk(Message, kind="deliver_chunk", queue="timelines"):
    """Place a status on the home timelines of one page of followers. `DeliverPages` goes on only when it is sent."""

    status_id: str
    account_ids: list[str]
    account_id: str = ""


@dataclass(frozen=True)
class FetchCard(Message, kind="fetch_card", queue="outside"):
    """Fetch the preview of a status' first link. It may be lost. `waits`: how often the other server was not free."""

    status_id: str
    waits: int = 0


@dataclass(frozen=True)
class FetchMessageCard(Message, kind="fetch_message_card", queue="outside"):
    """Fetch the preview of a chat message's first link. `chat` has one copy of the message. It may be lost."""

    chat: str
    message_id: str
    waits: int = 0


@dataclass(frozen=True)
class StatusCascade(Message, kind="status_cascade", queue="timelines", row=("status_id",), lasts=60):
    """Delete what belonged to a deleted status. `leaves` 1: other servers that may have it are told before."""

    status_id: str
    tags: list[str] = field(default_factory=list)
    leaves: int = 0


@dataclass(frozen=True)
class FollowEdit(Message, kind="follow_edit", queue="timelines", row=("status_id", "edit_id"), lasts=60):
    """Bring timelines and the search index in line with an edited status, and tell those who have to do with it."""

    status_id: str
    edit_id: str


@dataclass(frozen=True)
class Readdress(Message, kind="readdress", queue="timelines", row=("status_id", "change"), lasts=60):
    """Bring all that follows from a status' visibility in line with it. `was`: the visibility before the change."""

    status_id: str
    change: str
    was: str


@dataclass(frozen=True)
class HomeSync(Message, kind="home_sync", queue="timelines", row=("owner", "cause"), lasts=30):
    """Bring the owner's home timeline in line with whether they follow the other. `cause`: the change that asks."""

    owner: str
    other: str
    cause: str
    depth: int


@dataclass(frozen=True)
class UnmuteThread(Message, kind="unmute_thread", queue="timelines", row=("account_id", "thread", "until")):
    """End a mute of a thread at the moment until which it was made (in seconds)."""

    account_id: str
    thread: str
    until: int


@dataclass(frozen=True)
class ExpireStatus(Message, kind="expire_status", queue="timelines", row=("status_id",)):
    """Delete a status whose time is over."""

    status_id: str


@dataclass(frozen=True)
class PublishScheduled(Message, kind="publish_scheduled", queue="timelines", row=("id", "due")):
    """Post a scheduled status. `due`: the time it was scheduled for, so that a changed time is noticed."""

    account_id: str
    id: str
    due: int
