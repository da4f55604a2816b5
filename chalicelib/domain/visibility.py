"""Visibility: who may see a status. The one place that decides.

| visibility | anybody by id | followers | addressed |
|---|---|---|---|
| public, unlisted, local | yes | yes | yes |
| private | no | yes | yes |
| direct, list | no | no | yes, and who is on the list |

Authors always see their own statuses. Nobody else sees a status whose author is not active.
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

# What a visibility means.


def is_open(visibility: str) -> bool:
    """Whether it is for everybody who knows the status."""
    return visibility in OPEN


def delisted(visibility: str) -> str:
    """The same without public timelines."""
    return UNLISTED if visibility == PUBLIC else visibility


def narrowed(visibility: str, quoted: Status) -> str:
    """The visibility that a status has if it quotes another one and its author asked for none."""
    return PRIVATE if is_private(quoted.visibility) else visibility


def no_wider(wanted: str, than: str) -> str:
    """`wanted`, or `than` if fewer people may see that. What is for a list is for chosen people."""
    order = (PUBLIC, UNLISTED, LOCAL, PRIVATE, DIRECT)
    places = [order.index(each) if each in order else order.index(DIRECT) for each in (wanted, than)]
    return order[max(places)]


def is_public(visibility: str) -> bool:
    """Whether it is shown to everybody, in public timelines too."""
    return visibility == PUBLIC


def is_for_followers(visibility: str) -> bool:
    """Whether it is for the author's followers, perhaps among others. False: only for chosen people."""
    return visibility in FOR_FOLLOWERS


def is_local(visibility: str) -> bool:
    """Whether it is only for this server. On profiles, such a status is only for followers."""
    return visibility == LOCAL


def is_private(visibility: str) -> bool:
    """Whether it is only for followers of the author, and for those whom the status addresses."""
    return visibility == PRIVATE


def is_direct(visibility: str | None) -> bool:
    """Whether it is only for those whom the status addresses. Then the status is part of a conversation."""
    return visibility == DIRECT


def has_changed(before: str, now: str) -> bool:
    return before != now


def is_for_chosen(visibility: str) -> bool:
    """Whether it is only for chosen people: those whom the status addresses, or those on a list."""
    return not is_for_followers(visibility)


def is_searchable(visibility: str) -> bool:
    """Whether searches find the status."""
    return visibility in (PUBLIC, UNLISTED)


def is_for_everybody(visibility: str) -> bool:
    """Whether people of any server may see it. The staff sees other statuses in a list only when it asks for them."""
    return visibility in (PUBLIC, UNLISTED)


def may_become(visibility: str) -> bool:
    """Whether the staff may give a status this visibility."""
    return visibility in (PUBLIC, UNLISTED, PRIVATE)


def for_clients(visibility: str) -> str:
    """The word that clients get. `list` does not say which list."""
    return visibility if list_in(visibility) is None else "list"


# Who may see a status, as far as it is known.


def may_see(status: Status | Row, viewer: Viewer | None, relation: Relation | None,
            on_lists: Container[str] = ()) -> bool:
    """Whether the viewer may see the status.

    `relation`: how the viewer stands to the author; needed for private statuses only. `on_lists`: the author's lists
    that the viewer is on.
    """
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
    """Whether the viewer may see the parent of a reply, as far as the reply tells.

    `relation`: how the viewer stands to the parent's author.
    """
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
    """Whether it is part of a conversation of the viewer's: direct, and written by or addressed to the viewer."""
    if viewer is None or not is_direct(status.visibility):
        return False
    return viewer.id == _author_of(status) or viewer.id in _addressed_by(status)


def might_see(row: Row, viewer: Viewer | None) -> bool:
    """Whether it is worth loading. False: the row alone tells that the viewer may not see it.

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
    """As `might_see`, but on the author's profile, where local statuses are for followers.

    `relation`: how the viewer stands to the author.
    """
    if is_local(row.visibility) and (viewer is None or viewer.id != row.author_id):
        return _follows(relation) or (viewer is not None and viewer.id in _addressed_by(row))
    if row.more_to or (viewer is not None and list_in(row.visibility) is not None):
        return True
    return may_see(row, viewer, relation)


def may_reblog(original: Status, by: Viewer) -> bool:
    """Whether somebody who sees a status may reblog it. Anybody may reblog open ones, authors their private ones."""
    return is_open(original.visibility) or (is_private(original.visibility) and original.account_id == by.id)


def _author_of(status: Status | Row) -> str:
    return str(status.account_id if isinstance(status, Status) else status.author_id)


def _addressed_by(status: Status | Row) -> Container[str]:
    """Whom it addresses. A row names the first ten."""
    return status.addressed if isinstance(status, Status) else status.to or ()


def _follows(relation: Relation | None) -> bool:
    return relation is not None and relation.follows


# A status with all that is needed to show it.


def is_shown(status: Status, viewer: Viewer | None, around: Surroundings) -> bool:
    """Whether a loaded status may be shown: it and what it reblogs exist, are of active accounts, and are visible."""
    return is_there(status, around) and all(
        may_see(each, viewer, around.relations.get(each.account_id), around.on_lists)
        for each in _with_original(status, around)
    )


def is_there(status: Status, around: Surroundings) -> bool:
    """Whether a loaded status and what it reblogs exist, and are of active accounts."""
    return is_whole(status, around) and all(
        is_active(around.accounts.get(each.account_id)) for each in _with_original(status, around))


def is_whole(status: Status, around: Surroundings) -> bool:
    """Whether a loaded status and what it reblogs exist, and are of accounts that were not deleted."""
    if status.reblog_of and around.original_of(status) is status:
        return False
    authors = [around.accounts.get(each.account_id) for each in _with_original(status, around)]
    return all(author is not None and not author.deleted for author in authors)


def _with_original(status: Status, around: Surroundings) -> tuple[Status, ...]:
    """A status, and what it reblogs if it is a reblog."""
    return (status, around.original_of(status)) if status.reblog_of else (status,)


def is_active(author: Account | None) -> bool:
    return author is not None and not author.deactivated and not author.deleted


def readable(status_id: str, viewer: Viewer | None) -> tuple[Status, Surroundings]:
    """A status with what is needed to show it, in two rounds of reads. NotFound: the viewer may not see it."""
    status = statuses.find(status_id)
    if status is None:
        raise NotFound
    return shown(status, viewer)


def shown(status: Status, viewer: Viewer | None) -> tuple[Status, Surroundings]:
    """A loaded status with what is needed to show it. NotFound: the viewer may not see it."""
    around = surroundings.load_statuses([status], viewer.eyes if viewer else None)
    if not is_shown(status, viewer, around):
        raise NotFound
    return status, around


def open_to(status_id: str, viewer: Viewer, *, original: bool = False) -> tuple[
        Status, Surroundings, Addressee | None]:
    """A status that the viewer may act upon, and its author as somebody to be notified (None: nobody).

    Two rounds of reads. `original`: the id of a reblog stands for its original; else NotFound for a reblog. NotFound
    also if the viewer may not see it.
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
