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
from ..store.statuses.visibilities import DIRECT, FOR_FOLLOWERS, LOCAL, OPEN, PRIVATE, PUBLIC, UNLISTED, list_in
from ..store.timelines.feeds import Row
from .refusals import NotFound
from .viewer import Viewer

# What a visibility says.


def is_open(visibility: str) -> bool:
    """For anybody who knows of it."""
    return visibility in OPEN


def is_for_followers(visibility: str) -> bool:
    """For those who follow the author, if not for more: for everybody but chosen people alone."""
    return visibility in FOR_FOLLOWERS


def is_local(visibility: str) -> bool:
    """For this server alone; on profiles for followers."""
    return visibility == LOCAL


def is_private(visibility: str) -> bool:
    """For those who follow the author and nobody else, except whom it addresses."""
    return visibility == PRIVATE


def is_direct(visibility: str | None) -> bool:
    """For those alone whom it addresses: part of a conversation."""
    return visibility == DIRECT


def is_searchable(visibility: str) -> bool:
    """Whether searches find it."""
    return visibility in (PUBLIC, UNLISTED)


def for_clients(visibility: str) -> str:
    """The word that clients are told: `list` hides which list."""
    return visibility if list_in(visibility) is None else "list"


# Who may see a status, as far as one knows it.


def may_see(status: Status | Row, viewer: Viewer | None, relation: Relation | None,
            on_lists: Container[str] = ()) -> bool:
    """Whether the status is for these eyes; `relation` is the viewer's to the author, wanted for private ones only,
    `on_lists` holds the author's lists that the viewer is on."""
    if is_open(status.visibility):
        return viewer is not None or not settings.restrict_statuses
    if viewer is None:
        return False
    if viewer.id == _author_of(status) or viewer.id in _addressed_by(status):
        return True
    if is_private(status.visibility):
        return _follows(relation)
    return list_in(status.visibility) in on_lists


def may_see_parent(status: Status, viewer: Viewer | None, relation: Relation | None) -> bool:
    """Whether what the status replies to is for these eyes, as far as the reply tells; `relation` is the viewer's to
    the author of that."""
    if not status.parent_id:
        return False
    if is_open(status.parent_visibility):
        return True
    if viewer is None:
        return False
    if viewer.id == status.parent_account_id or viewer.id in (status.parent_to or ()):
        return True
    return is_private(status.parent_visibility) and _follows(relation)


def takes_part(status: Status | Row, viewer: Viewer | None) -> bool:
    """Whether it is part of a conversation of the viewer's: direct, and written by them or addressed to them."""
    if viewer is None or not is_direct(status.visibility):
        return False
    return viewer.id == _author_of(status) or viewer.id in _addressed_by(status)


def might_see(row: Row, viewer: Viewer | None) -> bool:
    """Whether it is worth loading: False when the row alone rules the viewer out.

    A row does not tell who follows, who is on a list, and whom it addresses beyond the first ten.
    """
    if is_open(row.visibility):
        return True
    if viewer is None:
        return False
    if not is_direct(row.visibility) or row.more_to:
        return True
    return viewer.id == _author_of(row) or viewer.id in _addressed_by(row)


def might_see_on_profile(row: Row, viewer: Viewer | None, relation: Relation | None) -> bool:
    """As `might_see`, among the statuses of its author, whom the viewer stands to as in `relation`: local ones are for
    followers there."""
    if is_local(row.visibility) and (viewer is None or viewer.id != row.author_id):
        return _follows(relation) or (viewer is not None and viewer.id in _addressed_by(row))
    if row.more_to or (viewer is not None and list_in(row.visibility) is not None):
        return True
    return may_see(row, viewer, relation)


def may_reblog(original: Status, by: Viewer) -> bool:
    """Whether who sees a status may pass it on: an open one everybody, a private one only its author."""
    return is_open(original.visibility) or (is_private(original.visibility) and original.account_id == by.id)


def may_know_of_reblog(wrapper: Status, viewer: Viewer | None) -> bool:
    """Whether the viewer is told who made this reblog of a status they see: of a private one only who made it."""
    return is_open(wrapper.visibility) or (viewer is not None and viewer.id == wrapper.account_id)


def _author_of(status: Status | Row) -> str:
    return str(status.account_id if isinstance(status, Status) else status.author_id)


def _addressed_by(status: Status | Row) -> Container[str]:
    """Whom it addresses; a row names the first ten."""
    return status.addressed if isinstance(status, Status) else status.to or ()


def _follows(relation: Relation | None) -> bool:
    return relation is not None and relation.follows


# A status with what surrounds it.


def is_shown(status: Status, viewer: Viewer | None, around: Surroundings) -> bool:
    """Whether a loaded status may be shown: it and what it reblogs are there, of active accounts, and visible."""
    original = around.original_of(status)
    if status.reblog_of and original is status:
        return False
    return all(
        is_active(around.accounts.get(each.account_id))
        and may_see(each, viewer, around.relations.get(each.account_id), around.on_lists)
        for each in (status, original)
    )


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
