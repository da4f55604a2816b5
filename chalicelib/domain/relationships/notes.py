"""Notes: what an account writes down of another one. Nobody else ever sees it."""

from __future__ import annotations

from ...store.relationships import private_marks
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ..refusals import Forbidden, Unacceptable
from ..text import fits
from ..viewer import Viewer
from .changing import change
from .standing import Standing

LONGEST = 2_000


def set_note(account_id: str, comment: str, *, by: Viewer) -> Standing:
    """Note something of an account. An empty comment takes the note away."""
    if account_id == by.id:
        raise Forbidden("Can not take notes of yourself")
    if not fits(LONGEST, comment):
        raise Unacceptable(f"Comment must be up to {LONGEST} characters")

    def note(meeting: Meeting) -> Relation:
        mine = meeting.pair.mine
        return mine if mine.note == comment else private_marks.set_note(meeting.pair, comment)

    return change(account_id, by, note)
