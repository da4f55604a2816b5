"""Changing how two accounts stand to each other: read the pair, decide, write; again if it changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from ...store.dynamo.table import Overloaded
from ...store.relationships import meetings
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Changed, Relation
from ..refusals import NotFound
from ..viewer import Viewer
from .following import Standing

TRIES = 20


def change(account_id: str, by: Viewer, decide: Callable[[Meeting], Relation]) -> Standing:
    """How the viewer stands to the account after `decide`, which may refuse or write. NotFound: no such account."""
    for _ in range(TRIES):
        meeting = meetings.meet(by.id, [account_id]).get(account_id)
        if meeting is None:
            raise NotFound
        try:
            return Standing(meeting.account, decide(meeting))
        except Changed:
            continue
    raise Overloaded("a pair of accounts did not come to rest")
