"""Changing how two accounts stand to each other: read the pair, decide, write, and again if it changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from ...store.relationships import meetings
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ..refusals import NotFound
from ..retrying import retried
from ..viewer import Viewer
from .following import Standing


def change(account_id: str, by: Viewer, decide: Callable[[Meeting], Relation]) -> Standing:
    """How the viewer stands to the account after `decide`, which may refuse or write. NotFound: no such account."""
    def attempt() -> Standing:
        meeting = meetings.meet(by.id, [account_id]).get(account_id)
        if meeting is None:
            raise NotFound
        return Standing(meeting.account, decide(meeting))

    return retried(attempt)
