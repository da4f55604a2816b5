"""Who listens: sockets with their streams and viewers, and who of them gets a status.

A viewer gets what they would see on the timeline that the stream is of, by the same functions. Everything about
accounts, tokens and relations is read when something is sent, so that whoever may see it no more does not get it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import lists, relations
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.streaming import audience as store
from ...store.streaming import connections
from ...store.streaming.connections import Connection
from ...store.tags import follows
from ...store.timelines import feeds
from ...store.timelines.feeds import ADDRESSED, FOLLOWED, SELF, TAGGED, FeedRow, Row
from ..relationships import domain_blocks, languages
from ..signing_in.scopes import covers
from ..signing_in.signing_in import viewer_of
from ..tags import fan_out as by_tags
from ..timelines import filtering, list_replies
from ..timelines.filtering import HOME, Filtering
from ..timelines.sifting import Wishes, is_wanted, joins_home
from ..viewer import Viewer
from ..visibility import is_for_everybody, is_for_followers, is_local, is_public, is_shown, is_there
from . import opening, streams
from .streams import LIST, LOCAL, MEDIA, PUBLIC, REMOTE, TAG, USER, Stream

PUBLIC_STREAMS = frozenset(name for name, rule in streams.RULES.items() if not rule.scopes)
MOST_READ = 500
"""Followers that are read where that is less than to ask for each socket."""


@dataclass(frozen=True)
class Seat:
    """A stream to which a socket listens. `viewer`: whose socket it is. None: nobody's."""

    socket_id: str
    stream: Stream
    viewer: Viewer | None = None

    @property
    def account_id(self) -> str:
        return self.viewer.id if self.viewer is not None else ""


@dataclass(frozen=True)
class ShownStatus:
    """A status for one seat. `context`: which filters of the viewer are for it."""

    seat: Seat
    status: Status
    around: Surroundings
    context: str


@dataclass(frozen=True)
class GoneStatus:
    """What is still known of a status that was deleted."""

    author_id: str
    visibility: str
    tags: Collection[str] = ()
    addressed: Collection[str] = ()


@dataclass(frozen=True)
class Hall:
    """The sockets that listen, of everybody or of some accounts."""

    connections: Sequence[Connection] = ()

    @classmethod
    def of_all(cls) -> Hall:
        return cls(connections.list_all())

    @classmethod
    def of(cls, account_ids: Iterable[str]) -> Hall:
        found = together(*[lambda id=id: connections.list_of(id) for id in dict.fromkeys(account_ids)])
        return cls([each for sockets in found for each in sockets])

    def taken(self, wanted: Collection[str]) -> list[tuple[Connection, Stream]]:
        """Who listens to streams of these names."""
        return [(each, stream) for each in self.connections for stream in map(streams.from_text, each.streams)
                if stream.name in wanted and opening.may_listen(stream, each.account_id, tuple(each.scopes.split()))]


def seated(taken: Iterable[tuple[Connection, Stream]], needs: str = "") -> list[Seat]:
    """Seats with their viewers as they are now, without those whose tokens are over. One round of reads.

    `needs`: a scope that the tokens must have.
    """
    wanted = [(each, stream) for each, stream in taken if not needs or covers(each.scopes.split(), needs)]
    sockets = {each.id: each for each, _ in wanted}
    viewers = {id: viewer_of(*held) for id, held in store.holders(sockets.values()).items()}
    return [Seat(each.id, stream, viewers.get(each.id)) for each, stream in wanted
            if each.account_id is None or viewers[each.id] is not None]


# Statuses.


def listed_for(status_id: str, hall: Hall) -> list[ShownStatus]:
    """Who gets a status, with all that is needed to show it to them. Nobody, if it is gone."""
    status = statuses.find(status_id)
    if status is None:
        return []
    around = store.surroundings_of(status)
    if not is_there(status, around):
        return []
    rows = [*_at_home(status, around, hall), *_on_lists(status, hall), *_in_public(status, hall)]
    seats = seated((connection, stream) for connection, stream, _ in rows)
    by_place = {(connection.id, stream): row for connection, stream, row in rows}
    viewers = {seat.viewer.id: seat.viewer for seat in seats if seat.viewer is not None}
    known = store.around_for(status, around, [viewer.eyes for viewer in viewers.values()])
    unwanted = _not_on_their_lists([(seat, by_place[seat.socket_id, seat.stream]) for seat in seats
                                    if seat.stream.name == LIST])
    shown = (_shown(seat, by_place[seat.socket_id, seat.stream], status, known.get(seat.account_id, around))
             for seat in seats if seat not in unwanted)
    return [each for each in shown if each is not None]


def _shown(seat: Seat, row: Row, status: Status, around: Surroundings) -> ShownStatus | None:
    """None: the viewer does not see it there."""
    viewer, stream = seat.viewer, seat.stream
    context = filtering.PUBLIC if stream.is_public else HOME
    if stream.name == USER:
        wanted = viewer is not None and joins_home(row, viewer, Wishes())
    elif stream.name == LIST:
        wanted = viewer is not None and is_wanted(row, viewer, Wishes())
    else:
        wanted = is_wanted(row, viewer, Wishes()) and (viewer is not None or is_public(status.visibility))
    if not wanted or not is_shown(status, viewer, around):
        return None
    unwanted = domain_blocks.find_unwanted(around.accounts.values(), viewer)
    if row.author_id in unwanted or row.original_author_id in unwanted:
        return None
    if Filtering(viewer.hides if viewer is not None else None, context).leaves_out(around.original_of(status)):
        return None
    if context == HOME and not languages.is_wanted(status, around.relations.get(status.account_id)):
        return None
    return ShownStatus(seat, status, around, context)


Place = tuple[Connection, Stream, Row]


def _at_home(status: Status, around: Surroundings, hall: Hall) -> Iterator[Place]:
    """Those at whose homes the status is, or will be."""
    taken = [(each, stream) for each, stream in hall.taken({USER}) if each.account_id is not None]
    if not taken:
        return
    ids = {str(each.account_id) for each, _ in taken}
    reasons = _reasons(status, around, ids)
    for each, stream in taken:
        if each.account_id in reasons:
            yield each, stream, feeds.home_row(status, each.account_id, reasons[each.account_id])


def _reasons(status: Status, around: Surroundings, ids: set[str]) -> dict[str, str]:
    """Why a status is at the homes of these accounts. Those are left out where it is not."""
    author = str(status.account_id)
    found = dict.fromkeys(ids.intersection(status.addressed), ADDRESSED)
    if status.host is None and author in ids:
        found[author] = SELF
    if status.list_id is not None:
        found |= dict.fromkeys(ids.intersection(lists.member_ids(author, status.list_id)), ADDRESSED)
    if not is_for_followers(status.visibility):
        return found
    rest = ids - found.keys() - {author, str(status.reblog_of_account_id)}
    found |= dict.fromkeys(_followers(around.accounts[author], rest), FOLLOWED)
    return found | dict.fromkeys(_by_tags(status, rest - found.keys()), TAGGED)


def _followers(author: Account, ids: set[str]) -> set[str]:
    """Who of these follows the author. If there are fewer followers than it would be to ask for each, they are read."""
    if author.followers_count <= min(len(ids) * 4, MOST_READ):
        there, more = relations.follower_ids(author.id, limit=MOST_READ)
        ids = ids if more is not None else ids.intersection(there)
    return {id for id, relation in store.relations_with(author.id, ids).items() if relation.follows}


def _by_tags(status: Status, ids: set[str]) -> set[str]:
    """Who of these follows a tag of the status, and neither wants nothing of its author, nor the other way round."""
    tags = by_tags.tags_of(status)
    following = follows.those_following(tags, ids) if tags and ids else set[str]()
    return following - follows.not_for(status.account_id, following) if following else following


def _on_lists(status: Status, hall: Hall) -> Iterator[Place]:
    """Those who listen to a list that the author is on."""
    taken = hall.taken({LIST})
    if not taken or status.reblog_of or not is_for_followers(status.visibility):
        return
    there = set(lists.having(status.account_id))
    for each, stream in taken:
        if stream.value in there:
            yield each, stream, feeds.list_row(status, stream.value)


def _not_on_their_lists(wanted: Sequence[tuple[Seat, Row]]) -> list[Seat]:
    """Where the list is not the viewer's, or does not want the reply, if it is one. Two rounds, with a call a list."""
    own = store.lists_of((seat.account_id, seat.stream.value) for seat, _ in wanted)

    def is_wanted_on(seat: Seat, row: Row) -> bool:
        found = own.get((seat.account_id, seat.stream.value))
        return found is not None and seat.viewer is not None and bool(list_replies.sifted([row], found, seat.viewer))

    on_it = together(*[lambda each=each: is_wanted_on(*each) for each in wanted])
    return [seat for (seat, _), is_on in zip(wanted, on_it, strict=True) if not is_on]


def _in_public(status: Status, hall: Hall) -> Iterator[Place]:
    """Those who listen to what is public, or to one of its tags."""
    is_ours = status.host is None
    if status.reblog_of or status.fetched or not (
            is_public(status.visibility) or (is_ours and is_local(status.visibility))):
        return
    row = feeds.row_of(status, FeedRow, "")
    tags = set(status.content.get("tags") or ())
    for each, stream in hall.taken(PUBLIC_STREAMS):
        if _has_place(status, stream, tags):
            yield each, stream, row


def _has_place(status: Status, stream: Stream, tags: Collection[str]) -> bool:
    """Whether the status belongs into a public stream."""
    is_ours, base = status.host is None, stream.name.removesuffix(MEDIA)
    if stream.name.endswith(MEDIA) and not status.content.get("attachments"):
        return False
    if is_local(status.visibility) and not base.endswith(LOCAL):
        return False
    if base.endswith(LOCAL) and not is_ours:
        return False
    if base.endswith(REMOTE) and (is_ours or (stream.value and stream.value.casefold() != status.host)):
        return False
    return not base.startswith(TAG) or stream.tag in tags


# What is gone.


def told_of_deletion(gone: GoneStatus, hall: Hall) -> list[tuple[str, Stream]]:
    """Who hears that a status is gone, by socket: all whom it may have reached. It is an id only, so little is read.

    If it was for followers, only these and those whom it addressed hear of it, else these alone.
    """
    concerned = {gone.author_id, *gone.addressed}
    if not is_public(gone.visibility) and is_for_followers(gone.visibility):
        ids = {str(each.account_id) for each, _ in hall.taken({USER, LIST}) if each.account_id is not None}
        concerned |= {id for id, each in store.relations_with(gone.author_id, ids).items() if each.follows}
    return [(str(each.id), stream) for each, stream in hall.taken({USER, LIST, *PUBLIC_STREAMS})
            if _hears(gone, stream, each.account_id, concerned)]


def told_of_hiding(status_id: str, was: GoneStatus, hall: Hall) -> list[tuple[str, Stream]]:
    """For whom a status is gone that was for others before: those sockets that may show it nowhere any more."""
    status = statuses.find(status_id)
    if status is None or is_for_everybody(status.visibility):
        return []
    remaining = {id for id, _ in told_of_deletion(replace(was, visibility=status.visibility), hall)}
    return [(id, stream) for id, stream in told_of_deletion(was, hall) if id not in remaining]


def _hears(gone: GoneStatus, stream: Stream, account_id: str | None, concerned: Collection[str]) -> bool:
    if not stream.is_public:
        return is_public(gone.visibility) or account_id in concerned
    if is_local(gone.visibility):
        return stream.name == PUBLIC + LOCAL and account_id is not None
    return is_public(gone.visibility) and (not stream.name.startswith(TAG) or stream.tag in gone.tags)
