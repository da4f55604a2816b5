"""Statuses as the staff sees and changes them, whoever wrote them and whomever they are for.

A list is a page by number. Statuses of accounts that are not active are left out of it, so it is known only after
reading where a page begins. At most four stretches of rows are read for a page, and it may be short then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ... import host_list
from ...ids import is_flake, new_flake
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account, Secret
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch
from ...store.statuses import readdressing, statuses, surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow, Row, Span
from .. import events, visibility
from ..event_types.event import Event
from ..event_types.statuses import StatusMarked, VisibilityChanged
from ..lookup import get_any
from ..pages import fill
from ..paging import Numbered, Window
from ..refusals import BadRequest, NotFound
from ..retrying import expect, retried
from ..statuses import reading
from ..timelines.timelines import NEXT_PAGES, SLACK, merged
from ..viewer import Viewer
from . import log
from .acting import acting

EVERYTHING = "all"
DEEPEST = 10_000
"""Statuses that come after so many newer ones are on no page."""
MOST_AUTHORS = 1_000
"""So many authors are looked at to find where a page begins. Beyond that, accounts count as active."""


@dataclass(frozen=True)
class StatusWishes:
    """`godmode`: with statuses that are not for everybody. `local_only`: of this server. `host`: of another one."""

    godmode: bool = False
    with_reblogs: bool = False
    local_only: bool = False
    host: str | None = None

    def keeps(self, row: Row) -> bool:
        if self.local_only and row.host is not None:
            return False
        if self.host is not None and row.host != self.host:
            return False
        return (self.godmode or visibility.is_for_everybody(row.visibility)) and (
            self.with_reblogs or not row.original_id)

    def shows(self, status: Status) -> bool:
        """The same, of the status itself: its row may be older than a change of its visibility."""
        return self.godmode or visibility.is_for_everybody(status.visibility)


@dataclass(frozen=True)
class StatusPage:
    """Statuses, newest first, with what is needed to show them to the staff."""

    statuses: list[Status] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    secrets: Mapping[str, Secret] = field(default_factory=dict)


# Reading.


def list_all(page: Numbered, wishes: StatusWishes) -> StatusPage:
    """Statuses of all authors; of those of other servers the public ones that are kept in a feed."""
    return _page([EVERYTHING] if wishes.local_only else [EVERYTHING, feeds.FEDERATED], page, wishes)


def list_of_instance(host: str, page: Numbered, wishes: StatusWishes) -> StatusPage:
    """Statuses of authors of one server. Of another server: the public ones that are kept in a feed of their own."""
    if host.casefold() == settings.host.casefold():
        return list_all(page, replace(wishes, local_only=True))
    host = host_list.normal(host) or host
    return _page([feeds.of_host(host)], page, replace(wishes, host=host))


def list_by(nickname_or_id: str, page: Numbered, wishes: StatusWishes) -> StatusPage:
    account = get_any(nickname_or_id)
    if account.deactivated:
        return StatusPage()
    return _page([f"a#{account.id}", *([f"r#{account.id}"] if wishes.with_reblogs else [])], page, wishes, account)


def _page(names: Sequence[str], page: Numbered, wishes: StatusWishes, author: Account | None = None) -> StatusPage:
    reading_ = _StatusReading(names, wishes, author)
    part = Window(None, None, ascending=False, limit=min(page.end, DEEPEST), empty=page.start >= DEEPEST)
    rows = fill(part, reading_.read, reading_.sift).shown[page.start:page.end]
    if not rows:
        return StatusPage()
    around, secrets = together(
        lambda: surroundings.load_rows(rows, None),
        lambda: accounts.secrets_of({row.author_id for row in rows}),
    )
    there = [around.statuses[row.id] for row in rows if row.id in around.statuses]
    return StatusPage([each for each in there if visibility.is_there(each, around) and wishes.shows(each)], around,
                      secrets)


class _StatusReading:
    """Reads feeds down to the end of a page. Rows are kept if their authors are active, as far as that is looked at."""

    def __init__(self, names: Sequence[str], wishes: StatusWishes, author: Account | None) -> None:
        self.names, self.wishes = names, wishes
        self.active: dict[str, bool] = {} if author is None else {author.id: True}

    def read(self, left: Window, turn: int) -> Stretch[Row]:
        size = max(NEXT_PAGES[turn - 1], left.limit) if turn else int(left.limit * SLACK) + 1
        span = Span(left.above, left.below)
        rows, end = merged(together(*[
            partial(feeds.stretch, FeedRow, name, span, limit=size, strong=True) for name in self.names
        ]), ascending=False)
        return Stretch([row for row in rows if self.wishes.keeps(row)], end)

    def sift(self, rows: Sequence[Row]) -> Sequence[Row]:
        authors = {id for row in rows for id in (row.author_id, row.original_author_id) if id}
        unknown = sorted(authors - self.active.keys())[:max(MOST_AUTHORS - len(self.active), 0)]
        found = accounts.find_many(unknown) if unknown else {}
        self.active |= {id: visibility.is_active(found.get(id)) for id in unknown}
        return [row for row in rows if self._is_active(row.author_id)
                and (not row.original_author_id or self._is_active(row.original_author_id))]

    def _is_active(self, account_id: str) -> bool:
        return self.active.get(account_id, True)


def get(status_id: str) -> StatusPage:
    """One status or reblog, whoever may see it, and also if its author is deactivated."""
    status = statuses.find(status_id) if is_flake(status_id) else None
    if status is None:
        raise NotFound("Not found")
    around, secrets = together(
        lambda: surroundings.load_statuses([status], None),
        lambda: accounts.secrets_of([status.account_id]),
    )
    if not visibility.is_whole(status, around):
        raise NotFound("Not found")
    return StatusPage([status], around, secrets)


# Changing.


def update(status_id: str, by: Viewer | None, *, sensitive: bool | None,
           wanted: str | None) -> tuple[Status, Surroundings]:
    """Change whether a status is sensitive, and whom it is for, as far as asked. `wanted`: a visibility."""
    def attempt() -> Status:
        status = _original(status_id)
        becomes = _allowed(status, wanted)
        marked = bool(status.sensitive) if sensitive is None else sensitive
        entry = log.updated_status(acting(by), status.id, sensitive, wanted)
        happened: list[Event] = []
        if visibility.has_changed(status.visibility, becomes):
            happened.append(VisibilityChanged(status.id, status.visibility, new_flake(), status.account_id,
                                              status.content.get("tags", []), status.addressed))
        if marked != bool(status.sensitive):
            happened.append(StatusMarked(status.id, status.account_id, new_flake(), bool(status.federated)))
        expect(readdressing.change(status, becomes, sensitive=marked, jobs=events.owed(*happened), entry=entry))
        events.tell(*happened)
        return status

    changed = retried(attempt)
    around = surroundings.load_statuses([changed], None)
    if not visibility.is_whole(changed, around):
        raise NotFound("Not found")
    return changed, around


def _allowed(status: Status, wanted: str | None) -> str:
    """The visibility that the status gets: the one it has, or one of three."""
    if wanted is None or wanted == visibility.for_clients(status.visibility):
        return status.visibility
    if not visibility.may_become(wanted):
        raise BadRequest("Unsupported visibility")
    return wanted


def delete(status_id: str, by: Viewer | None) -> None:
    """Delete a status as its author would."""
    status = _original(status_id)
    if not reading.bury(status, log.deleted_status(acting(by), status.id)):
        raise NotFound("Not found")


def _original(status_id: str) -> Status:
    """A status that is no reblog."""
    status = statuses.find(status_id) if is_flake(status_id) else None
    if status is None or status.reblog_of:
        raise NotFound("Not found")
    return status
