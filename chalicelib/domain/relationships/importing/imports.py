"""Imports: a list brought from elsewhere, of which jobs do a hundred names each.

The request reads the list (`brought`) and cuts it into chunks. Each chunk is a message with a job row, and may run
twice or be cut short without harm. What became of its names is counted once, in the row of the import, which the
person can ask for. Whoever counts the last chunk ends the import. `people` follows, blocks and mutes; `kept` has lists,
bookmarks and servers.

A chunk waits for nobody: names that are not known here but may be at another server are left. Once all chunks are
counted, another job asks for those (`abroad`), and what it finds is a chunk again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ....ids import new_flake
from ....queues import queue
from ....queues.accounts import ImportFollows, ImportHidden, ImportKept
from ....queues.federating import ImportAbroad
from ....queues.messages import outbox
from ....store import jobs
from ....store.relationships import imports as store
from ....store.relationships.imports import UNREADABLE, Import, Work
from ...backups.exports import ExportTable
from ...refusals import NotFound
from ...viewer import Viewer
from . import brought, kept, names, people
from .brought import SILENT, Columns, Kind
from .progress import FOUND_ABROAD, Progress

NAMES_PER_CHUNK = 100
BYTES_PER_CHUNK = 16_000
WHAT = {"blocks": "block", "mutes": "mute"}
Chunk = ImportFollows | ImportHidden | ImportKept


# Starting.


def start(given: str | bytes, kind: Kind, *, by: Viewer) -> None:
    """Have done what a list of this kind is for: follow its accounts, bookmark its statuses, and so on."""
    found, import_id = brought.read(given, kind), new_flake()
    accounts, refused = kept.with_lists(found.accounts, by) if kind == "lists" else (found.accounts, [])
    placed = [*accounts.items()] if kind == "bookmarks" else _side_by_side(accounts)
    chunks = [message(kind, by.id, import_id, number, part) for number, part in enumerate(_chunks(placed))]
    row = Import(
        by.id, store.PREFIX + import_id, kind=kind, chunks=len(chunks),
        total=len(found.accounts) + found.unreadable + found.left_out,
        unknown=found.unreadable, refused=found.left_out + len(refused),
    )
    failed = dict.fromkeys(found.words, UNREADABLE) | dict.fromkeys(refused, store.REFUSED)
    store.begin(row, [outbox(chunk) for chunk in chunks], failed)
    queue.send_all(chunks)
    queue.note("import started", import_id=import_id, kind=kind, names=len(accounts), chunks=len(chunks))
    if not chunks:
        end(row)


def message(kind: str, account_id: str, import_id: str, number: int, listed: Mapping[str, Columns]) -> Chunk:
    """The chunk with this number."""
    columns = {name: said.as_json() for name, said in listed.items() if said != SILENT}
    if kind == "following":
        return ImportFollows(account_id, import_id, number, [*listed], columns)
    if kind in WHAT:
        return ImportHidden(account_id, import_id, number, WHAT[kind], [*listed], columns)
    return ImportKept(account_id, import_id, number, kind, [*listed], columns)


def _side_by_side(accounts: Mapping[str, Columns]) -> list[tuple[str, Columns]]:
    """Accounts of this server as they are listed, then those of others, of each server one in turn: a chunk has many
    servers then, which can be asked at once.
    """
    turns: Counter[str] = Counter()
    placed = []
    for name in accounts:
        host = names.where(name).host
        placed.append((0 if host is None else turns[host] + 1, name))
        turns[host or ""] += 1
    return [(name, accounts[name]) for _, name in sorted(placed, key=lambda each: each[0])]


def _chunks(accounts: Iterable[tuple[str, Columns]]) -> Iterator[dict[str, Columns]]:
    chunk: dict[str, Columns] = {}
    size = 0
    for name, columns in accounts:
        bytes_ = len(name.encode())
        if chunk and (len(chunk) == NAMES_PER_CHUNK or size + bytes_ > BYTES_PER_CHUNK):
            yield chunk
            chunk, size = {}, 0
        chunk[name] = columns
        size += bytes_
    if chunk:
        yield chunk


def list_of(viewer: Viewer) -> tuple[list[Import], dict[str, dict[str, str]]]:
    """The viewer's latest ten imports, newest first; and by import the names of which nothing became, with the reasons.
    """
    return store.list_with_failed(viewer.id)


def failed_as_table(import_id: str, viewer: Viewer) -> ExportTable:
    """The failed names of an import, with the reasons, as rows that an import reads again. Raises NotFound."""
    rows, failed = list_of(viewer)
    kind = next((row.kind for row in rows if row.import_id == import_id), None)
    if kind is None:
        raise NotFound
    return ExportTable((brought.HEADER.get(kind, brought.USUAL_HEADER), "Reason"),
                       [*failed.get(import_id, {}).items()])


# Running.


def run(chunk: Chunk) -> Progress:
    """Do what a chunk asks, count what became of it, and go on with the import if that was the last of its chunks.

    Accounts that are followed, blocked or muted already stay so, with what the list says besides. Names that cannot be
    followed are skipped. If one fails by a fault of ours, the others go on, and the failure is raised at the end:
    then nothing is counted, and the chunk comes back.
    """
    work = store.load_work(chunk.account_id, chunk.import_id, chunk.job)
    row = work.row
    if row is not None and str(chunk.chunk) in row.counted:
        progress = Progress(before=1)
    else:
        progress, left = _acted(chunk, work)
        row = row and _count(row, chunk, progress, left)
    if row is not None and row.is_counted and not row.ended:
        _go_on(row, chunk)
    return progress


def _count(row: Import, chunk: Chunk, progress: Progress, left: Sequence[str]) -> Import | None:
    rest = None
    if left:
        said = {name: chunk.columns[name] for name in left if name in chunk.columns}
        asked = {"names": [*left], "columns": said, "hosts": {}, "turns": 0}
        rest = store.left_row(row.id, row.import_id, chunk.chunk, 0, asked)
    return store.count(row, chunk.chunk, progress.counts, progress.reasons, rest)


def _go_on(row: Import, chunk: Chunk) -> None:
    """All chunks are counted: ask other servers, or end the import if there is nobody to ask for."""
    if not row.left:
        end(row)
    elif chunk.chunk < FOUND_ABROAD:
        asking = ImportAbroad(row.id, row.import_id)
        jobs.add([outbox(asking)])
        queue.send(asking)


def end(row: Import) -> None:
    """End an import. Only the first time that is done counts."""
    if store.end(row):
        about: dict[str, Any] = {"import_id": row.import_id, "kind": row.kind, "total": int(row.total)}
        queue.note("import ended", **{**about, **row.outcome})


def _acted(chunk: Chunk, work: Work) -> tuple[Progress, list[str]]:
    """What became of the chunk's names, and which are left."""
    if work.account is None or work.account.status != "active":
        return Progress(refused=len(chunk.names), gone=1), []
    by, progress = Viewer(work.account, work.hides), Progress()
    may_leave = work.row is not None and chunk.chunk < FOUND_ABROAD
    if isinstance(chunk, ImportKept):
        left, failure = kept.act(chunk, by, work, progress, may_leave=may_leave)
    else:
        left, failure = people.act(chunk, by, work, progress, may_leave=may_leave)
    if failure is not None:
        about: dict[str, Any] = {"import_id": chunk.import_id, "chunk": chunk.chunk, **progress.figures}
        queue.note("import chunk unfinished", **{**about, "failed": True})
        raise failure
    return progress, left
