"""Poll: the question on a status, with its counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

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
    votes_count: int | None


class Poll(TypedDict):
    """`own_votes`: what the viewer chose. Visitors get none. A count is null as long as the author hides it."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    voted: bool
    own_votes: NotRequired[list[int]]
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
    ballot = ballot_of(status, mark)
    shown = arrange_counted(status.id, poll, status.poll_counts or (), int(status.voters_count),
                            status.content.get("emojis"))
    if viewer is not None:
        shown["voted"] = viewer.id == status.account_id or ballot is not None
        shown["own_votes"] = ballot or []
    return shown


def arrange_counted(id: str, poll: Mapping[str, Any], counted: Sequence[Any], voters: int, emojis: Any) -> Poll:
    """A poll, as a document has it, with its counts, for whoever has not voted. `id`: of the status."""
    counts = [int(count) for count in counted or [0] * len(poll["options"])]
    hidden = polls.hides_totals(poll)
    return {
        "id": id,
        "expires_at": iso(poll["ends"]) if poll["ends"] is not None else None,
        "expired": polls.has_ended(poll),
        "multiple": poll["multiple"],
        "votes_count": sum(counts),
        "voters_count": None if poll.get("voters_unknown") else voters,
        "options": [{"title": title, "votes_count": None if hidden else count}
                    for title, count in zip(poll["options"], counts, strict=True)],
        "voted": False,
        "emojis": render_used(emojis),
    }
