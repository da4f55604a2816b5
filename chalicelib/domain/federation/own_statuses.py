"""Statuses of this server as others ask for them: notes, reblogs, and what is left of deleted ones.

Others get what is public or unlisted. Anything else looks as if it had never been.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from ...ids import is_flake
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.statuses import statuses, surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow, Span
from .. import visibility
from ..lookup import demand_open_server, is_visible
from ..refusals import NotFound, Unauthenticated
from . import addresses, asking
from .asking import UNKNOWN
from .documents import activities, notes
from .documents.audience import Others
from .documents.context import Document, whole
from .foreign_keys import ActorKey

_PAGE = re.compile(r"/(?:notice|@[^/]+)/([0-9A-Za-z]+)/?")
OWN_REPLIES = 5
THREAD_PAGE = 400


@dataclass(frozen=True)
class Federated:
    """A status that others may have, with everything that its document names."""

    status: Status
    author: Account
    around: Surroundings

    @property
    def others(self) -> Others:
        return Others(self.around.accounts, self.around.statuses)


def get(flake: str, asker: ActorKey | None = None) -> Federated:
    """A status or reblog of this server, for whoever asks. Raises NotFound. Two rounds."""
    status = statuses.find(flake)
    if status is None:
        raise NotFound(UNKNOWN)
    return _shown(status, load([status]), asker)


def address_of(id: str) -> str:
    """The address of a status of this server that others may have, or of what is left of one. Raises NotFound."""
    status = statuses.find_even_deleted(id) if is_flake(id) else None
    if status is None or status.foreign_uri or not visibility.is_for_everybody(status.visibility):
        raise NotFound(UNKNOWN)
    return status.uri


def get_page(id: str) -> tuple[Status, Surroundings]:
    """A status of whatever server as a visitor may see it. Raises NotFound, and Unauthenticated as for profiles."""
    demand_open_server()
    if not is_flake(id):
        raise NotFound(UNKNOWN)
    try:
        return visibility.readable(id, None)
    except NotFound:
        raise NotFound(UNKNOWN) from None


def get_embedded(id: str) -> tuple[Status, Surroundings]:
    """A status of this server for others to show. Of a reblog: the original. Raises NotFound."""
    try:
        found, around = get_page(id)
    except Unauthenticated:
        raise NotFound from None
    status = around.original_of(found)
    if around.accounts[status.account_id].host or not visibility.is_for_everybody(status.visibility):
        raise NotFound
    return status, around


def id_in(address: str) -> str:
    """The id of a status in the address of its page or its object. Raises NotFound for any other address."""
    path = address.removeprefix(settings.base_url).partition("?")[0].partition("#")[0]
    found = _PAGE.fullmatch(path) if path != address else None
    if found is not None:
        return found[1]
    flake = addresses.flake_in(path.removeprefix("/objects/")) if path.startswith("/objects/") else None
    if flake is None:
        raise NotFound
    return flake


def object_of(flake: str, asker: ActorKey | None = None) -> Document:
    """The document of a status or a reblog. Of a deleted status it is the tombstone, as long as a trace is left."""
    status = statuses.find_even_deleted(flake)
    if status is None or not visibility.is_for_everybody(status.visibility):
        raise NotFound(UNKNOWN)
    if status.deleted:
        return whole(notes.tombstone(status.uri, _type_of(status)))
    around, replies = together(partial(load, [status]), partial(list_own_replies, status))
    return whole(document_of(_shown(status, around, asker), replies))


def creation_of(flake: str, asker: ActorKey | None = None) -> Document:
    """The activity of writing a status. Raises NotFound for a reblog too, whose activity is its object."""
    shown = get(flake, asker)
    if shown.status.reblog_of:
        raise NotFound(UNKNOWN)
    return whole(activities.creation(shown.status, shown.author, shown.others))


def document_of(shown: Federated, replies: list[str] | None = None) -> Document:
    status, around = shown.status, shown.around
    if not status.reblog_of:
        return notes.note(status, shown.author, shown.others, own_replies=replies or ())
    original = around.original_of(status)
    author = around.accounts[original.account_id]
    return activities.announcement(status.id, status.visibility, original, author, shown.author)


def load(found: list[Status]) -> Surroundings:
    """Everything that the documents of these statuses name, in one round: authors, originals, and what is of others."""
    ids, people = _of_others_in(found)
    for status in found:
        people.add(status.account_id)
        if status.reblog_of:
            ids.add(status.reblog_of)
            people.add(status.reblog_of_account_id)
    around = surroundings.load_known(sorted(ids), people, None)
    around.statuses.update({status.id: status for status in found})
    return around


def load_others(found: list[Status]) -> Others:
    """What these statuses name of other servers. Nothing is read where they name nothing."""
    ids, people = _of_others_in(found)
    if not ids and not people:
        return Others()
    around = surroundings.load_known(sorted(ids), people, None)
    return Others(around.accounts, around.statuses)


def _of_others_in(found: list[Status]) -> tuple[set[str], set[str]]:
    """The ids of the statuses and the accounts of other servers that these statuses name."""
    ids, people = set[str](), set[str]()
    for status in found:
        named = {each[0]: each[1] for each in status.content.get("mentions", ())}
        people |= {id for id, acct in named.items() if _is_foreign(acct)}
        if status.parent_id and _is_foreign(named.get(status.parent_account_id) or status.content.get("parent_acct")):
            ids.add(status.parent_id)
    return ids, people


def _is_foreign(acct: str | None) -> bool:
    return "@" in (acct or "")


def is_shown(status: Status, around: Surroundings) -> bool:
    """Whether others may have a loaded status: it and what it reblogs are for everybody, and of active people."""
    original = around.original_of(status)
    if status.reblog_of and original is status:
        return False
    author = around.accounts.get(status.account_id)
    if author is None or author.host:
        return False
    return all(visibility.is_for_everybody(each.visibility) and _is_there(around.accounts.get(each.account_id))
               for each in (status, original))


def _shown(status: Status, around: Surroundings, asker: ActorKey | None) -> Federated:
    if not is_shown(status, around):
        raise NotFound(UNKNOWN)
    asking.demand_welcome(asker, status.account_id)
    return Federated(status, around.accounts[status.account_id], around)


def _is_there(account: Account | None) -> bool:
    return account is not None and is_visible(account, None)


def _type_of(tombstone: Status) -> str:
    return "Announce" if tombstone.reblog_of else "Question" if tombstone.poll_counts else "Note"


# Replies.


def list_own_replies(status: Status) -> list[str]:
    """The uris of the first replies by the author. Nothing is read where there are no replies."""
    if not status.replies_count:
        return []
    rows = replies_in(_thread_after(status, status.id), status)
    return [statuses.uri_of(row.id) for row in rows if row.author_id == status.account_id][:OWN_REPLIES]


def _thread_after(status: Status, cursor: str) -> list[FeedRow]:
    """One query: what was written in the thread after a place, oldest first."""
    span = Span(above=max(cursor, status.id), ascending=True)
    return feeds.read(FeedRow, f"t#{status.thread}", span, limit=THREAD_PAGE)


def replies_in(rows: list[FeedRow], status: Status) -> list[FeedRow]:
    """Which of the rows of a thread are replies to the status that everybody may have."""
    return [row for row in rows if row.parent_id == status.id and visibility.is_for_everybody(row.visibility)]


def list_replies(status: Status, cursor: str, limit: int) -> tuple[list[str], str | None]:
    """Uris of replies after a place, oldest first, and the place to go on after. Two rounds."""
    rows = _thread_after(status, cursor)
    answers = replies_in(rows, status)
    page = answers[:limit]
    around = surroundings.load_rows(page, None)
    uris = [reply.uri for row in page if (reply := around.statuses.get(row.id)) is not None
            and _is_there(around.accounts.get(reply.account_id))]
    if len(answers) > limit:
        return uris, page[-1].id
    return uris, rows[-1].id if len(rows) == THREAD_PAGE else None
