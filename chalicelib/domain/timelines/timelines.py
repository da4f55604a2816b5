"""Timelines: pages of statuses, filtered before the page is cut.

The rows of a feed have all that filters look at, so a page costs one query, whatever is muted. At most four stretches
of rows are read. If they do not fill the page, it is short, and its Link goes on from the last row that was read.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from functools import partial

from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch
from ...store.federation import presence
from ...store.relationships import lists, relations
from ...store.relationships.relations import Relation
from ...store.statuses import statuses, surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import feeds
from ...store.timelines.feeds import REPLY, FeedRow, HomeRow, Row, Span
from ..pages import Loading, fill
from ..paging import Cursors, Window, window
from ..refusals import Forbidden
from ..relationships import domain_blocks, languages
from ..text import fold_tag
from ..viewer import Viewer
from ..visibility import is_active, is_shown, might_see, might_see_on_profile
from . import list_replies
from .filtering import ACCOUNT, HOME, PUBLIC, Filtering
from .sifting import Sift, is_hidden, is_wanted, joins_home, reply_sift, word_of
from .sifting import Wishes as Wishes

SLACK = 1.25
NEXT_PAGES = (100, 400, 1000)
MOST_TAGS = 10
REMEMBERED_DEAD = 100
Keep = Callable[[Row], bool]


@dataclass(frozen=True)
class Timeline:
    """A page of statuses, newest first, with what is needed to show them.

    `continues`: the id to read on from, if filters made the page short before the feed ended. `context`: which filters
    of the viewer are for it.
    """

    statuses: list[Status] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    continues: str | None = None
    context: str | None = None


def home(viewer: Viewer, page: Cursors, wishes: Wishes) -> Timeline:
    """The viewer's own statuses, those of followed accounts, and those addressed to the viewer."""
    def keep(row: Row) -> bool:
        return joins_home(row, viewer, wishes)

    sift = reply_sift(viewer, wishes)
    return _timeline(Feed([(HomeRow, f"h#{viewer.id}")], keep, sift, dense=True, context=HOME), page, viewer)


def public(viewer: Viewer | None, page: Cursors, wishes: Wishes) -> Timeline:
    """Public originals: of everybody, of this server (`local`), of all others (`remote`), or of one (`instance`)."""
    def keep(row: Row) -> bool:
        return is_wanted(row, viewer, wishes)

    names, federated = _public_feeds(wishes)
    feed = Feed([(FeedRow, name) for name in names], keep, reply_sift(viewer, wishes), dense=True,
                federated=[(FeedRow, name) for name in federated], context=PUBLIC)
    return _timeline(feed, page, viewer)


def _public_feeds(wishes: Wishes) -> tuple[list[str], list[str]]:
    """The feeds with what was written here, and those of other servers. `local` and `remote` together are nothing."""
    host = (wishes.instance or "").casefold()
    own = feeds.public_feeds() if not host or host in (settings.host, settings.hostname) else []
    others = [feeds.of_host(host)] if host and not own else [] if host else [feeds.FEDERATED]
    return [] if wishes.remote else own, [] if wishes.local else others


@dataclass(frozen=True)
class Tags:
    """Statuses with one of `any`, all of `all` and none of `none`. Names are in lower case."""

    any: Sequence[str]
    all: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()


def tagged(tags: Tags, viewer: Viewer | None, page: Cursors, wishes: Wishes) -> Timeline:
    """Public originals that have the tags. One query for each of `any`, all at the same time."""
    def keep(row: Row) -> bool:
        own = set(row.tags or ())
        return tags.all <= own and not tags.none & own and is_wanted(row, viewer, wishes)

    names = list(dict.fromkeys(tags.any))[:MOST_TAGS]
    own = [] if wishes.remote else [(FeedRow, f"g#{name}") for name in names]
    federated = [] if wishes.local else [(FeedRow, feeds.of_foreign_tag(name)) for name in names]
    return _timeline(Feed(own, keep, federated=federated, context=PUBLIC), page, viewer)


def direct(viewer: Viewer, page: Cursors, wishes: Wishes) -> Timeline:
    """Direct statuses to or by the viewer. Mutes do not apply here."""
    def keep(row: Row) -> bool:
        return word_of(row) not in wishes.exclude_visibilities and not is_hidden(row, viewer, with_muted=True)

    return _timeline(Feed([(HomeRow, f"d#{viewer.id}")], keep), page, viewer)


def of_list(list_id: str, viewer: Viewer, page: Cursors, wishes: Wishes) -> Timeline:
    """Originals of accounts that are on a list now: open ones, and private ones of those whom the viewer follows."""
    def keep(row: Row) -> bool:
        return is_wanted(row, viewer, wishes)

    found = lists.find(viewer.id, list_id)
    if found is None:
        raise Forbidden("Error.")
    sift = partial(list_replies.sifted, list_row=found, viewer=viewer)
    return _timeline(Feed([(HomeRow, f"l#{list_id}")], keep, sift, context=HOME), page, viewer)


def of_thread(thread: str, viewer: Viewer, page: Cursors) -> Timeline:
    """Everything in a thread that the viewer may see, without blocked accounts. Mutes do not apply here."""
    def keep(row: Row) -> bool:
        return not hides_direct(row, viewer)

    return _timeline(Feed([(FeedRow, f"t#{thread}")], keep, dense=True), page, viewer)


def of_quotes(feed: str, viewer: Viewer | None, page: Cursors, *, with_muted: bool) -> Timeline:
    """What quotes a status, as far as the viewer may see it."""
    def keep(row: Row) -> bool:
        return might_see(row, viewer) and is_wanted(row, viewer, Wishes(with_muted))

    return _timeline(Feed([(FeedRow, feed)], keep, accepted=True), page, viewer)


def hides_direct(row: Row, viewer: Viewer) -> bool:
    """Whether the viewer blocks its author, or somebody whom it addresses (unless the viewer wrote it)."""
    if viewer.blocks(row.author_id):
        return True
    return row.author_id != viewer.id and any(viewer.blocks(each) for each in row.to or [])


@dataclass(frozen=True)
class ProfileWishes:
    """What the parameters of an account's timeline ask for."""

    pinned: bool = False
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    tagged: str | None = None
    with_muted: bool = False
    exclude_visibilities: Sequence[str] = ()
    only_reblogs: bool = False
    exclude_replies_to_others: bool = False


def of_account(account: Account, viewer: Viewer | None, page: Cursors, wishes: ProfileWishes) -> Timeline:
    """Statuses and reblogs of one account that the viewer may see."""
    if viewer is not None and viewer.mutes(account.id) and not wishes.with_muted:
        return Timeline()
    if wishes.pinned:
        return _pinned(account, viewer, page)
    names = [] if wishes.only_reblogs else [f"m#{account.id}" if wishes.only_media else f"a#{account.id}"]
    if not (wishes.only_media or wishes.exclude_reblogs):
        names.append(f"r#{account.id}")
    other = viewer if viewer is not None and viewer.id != account.id else None
    relation = relations.at_hand(other.id, account.id) if other is not None else None

    def beside() -> None:
        nonlocal relation
        if other is not None:
            relation = relations.find(other.id, account.id)

    def keep(row: Row) -> bool:
        return _on_profile(row, viewer, relation) and _on_tab(row, wishes)

    feed = Feed([(FeedRow, name) for name in names], keep, profile=str(account.id), context=ACCOUNT,
                beside=beside if other is not None and relation is None else None)
    return _timeline(feed, page, viewer)


def _on_profile(row: Row, viewer: Viewer | None, relation: Relation | None) -> bool:
    """Whether the viewer may see it, as far as the row tells. Reblogs of those whom the viewer blocks are left out."""
    if viewer is not None and viewer.id != row.author_id and viewer.blocks(row.original_author_id):
        return False
    return might_see_on_profile(row, viewer, relation)


def _on_tab(row: Row, wishes: ProfileWishes) -> bool:
    if wishes.exclude_replies and REPLY in row.flags:
        return False
    if wishes.exclude_replies_to_others and REPLY in row.flags and row.parent_author_id != row.author_id:
        return False
    if wishes.tagged and fold_tag(wishes.tagged) not in (row.tags or []):
        return False
    return word_of(row) not in wishes.exclude_visibilities


def _pinned(account: Account, viewer: Viewer | None, page: Cursors) -> Timeline:
    """The pinned statuses, newest first. Their ids are in the profile, so no feed is read."""
    part = window(page)
    if part.empty:
        return Timeline()
    wanted = sorted((id for id in account.pins or [] if _within(id, part)), reverse=True)[:part.limit]
    loaded = statuses.find_many(wanted)
    around = surroundings.load_statuses(list(loaded.values()), viewer.eyes if viewer else None)
    there = [loaded[id] for id in wanted if id in loaded]
    filtering = Filtering(viewer.hides if viewer else None, ACCOUNT)
    return Timeline([each for each in there if is_shown(each, viewer, around) and not filtering.leaves_out(each)],
                    around, context=ACCOUNT)


def _within(id: str, part: Window) -> bool:
    return (part.above is None or id > part.above) and (part.below is None or id < part.below)


# How a page is filled.


@dataclass(frozen=True)
class Feed:
    """What a timeline is made of. `keep` looks at a row, `sift` at all rows of a stretch, perhaps with reads.

    `dense`: neighbours in the feed are neighbours in time. `beside`: what to read together with the first rows.
    `profile`: whose profile it is. That account is shown even if the viewer blocks its domain.
    `federated`: sources with statuses of other servers. They are asked only where there are other servers.
    `accepted`: without quotes that are not accepted.
    `context`: which filters of the viewer are for it.
    """

    sources: Sequence[tuple[type[Row], str]]
    keep: Keep
    sift: Sift | None = None
    dense: bool = False
    beside: Callable[[], None] | None = None
    profile: str | None = None
    federated: Sequence[tuple[type[Row], str]] = ()
    accepted: bool = False
    context: str | None = None


def _timeline(feed: Feed, page: Cursors, viewer: Viewer | None) -> Timeline:
    reading = _FeedReading(feed, viewer)
    found = fill(window(page), reading.read, reading.show, Loading(lambda lacks: lacks))
    if reading.lacks_federated(found.shown):
        return _timeline(feed, page, viewer)
    return Timeline(found.shown, reading.around, found.continues, feed.context)


class _FeedReading:
    """Reads a feed to fill a page. `dead`: authors found gone or unwanted. No more rows of theirs are read."""

    def __init__(self, feed: Feed, viewer: Viewer | None) -> None:
        self.feed, self.viewer = feed, viewer
        self.around = Surroundings()
        self.dead: set[str] = set()
        self.filtering = Filtering(viewer.hides if viewer else None, feed.context)
        self.may_lack = bool(feed.federated) and not presence.is_known()
        self.sources = [*feed.sources, *([] if self.may_lack else feed.federated)]

    def lacks_federated(self, shown: Sequence[Status]) -> bool:
        """Whether other servers became known while only our own statuses were read. It happens once in a process.

        It is learnt from what is read with the statuses. Where there are none, it is asked, now and then.
        """
        return self.may_lack and (presence.is_known() or (not shown and presence.ask()))

    def read(self, left: Window, turn: int) -> Stretch[Row]:
        """Query all sources at the same time, and filter by what the rows tell."""
        size = NEXT_PAGES[turn - 1] if turn else int(left.limit * SLACK) + 1
        span = Span(left.above, left.below, left.ascending)
        queries = [partial(feeds.stretch, kind, name, span, limit=size, strong=self.viewer is not None,
                           without=self.dead) for kind, name in self.sources]
        beside = [self.feed.beside] if self.feed.beside and not turn else []
        rows, end = merged(together(*queries, *beside)[:len(queries)], ascending=left.ascending)
        kept = [row for row in rows if self.feed.keep(row)]
        return Stretch(self.feed.sift(kept) if self.feed.sift else kept, end)

    def show(self, rows: Sequence[Row]) -> list[Status]:
        loaded = surroundings.load_rows(rows, self.viewer.eyes if self.viewer else None, dense=self.feed.dense,
                                        learns=self.may_lack)
        unwanted = domain_blocks.find_unwanted(loaded.accounts.values(), self.viewer) - {self.feed.profile}
        self.around = self.around.joined(loaded)
        shown = _survivors(rows, loaded, self.viewer, self.dead, unwanted)
        shown = [each for each in shown if not self.filtering.leaves_out(loaded.original_of(each))]
        if self.feed.context == HOME:
            shown = [each for each in shown if languages.is_wanted(each, loaded.relations.get(each.account_id))]
        return [each for each in shown if each.is_quote] if self.feed.accepted else shown


def merged(results: Sequence[Stretch[Row]], *, ascending: bool) -> tuple[list[Row], str | None]:
    """The rows of all sources in one order, and the id up to which all were read. None: all were read to the end."""
    by_id = {row.id: row for result in results for row in result.rows}
    ends = [result.end for result in results if result.end is not None]
    if not ends:
        return [by_id[id] for id in sorted(by_id, reverse=not ascending)], None
    if ascending:
        end = min(ends)
        return [by_id[id] for id in sorted(by_id) if id <= end], end
    end = max(ends)
    return [by_id[id] for id in sorted(by_id, reverse=True) if id >= end], end


def _survivors(rows: Sequence[Row], around: Surroundings, viewer: Viewer | None, dead: set[str],
               unwanted: Container[str | None]) -> list[Status]:
    """The loaded statuses that may be shown. Notes in `dead` which authors are gone or `unwanted`."""
    shown = []
    for row in rows:
        author = around.accounts.get(row.author_id)
        if len(dead) < REMEMBERED_DEAD and (row.author_id in unwanted or not is_active(author)):
            dead.add(row.author_id)
        if row.author_id in unwanted or row.original_author_id in unwanted:
            continue
        status = around.statuses.get(row.id)
        if status is not None and is_shown(status, viewer, around):
            shown.append(status)
    return shown
