"""Poll: the question on a status, with its counts."""

from __future__ import annotations

from typing import TypedDict

from ...domain.statuses import polls
from ...domain.viewer import Viewer
from ...ids import iso
from ...store.statuses.marks import Mark
from ...store.statuses.polls import ballot_of
from ...store.statuses.statuses import Status as Record
from ...store.statuses.surroundings import Surroundings
from ..emoji.emoji import Emoji, render_used


class PollOption(TypedDict):
    title: str
    votes_count: int


class Poll(TypedDict):
    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    voted: bool
    emojis: list[Emoji]


def render_poll(status: Record, around: Surroundings, viewer: Viewer | None) -> Poll:
    """The poll of a status that has one."""
    poll = arrange_poll(status, viewer, around.marks.get(status.id))
    assert poll is not None
    return poll


def arrange_poll(status: Record, viewer: Viewer | None, mark: Mark | None) -> Poll | None:
    """The poll of a status as the viewer sees it. None: the status has none."""
    poll = status.content.get("poll")
    if poll is None:
        return None
    counts = [int(count) for count in status.poll_counts or [0] * len(poll["options"])]
    voted = viewer is not None and (viewer.id == status.account_id or ballot_of(status, mark) is not None)
    return {
        "id": status.id,
        "expires_at": iso(poll["ends"]) if poll["ends"] is not None else None,
        "expired": polls.is_over(status),
        "multiple": poll["multiple"],
        "votes_count": sum(counts),
        "voters_count": None if poll.get("voters_unknown") else int(status.voters_count),
        "options": [{"title": title, "votes_count": count}
                    for title, count in zip(poll["options"], counts, strict=True)],
        "voted": voted,
        "emojis": render_used(status.content.get("emojis")),
    }
