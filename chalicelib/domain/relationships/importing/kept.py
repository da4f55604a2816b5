"""Imports of what an account keeps: who is on its lists, its bookmarks, the servers that it blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .... import ids
from ....queues.accounts import ImportKept
from ....store.accounts import accounts
from ....store.relationships import lists as list_store
from ....store.relationships.imports import Work
from ...refusals import NotFound
from ...statuses import bookmarks
from ...viewer import Viewer
from ...visibility import is_active
from .. import domain_blocks, lists
from . import names
from .brought import Columns
from .progress import FOUND_ABROAD, Progress, before_first, each

NUMBERS_PER_CHUNK, NUMBERS = 100, 4096


def act(chunk: ImportKept, by: Viewer, work: Work, progress: Progress, *,
        may_leave: bool) -> tuple[list[str], Exception | None]:
    """Do what a chunk asks. Answers the names that are left, and the last failure. What is so already stays so."""
    return ACTS[chunk.what](chunk, by, work, progress, may_leave)


def _known(chunk: ImportKept, progress: Progress, may_leave: bool) -> tuple[dict[str, str], list[str]]:
    """The ids of what is known, by name, and the names that are left. The others are counted."""
    known = names.find_known(chunk.names, chunk.what)
    left = [name for name in chunk.names
            if name not in known and may_leave and names.host_of(name, chunk.what) is not None]
    progress.left += len(left)
    for name in set(chunk.names) - known.keys() - set(left):
        progress.miss(name)
    return known, left


# Bookmarks.


@dataclass(frozen=True)
class Bookmark:
    name: str
    status_id: str
    number: int


def _bookmark_all(chunk: ImportKept, by: Viewer, work: Work, progress: Progress,
                  may_leave: bool) -> tuple[list[str], Exception | None]:
    known, left = _known(chunk, progress, may_leave)
    wanted = [Bookmark(name, known[name], _number(chunk, place))
              for place, name in enumerate(chunk.names) if name in known]

    def bookmark(one: Bookmark) -> None:
        try:
            is_new = bookmarks.bring(one.status_id, by, one.number)
        except NotFound:
            progress.miss(one.name)
        else:
            progress.kept += is_new
            progress.already += not is_new

    return left, each(wanted, progress, bookmark)


def _number(chunk: ImportKept, place: int) -> int:
    """The number of a bookmark, the same in every run: bookmarks come in the order of the list, the first one newest.

    Each chunk that was brought has a millisecond before the import, and those that were found of it have that too.
    """
    brought, turn = (chunk.chunk, 0) if chunk.chunk < FOUND_ABROAD else (
        chunk.chunk // FOUND_ABROAD - 1, chunk.chunk % FOUND_ABROAD + 1)
    moment = ids.milliseconds(chunk.import_id) - brought
    return ids.decimal_at(moment, NUMBERS - 1 - (turn * NUMBERS_PER_CHUNK + place) % NUMBERS)


# Lists.


def with_lists(accounts: Mapping[str, Columns], by: Viewer) -> tuple[dict[str, Columns], list[str]]:
    """Accounts with the ids of the lists that they shall be on, made where they are missing; and those without any."""
    found = lists.find_or_create([title for said in accounts.values() for title in said.lists or ()], by)
    wanted = {name: [found[title] for title in said.lists or () if title in found] for name, said in accounts.items()}
    return ({name: Columns(lists=on) for name, on in wanted.items() if on},
            [name for name, on in wanted.items() if not on])


def _list_all(chunk: ImportKept, by: Viewer, work: Work, progress: Progress,
              may_leave: bool) -> tuple[list[str], Exception | None]:
    known, left = _known(chunk, progress, may_leave)
    here = {id for id, account in accounts.find_many(known.values()).items() if is_active(account)}
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, id in known.items():
        if id in here:
            for each_list in chunk.columns.get(name, {}).get("lists", ()):
                wanted[each_list].append(id)
        else:
            progress.miss(name)
    before = _on_lists_before(chunk, wanted, work)
    gone = {id for id, members in wanted.items() if not _add(id, members, by, before)}
    for name, id in known.items():
        pairs = {f"{each}#{id}" for each in chunk.columns.get(name, {}).get("lists", ()) if each not in gone}
        if id in here and not pairs:
            progress.refuse(name)
        elif id in here:
            progress.already += pairs <= before
            progress.kept += not pairs <= before
    return left, None


def _on_lists_before(chunk: ImportKept, wanted: Mapping[str, Sequence[str]], work: Work) -> frozenset[str]:
    """Who was on which list before this chunk ran for the first time."""
    on = [f"{id}#{member}" for id, members in wanted.items()
          for member in sorted(list_store.those_on(chunk.account_id, id, members))]
    return before_first(chunk.job, work.cursor, on, sum(len(set(members)) for members in wanted.values()))


def _add(id: str, members: Sequence[str], by: Viewer, before: frozenset[str]) -> bool:
    """False: the list was deleted meanwhile."""
    try:
        lists.add(id, members, by, {member for member in members if f"{id}#{member}" in before})
    except NotFound:
        return False
    return True


# Servers.


def _block_domains(chunk: ImportKept, by: Viewer, work: Work, progress: Progress,
                   may_leave: bool) -> tuple[list[str], Exception | None]:
    blocked = [name for name in chunk.names if name in domain_blocks.list_of(by)]
    before = before_first(chunk.job, work.cursor, blocked, len(chunk.names))
    refused = set(domain_blocks.add_all(chunk.names, by))
    for name in chunk.names:
        if name in refused:
            progress.refuse(name)
        else:
            progress.already += name in before
            progress.kept += name not in before
    return [], None


ACTS: Mapping[str, Callable[[ImportKept, Viewer, Work, Progress, bool], tuple[list[str], Exception | None]]] = {
    "bookmarks": _bookmark_all, "lists": _list_all, "blocked_domains": _block_domains,
}
