"""Which rows of feeds a viewer wants, as far as a row tells: before anything else is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...store.relationships import relations
from ...store.timelines.feeds import FOLLOWED, MEDIA, REPLY, HomeRow, Row
from ..viewer import Viewer
from ..visibility import for_clients

Sift = Callable[[list[Row]], list[Row]]


@dataclass(frozen=True)
class Wishes:
    """What the common parameters of all timelines ask for."""

    with_muted: bool = False
    exclude_visibilities: Sequence[str] = ()
    only_media: bool = False
    local: bool = False
    reply_visibility: str | None = None
    instance: str | None = None
    remote: bool = False


def joins_home(row: Row, viewer: Viewer, wishes: Wishes) -> bool:
    """Whether a row of the viewer's home timeline is shown there. Reblogs of what the viewer wrote are not."""
    own_original = row.original_author_id == viewer.id
    kept = row.author_id in viewer.kept_from_home and row.author_id != viewer.id
    return not (own_original or kept) and is_still_followed(row, viewer) and is_wanted(row, viewer, wishes)


def word_of(row: Row) -> str:
    """Its visibility, as clients know it."""
    return for_clients(row.visibility)


def is_wanted(row: Row, viewer: Viewer | None, wishes: Wishes) -> bool:
    """Whether it is what was asked for, and nothing that the viewer hides."""
    if wishes.only_media and (MEDIA not in row.flags or row.original_id):
        return False
    if word_of(row) in wishes.exclude_visibilities or (wishes.remote if row.host is None else wishes.local):
        return False
    if viewer is None:
        return True
    return not is_hidden(row, viewer, with_muted=wishes.with_muted) and _is_reply_wanted(row, viewer, wishes)


def is_hidden(row: Row, viewer: Viewer, *, with_muted: bool) -> bool:
    """Whether the viewer blocks or mutes its author or anybody whom it reblogs or addresses, or mutes its thread."""
    people = [row.author_id, row.original_author_id]
    if row.author_id != viewer.id:
        people.extend(row.to or [])
    if viewer.blocks_any(people):
        return True
    if row.original_id and viewer.hides_reblogs_of(row.author_id):
        return True
    return not with_muted and (viewer.mutes_thread(row.thread) or viewer.mutes_any(people))


def _is_reply_wanted(row: Row, viewer: Viewer, wishes: Wishes) -> bool:
    """Whether it is a reply that `self` keeps: by or to the viewer. (`following` needs a read: `reply_sift`.)"""
    return wishes.reply_visibility != "self" or _is_no_reply_of_others(row, viewer)


def _is_no_reply_of_others(row: Row, viewer: Viewer) -> bool:
    return REPLY not in row.flags or viewer.id in (row.author_id, row.parent_author_id, *(row.to or []))


def reply_sift(viewer: Viewer | None, wishes: Wishes) -> Sift | None:
    """For `reply_visibility=following`: keeps replies only to the viewer or to people whom the viewer follows."""
    if viewer is None or wishes.reply_visibility != "following":
        return None

    def answered(row: Row) -> set[str]:
        return {row.parent_author_id, *(row.to or [])} - {row.author_id, None}

    def sift(rows: list[Row]) -> list[Row]:
        doubtful = [row for row in rows if not _is_no_reply_of_others(row, viewer)]
        people = {person for row in doubtful for person in answered(row)}
        known = relations.find_many(viewer.id, people, strong=False) if people else {}
        followed = {person for person, relation in known.items() if relation.follows}
        return [row for row in rows if _is_no_reply_of_others(row, viewer) or answered(row) & followed]

    return sift


def is_still_followed(row: Row, viewer: Viewer) -> bool:
    """Whether it is still followed. Rows that came by a follow are hidden when it ends, before a job deletes them."""
    if not isinstance(row, HomeRow) or row.why != FOLLOWED:
        return True
    return row.author_id not in viewer.hides.gone
