"""Visibility: who may see a status. The one place that decides.

| visibility | anybody by id | followers | addressed |
|---|---|---|---|
| public, unlisted, local | yes | yes | yes |
| private | no | yes | yes |
| direct, list | no | no | yes, and who is on the list |

Authors always see their own. A status of an account that is not active is gone for everybody else.
"""

from __future__ import annotations

from collections.abc import Container

from ..settings import settings
from ..store.accounts.accounts import Account
from ..store.relationships.relations import Relation
from ..store.statuses import statuses, surroundings
from ..store.statuses.addressing import Addressee
from ..store.statuses.statuses import Status
from ..store.statuses.surroundings import Surroundings
from ..store.statuses.visibilities import OPEN, PRIVATE, list_in
from ..store.timelines.feeds import Row
from .refusals import NotFound
from .viewer import Viewer


def may_see(status: Status | Row, viewer: Viewer | None, relation: Relation | None, addressed: list[str],
            on_lists: Container[str] = ()) -> bool:
    """Whether the status is for these eyes; `relation` is the viewer's to the author, wanted for private ones only,
    `on_lists` holds the author's lists that the viewer is on."""
    if status.visibility in OPEN:
        return viewer is not None or not settings.restrict_statuses
    if viewer is None:
        return False
    if _author_of(status) == viewer.id or viewer.id in addressed:
        return True
    if status.visibility == PRIVATE:
        return relation is not None and relation.follows
    return list_in(status.visibility) in on_lists


def _author_of(status: Status | Row) -> str:
    return str(status.account_id if isinstance(status, Status) else status.author_id)


def is_shown(status: Status, viewer: Viewer | None, around: Surroundings) -> bool:
    """Whether a loaded status may be shown: it and what it reblogs are there, of active accounts, and visible."""
    original = around.original_of(status)
    if status.reblog_of and original is status:
        return False
    return all(
        is_active(around.accounts.get(each.account_id))
        and may_see(each, viewer, around.relations.get(each.account_id), each.addressed, around.on_lists)
        for each in (status, original)
    )


def for_clients(visibility: str) -> str:
    """The word that clients are told: `list` hides which list."""
    return "list" if list_in(visibility) is not None else visibility


def is_active(author: Account | None) -> bool:
    return author is not None and not author.deactivated and not author.deleted


def readable(status_id: str, viewer: Viewer | None) -> tuple[Status, Surroundings]:
    """A status with what surrounds it, in two rounds. NotFound when it is not for these eyes."""
    status = statuses.find(status_id)
    if status is None:
        raise NotFound
    return shown(status, viewer)


def shown(status: Status, viewer: Viewer | None) -> tuple[Status, Surroundings]:
    """A status in hand with what surrounds it. NotFound when it is not for these eyes."""
    around = surroundings.load_statuses([status], viewer.eyes if viewer else None)
    if not is_shown(status, viewer, around):
        raise NotFound
    return status, around


def open_to(status_id: str, viewer: Viewer, *, original: bool = False) -> tuple[
        Status, Surroundings, Addressee | None]:
    """A status that the viewer may act upon, with its author as one to be told (None: nobody to tell).

    Two rounds; `original` takes a reblog's id for that of its original. NotFound when it is not for these eyes, and
    for a reblog.
    """
    status = statuses.find(status_id)
    if original and status is not None and status.reblog_of:
        status = statuses.find(status.reblog_of)
    if status is None or status.reblog_of:
        raise NotFound
    around, author = surroundings.load_to_act(status, viewer.eyes)
    if not is_shown(status, viewer, around):
        raise NotFound
    return status, around, author
