"""Changing how two accounts stand to each other: read the pair, decide, write, and again if it changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from ...store.relationships import meetings
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ..refusals import NotFound
from ..retrying import retried, retried_from
from ..viewer import Viewer
from .standing import Standing


def change(account_id: str, by: Viewer, decide: Callable[[Meeting], Relation]) -> Standing:
    """How the viewer stands to the account after `decide`, which may refuse or write. NotFound: no such account."""
    return retried(lambda: _decided(_meet(account_id, by), decide))


def change_met(meeting: Meeting, by: Viewer, decide: Callable[[Meeting], Relation]) -> Standing:
    """As `change`, when the two have met."""
    return retried_from(meeting, lambda met: _decided(met, decide), lambda: _meet(meeting.account.id, by))


def _decided(meeting: Meeting, decide: Callable[[Meeting], Relation]) -> Standing:
    return Standing(meeting.account, decide(meeting))


def _meet(account_id: str, by: Viewer) -> Meeting:
    meeting = meetings.meet(by.id, [account_id]).get(account_id)
    if meeting is None:
        raise NotFound
    return meeting
