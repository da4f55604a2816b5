"""What people take along to another server, as rows: whom they follow, mute and block, their lists and bookmarks.

The imports (`relationships/importing`) take all but followers back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ... import ids
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import lists, relations
from ...store.relationships.relations import Relation
from ...store.statuses import statuses
from ...store.timelines import marked
from ..refusals import NotFound
from ..relationships import domain_blocks
from ..viewer import Viewer

MOST_ROWS = 20_000
"""As many as an import takes."""
AT_ONCE = 2_000
"""How many accounts are held at a time."""
Cell = str | bool


@dataclass(frozen=True)
class ExportTable:
    """`header`: None if the form has none. `continues`: the id to ask for the rest with, if these are not all rows."""

    header: Sequence[str] | None
    rows: list[Sequence[Cell]]
    continues: str | None = None


@dataclass(frozen=True)
class Export:
    """What can be exported. `subject`: as scopes call it."""

    subject: str
    read: Callable[[Viewer, str | None], ExportTable]


def get(name: str) -> Export:
    """The export of this name. Raises NotFound."""
    export = EXPORTS.get(name)
    if export is None:
        raise NotFound
    return export


@dataclass(frozen=True)
class Exportable:
    """How much there is to take along."""

    following: int
    followers: int
    statuses: int
    lists: int
    blocks: int
    mutes: int


def count(viewer: Viewer) -> Exportable:
    """Only the lists have to be looked up: all else came with the token."""
    account, hides = viewer.account, viewer.hides
    return Exportable(
        int(account.following_count), int(account.followers_count), int(account.statuses_count),
        len(lists.list_of(viewer.id)), sum(map(viewer.blocks, hides.blocked)), sum(map(viewer.mutes, hides.muted)))


# Accounts.


def _following(viewer: Viewer, below: str | None) -> ExportTable:
    """In chunks of four rounds: the follows are ids first, then how each is followed and who it is."""
    header = ("Account address", "Show boosts", "Notify on new posts", "Languages")

    def rows_of(chunk: Sequence[str]) -> Iterator[Sequence[Cell]]:
        known, pairs = together(partial(accounts.find_many, chunk), partial(relations.find_many, viewer.id, chunk))
        for id, address in _addresses(chunk, known):
            mine: Relation = pairs.get(id) or relations.blank(viewer.id, id)
            yield address, mine.follows_reblogs, bool(mine.subscribes), ", ".join(mine.languages or ())

    return _table(header, _listed(viewer, below, followers=False), rows_of)


def _followers(viewer: Viewer, below: str | None) -> ExportTable:
    return _table(("Account address",), _listed(viewer, below, followers=True), _only_addresses)


def _listed(viewer: Viewer, below: str | None, *, followers: bool) -> list[str]:
    return relations.listed(viewer.id, followers=followers, above=None, below=below, ascending=False,
                            limit=MOST_ROWS + 1)


def _mutes(viewer: Viewer, below: str | None) -> ExportTable:
    """The viewer set has everything but the addresses."""
    def rows_of(chunk: Sequence[str]) -> Iterator[Sequence[Cell]]:
        for id, address in _addresses(chunk, accounts.find_many(chunk)):
            yield address, id in viewer.hides.notifications_muted

    muted = filter(viewer.mutes, viewer.hides.muted)
    return _table(("Account address", "Hide notifications"), _newest_first(muted, below), rows_of)


def _blocks(viewer: Viewer, below: str | None) -> ExportTable:
    blocked = filter(viewer.blocks, viewer.hides.blocked)
    return _table(None, _newest_first(blocked, below), _only_addresses)


def _newest_first(account_ids: Iterable[str], below: str | None) -> list[str]:
    return sorted((id for id in account_ids if below is None or id < below), reverse=True)[:MOST_ROWS + 1]


def _only_addresses(chunk: Sequence[str]) -> Iterator[Sequence[Cell]]:
    for _, address in _addresses(chunk, accounts.find_many(chunk)):
        yield (address,)


def _table(header: Sequence[str] | None, account_ids: Sequence[str],
           rows_of: Callable[[Sequence[str]], Iterator[Sequence[Cell]]]) -> ExportTable:
    """The rows of as many accounts as one export has, read some thousand at a time."""
    shown = account_ids[:MOST_ROWS]
    rows = [row for start in range(0, len(shown), AT_ONCE) for row in rows_of(shown[start:start + AT_ONCE])]
    return ExportTable(header, rows, shown[-1] if len(account_ids) > MOST_ROWS else None)


def _addresses(account_ids: Iterable[str], known: Mapping[str, Account]) -> Iterator[tuple[str, str]]:
    """Of those who are still there, in the order given: the id, and the address with the host."""
    for id in account_ids:
        account = known.get(id)
        if account is not None and not account.deleted:
            yield id, str(account.nickname) if account.host else f"{account.nickname}@{settings.host}"


# What else people keep.


def _blocked_domains(viewer: Viewer, below: str | None) -> ExportTable:
    return ExportTable(None, [(domain,) for domain in domain_blocks.list_of(viewer)])


def _lists(viewer: Viewer, below: str | None) -> ExportTable:
    """A query for each of at most fifty lists, all at the same time."""
    owned = lists.list_of(viewer.id)
    members = together(*[partial(lists.member_ids, viewer.id, each.id) for each in owned])
    rows: list[Sequence[Cell]] = []
    for row, on_it in zip(owned, members, strict=True):
        found = _addresses(on_it, accounts.find_many(on_it)) if on_it else ()
        rows += [(str(row.title), address) for _, address in found]
    return ExportTable(None, rows)


def _bookmarks(viewer: Viewer, below: str | None) -> ExportTable:
    """The cursor is the number of a bookmark."""
    number = int(below) if below is not None and below.isdigit() else None
    rows = marked.bookmarks(viewer.id, above=None, below=number, ascending=False, limit=MOST_ROWS + 1)
    shown = rows[:MOST_ROWS]
    uris: list[Sequence[Cell]] = []
    for start in range(0, len(shown), AT_ONCE):
        chunk = [row.status_id for row in shown[start:start + AT_ONCE]]
        known = statuses.find_many(chunk)
        uris += [(known[id].uri,) for id in chunk if id in known]
    return ExportTable(None, uris, shown[-1].cursor if len(rows) > MOST_ROWS else None)


EXPORTS: Mapping[str, Export] = {
    **dict.fromkeys(("following", "following_accounts"), Export("follows", _following)),
    "followers": Export("follows", _followers),
    **dict.fromkeys(("mutes", "muted_accounts"), Export("mutes", _mutes)),
    **dict.fromkeys(("blocks", "blocked_accounts"), Export("blocks", _blocks)),
    "blocked_domains": Export("blocks", _blocked_domains),
    "lists": Export("lists", _lists),
    "bookmarks": Export("bookmarks", _bookmarks),
}
"""By name: that of newer servers, and that of the older file."""


def cursor(text: str | None) -> str | None:
    """A cursor as it is asked for. Raises NotFound for what is none."""
    if text is None or text.isdecimal() or ids.is_flake(text):
        return text
    raise NotFound
