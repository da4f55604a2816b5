"""Messages about hashtags. They are like those of `messages`."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message


@dataclass(frozen=True)
class DeliverTagged(Message, kind="deliver_tagged", queue="timelines", row=("status_id", "tag"), lasts=60):
    """Place a status at home of the followers of one of its tags that come after one, by id. The job row holds how
    far that is.
    """

    status_id: str
    account_id: str
    tag: str
    after: str


@dataclass(frozen=True)
class TagSync(Message, kind="tag_sync", queue="timelines", row=("owner", "tag", "cause"), lasts=60):
    """Take away what a tag has brought home, unless it is followed again. `last` 1: nothing is under way any more that
    places statuses there.
    """

    owner: str
    tag: str
    cause: str
    last: int = 0
