"""One status: reading it, its thread, and deleting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...ids import is_flake
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.federation import presence
from ...store.staff.log import LoggedAct
from ...store.statuses import posting, statuses, surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow, Span
from .. import events, visibility
from ..event_types.statuses import StatusDeleted
from ..federation import staleness
from ..refusals import NotFound
from ..retrying import retried_from
from ..timelines.filtering import THREAD, Filtering
from ..viewer import Viewer

MOST_ANCESTORS = 300
MOST_DESCENDANTS = 700
MOST_AT_ONCE = 100
THREAD_PAGE = 4000


@dataclass(frozen=True)
class Thread:
    """The visible statuses before and after one, both oldest first."""

    ancestors: list[Status]
    descendants: list[Status]
    around: Surroundings


def ahead(viewer_id: str, *, id: str, **_: str) -> list[Key]:
    """What a request about a status reads first."""
    return [statuses.status_key(id)] if is_flake(id) else []


def get(status_id: str, viewer: Viewer | None) -> tuple[Status, Surroundings]:
    status, around = visibility.readable(status_id, viewer)
    staleness.poll_viewed(status)
    staleness.quote_viewed(status)
    return status, around


def list_by_ids(status_ids: Sequence[str], viewer: Viewer | None) -> tuple[list[Status], Surroundings]:
    """The first hundred, as far as the viewer may see them, each once, in the order asked."""
    wanted = [id for id in dict.fromkeys(status_ids) if is_flake(id)][:MOST_AT_ONCE]
    loaded = statuses.find_many(wanted)
    around = surroundings.load_statuses(list(loaded.values()), viewer.eyes if viewer else None)
    shown = [loaded[id] for id in wanted if id in loaded and visibility.is_shown(loaded[id], viewer, around)]
    return shown, around


def get_thread(status_id: str, viewer: Viewer | None) -> Thread:
    """The whole conversation. Smaller ids are ancestors, larger ones descendants. Blocked authors are left out."""
    status = statuses.find(status_id)
    if status is None:
        raise NotFound
    kept = [row for row in rows_around(status, viewer) if row.id != status.id and worth_loading(row, viewer)]
    ancestors = [row for row in kept if row.id < status.id][-MOST_ANCESTORS:]
    descendants = [row for row in kept if row.id > status.id][:MOST_DESCENDANTS]
    own = feeds.row_of(status, FeedRow, "")
    around = surroundings.load_rows([*ancestors, own, *descendants], viewer.eyes if viewer else None)
    if not visibility.is_shown(around.statuses.get(status.id, status), viewer, around):
        raise NotFound
    return Thread(shown_of(ancestors, viewer, around), shown_of(descendants, viewer, around), around)


def rows_around(status: Status, viewer: Viewer | None) -> list[FeedRow]:
    """The thread, oldest first. If it is longer than a page: what is nearest to the status, on both sides."""
    def read(limit: int, *, ascending: bool, **bounds: str) -> list[FeedRow]:
        span = Span(**bounds, ascending=ascending)
        return feeds.read(FeedRow, f"t#{status.thread}", span, limit=limit, strong=viewer is not None)

    rows = read(THREAD_PAGE, ascending=True)
    if len(rows) < THREAD_PAGE:
        return rows
    older, newer = together(
        lambda: read(THREAD_PAGE // 2, ascending=False, below=status.id),
        lambda: read(THREAD_PAGE // 2, ascending=True, above=status.id),
    )
    return [*reversed(older), *newer]


def worth_loading(row: FeedRow, viewer: Viewer | None) -> bool:
    blocked = viewer is not None and viewer.blocks(row.author_id)
    return not blocked and visibility.might_see(row, viewer)


def shown_of(rows: Sequence[FeedRow], viewer: Viewer | None, around: Surroundings) -> list[Status]:
    found = [around.statuses[row.id] for row in rows if row.id in around.statuses]
    filtering = Filtering(viewer.hides if viewer else None, THREAD)
    return [each for each in found if visibility.is_shown(each, viewer, around) and not filtering.leaves_out(each)]


def delete(status_id: str, by: Viewer, *, with_media: bool = False) -> tuple[Status, Surroundings]:
    """Delete a status of one's own, or any as staff. Answers what it was. Reblogs are undone in `reblogs`.

    `with_media`: the author's uploads go at once, unless something else shows them. Else they stay, for a new draft.
    """
    status, around = visibility.readable(status_id, by)
    if status.reblog_of or (status.account_id != by.id and not by.is_staff):
        raise NotFound
    if not bury(status):
        raise NotFound
    if with_media and status.account_id == by.id:
        from ..media import uploads  # most deletions leave them

        uploads.delete_unused([each["id"] for each in status.content.get("attachments", ())], by)
    return status, around


def bury(status: Status, entry: LoggedAct | None = None) -> bool:
    """Delete a status with all that follows from it. False if it was deleted before.

    `entry`: what is logged, if it is an act of the staff.
    """
    known: Status | None = status
    return retried_from(known, lambda found: _bury(found, entry), lambda: statuses.find(status.id))


def _bury(status: Status | None, entry: LoggedAct | None) -> bool:
    if status is None:
        return False
    leaves = status.host is None and bool(status.federated or presence.is_known())
    event = StatusDeleted(status.id, status.account_id, status.content.get("tags", []), leaves,
                          status.visibility, status.addressed)
    if not posting.bury(status, events.owed(event), entry):
        return False
    events.tell(event)
    return True
