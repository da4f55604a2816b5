"""Collections of accounts and statuses of this server, read by pages. A page costs the same calls wherever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from ...ids import cursor, is_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch
from ...store.relationships import relations
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow, Row, Span
from .. import visibility
from ..lookup import is_visible
from ..pages import fill
from ..paging import Cursors, Window, window
from ..refusals import Forbidden, NotFound
from ..timelines.timelines import merged
from . import own_statuses
from .asking import UNKNOWN
from .documents import activities, actors, collections, notes
from .documents.audience import followers_of
from .documents.collections import CollectionPart
from .documents.context import Document, whole
from .foreign_keys import ActorKey
from .own_statuses import Federated

PEOPLE_PER_PAGE, ACTIVITIES_PER_PAGE, REPLIES_PER_PAGE = 40, 20, 40
ROWS = (26, 100, 400, 1_000)
MOST_FEATURED = 5


@dataclass(frozen=True)
class CollectionPlace:
    """Where in a collection a page begins: before `max_id`, or after `min_id`. Neither: at its head."""

    max_id: str | None = None
    min_id: str | None = None
    limit: int = ACTIVITIES_PER_PAGE
    since_id: None = None

    @property
    def asked_by(self) -> tuple[str, str] | None:
        """By which name and value it was asked for."""
        return ("max_id", self.max_id) if self.max_id else ("min_id", self.min_id) if self.min_id else None


def outbox(account: Account) -> Document:
    return collections.collection(_outbox_of(account), int(account.statuses_count))


def outbox_page(account: Account, place: CollectionPlace) -> Document:
    """What the account wrote and passed on for everybody, newest first."""
    reading = _Outbox(account)
    part = _window(place, ACTIVITIES_PER_PAGE)
    found = fill(part, reading.read, reading.show)
    items = [_activity(status, reading.around) for status in found.shown]
    ids = [status.id for status in found.shown]
    older = found.continues or (ids[-1] if len(ids) == part.limit else None)
    return collections.page(_outbox_of(account), CollectionPart(items, older, ids[0] if ids else None),
                            cursor=place.asked_by)


def _outbox_of(account: Account) -> str:
    return f"{account.uri}/outbox"


def _activity(status: Status, around: Surroundings) -> Document:
    shown = Federated(status, around.accounts[status.account_id], around)
    if status.reblog_of:
        return own_statuses.document_of(shown)
    return activities.creation(status, shown.author, shown.others)


class _Outbox:
    """Reads the two feeds of an account until there is enough to show."""

    def __init__(self, account: Account) -> None:
        self.feeds = (f"a#{account.id}", f"r#{account.id}")
        self.around = Surroundings()

    def read(self, left: Window, turn: int) -> Stretch[Row]:
        span = Span(left.above, left.below, left.ascending)
        queries = [partial(feeds.stretch, FeedRow, name, span, limit=ROWS[turn], strong=False) for name in self.feeds]
        rows, end = merged(together(*queries), ascending=left.ascending)
        return Stretch([row for row in rows if visibility.is_for_everybody(row.visibility)], end)

    def show(self, rows: Sequence[Row]) -> list[Status]:
        loaded = statuses.find_many(row.id for row in rows)
        self.around = self.around.joined(own_statuses.load(list(loaded.values())))
        there = [loaded[row.id] for row in rows if row.id in loaded]
        return [status for status in there if own_statuses.is_shown(status, self.around)]


# People.


def followers(account: Account) -> Document:
    return _people(account, followers_of(account), int(account.followers_count), "followers")


def following(account: Account) -> Document:
    return _people(account, f"{account.uri}/following", int(account.following_count), "follows")


def _people(account: Account, id: str, count: int, what: str) -> Document:
    hidden = _hides(account, what)
    total = None if hidden and account.profile.get(f"hide_{what}_count") else count
    return collections.collection(id, total, shown=not hidden)


def followers_page(account: Account, place: CollectionPlace) -> Document:
    return _people_page(account, followers_of(account), place, "followers")


def following_page(account: Account, place: CollectionPlace) -> Document:
    return _people_page(account, f"{account.uri}/following", place, "follows")


def _hides(account: Account, what: str) -> bool:
    return bool(account.profile.get(f"hide_{what}"))


def _people_page(account: Account, id: str, place: CollectionPlace, what: str) -> Document:
    """Raises Forbidden if the account hides them."""
    if _hides(account, what):
        raise Forbidden
    part = _window(place, PEOPLE_PER_PAGE)
    ids = [] if part.empty else relations.listed(account.id, followers=what == "followers", above=part.above,
                                                 below=part.below, ascending=part.ascending, limit=part.limit)
    full = len(ids) == part.limit
    ids.sort(reverse=True)
    known = accounts.find_many(ids)
    uris = [known[each].uri for each in ids if each in known and is_visible(known[each], None)]
    older = ids[-1] if ids and (full or part.ascending) else None
    return collections.page(id, CollectionPart(uris, older, ids[0] if ids else None), cursor=place.asked_by)


# What is pinned, and replies.


def featured(account: Account) -> Document:
    """The pinned statuses. A note is in it whole, and a poll by its address: some servers read only that of each."""
    loaded = statuses.find_many(list(account.pins or [])[:MOST_FEATURED])
    found = [loaded[id] for id in account.pins or [] if id in loaded]
    around = own_statuses.load(found) if found else Surroundings()
    shown = [Federated(status, account, around) for status in found if own_statuses.is_shown(status, around)]
    return collections.listing(actors.featured_of(account), [
        each.status.uri if each.status.content.get("poll") else own_statuses.document_of(each) for each in shown])


def replies(flake: str, asker: ActorKey | None = None) -> Document:
    """The replies to a status: first some by the author, then from page to page all that everybody may have."""
    status = _answered(flake, asker)
    return whole(notes.replies(status.uri, own_statuses.list_own_replies(status)))


def replies_page(flake: str, place: CollectionPlace, asker: ActorKey | None = None) -> Document:
    """Replies after a place, oldest first."""
    status = _answered(flake, asker)
    part = CollectionPart([])
    if not place.min_id or is_flake(place.min_id):
        part = CollectionPart(*own_statuses.list_replies(status, place.min_id or "", REPLIES_PER_PAGE))
    return collections.page(notes.replies_of(status.uri), part, cursor=place.asked_by, ordered=False, onwards="min_id")


def _answered(flake: str, asker: ActorKey | None) -> Status:
    status = own_statuses.get(flake, asker).status
    if status.reblog_of:
        raise NotFound(UNKNOWN)
    return status


def _window(place: Cursors, limit: int) -> Window:
    """The window of a page. An unknown place has nothing in it."""
    unknown = any(each and cursor(each) is None for each in (place.max_id, place.min_id))
    part = window(place)
    return Window(part.above, part.below, part.ascending, limit, empty=unknown)
