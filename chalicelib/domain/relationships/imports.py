"""Imports: a list of accounts brought from elsewhere, to be followed, blocked or muted by jobs of a hundred each.

The request reads the list (`import_lists`) and cuts it into chunks. Each chunk is a message with a job row, and may run
twice or be cut short without harm. What became of its accounts is counted once, in the row of the import, which the
person can ask for. Whoever counts the last chunk ends the import.

A chunk waits for nobody: names that are not known here but may be at another server are left. Once all chunks are
counted, another job asks for those (`import_abroad`), and what it finds is a chunk again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from ...ids import new_flake
from ...queues import queue
from ...queues.accounts import ImportFollows, ImportHidden
from ...queues.federating import ImportAbroad
from ...queues.messages import outbox
from ...store import jobs
from ...store.dynamo.failures import ToldToWait
from ...store.relationships import imports as store
from ...store.relationships import meetings
from ...store.relationships.follows import Terms
from ...store.relationships.imports import Import, Work
from ...store.relationships.meetings import Meeting
from ..refusals import Forbidden, Refusal
from ..viewer import Viewer
from . import blocks, following, import_lists, import_names, mutes, standing
from .import_lists import SILENT, Columns, Kind

NAMES_PER_CHUNK = 100
BYTES_PER_CHUNK = 16_000
MOST_FAILURES = 5
FOUND_ABROAD = 10_000
"""From this number on chunks are of what other servers were asked for. What is unknown then stays so."""
WHAT = {"blocks": "block", "mutes": "mute"}
Chunk = ImportFollows | ImportHidden


@dataclass
class Progress:
    """What became of the names of a chunk. `unknown`: nobody is called so. `refused`: it may not be, or not now.

    `left`: who is to be asked for elsewhere. `gone`: the importing account is not active any more. `before`: another
    run has counted the chunk.
    """

    followed: int = 0
    requested: int = 0
    hidden: int = 0
    already: int = 0
    unknown: int = 0
    refused: int = 0
    failed: int = 0
    left: int = 0
    gone: int = 0
    before: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """As the row of the import counts them."""
        return {"done": self.followed + self.requested + self.hidden, "already": self.already,
                "unknown": self.unknown, "refused": self.refused}

    @property
    def figures(self) -> dict[str, int]:
        """For the log. The last three are there only where they say something."""
        figures = {**vars(self), "skipped": self.unknown + self.refused}
        return {name: count for name, count in figures.items() if count or name not in ("left", "gone", "before")}


# Starting.


def start(brought: str | bytes, kind: Kind, *, by: Viewer) -> None:
    """Have the accounts of a list followed, blocked or muted."""
    found, import_id = import_lists.read(brought, kind), new_flake()
    chunks = [message(kind, by.id, import_id, number, names)
              for number, names in enumerate(_chunks(_side_by_side(found.accounts)))]
    row = Import(
        by.id, store.PREFIX + import_id, kind=kind, chunks=len(chunks),
        total=len(found.accounts) + found.unreadable + found.left_out,
        unknown=found.unreadable, refused=found.left_out,
    )
    store.begin(row, [outbox(chunk) for chunk in chunks])
    queue.send_all(chunks)
    queue.note("import started", import_id=import_id, kind=kind, names=len(found.accounts), chunks=len(chunks))
    if not chunks:
        end(row)


def message(kind: str, account_id: str, import_id: str, number: int, names: Mapping[str, Columns]) -> Chunk:
    """The chunk with this number."""
    columns = {name: said.as_json() for name, said in names.items() if said != SILENT}
    if kind == "following":
        return ImportFollows(account_id, import_id, number, list(names), columns)
    return ImportHidden(account_id, import_id, number, WHAT[kind], list(names), columns)


def _side_by_side(accounts: Mapping[str, Columns]) -> list[tuple[str, Columns]]:
    """Accounts of this server as they are listed, then those of others, of each server one in turn: a chunk has many
    servers then, which can be asked at once.
    """
    turns: Counter[str] = Counter()
    placed = []
    for name in accounts:
        host = import_names.where(name).host
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


def list_of(viewer: Viewer) -> list[Import]:
    """The viewer's latest ten imports, newest first."""
    return store.list_of(viewer.id)


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
    if not left:
        return store.count(row, chunk.chunk, progress.counts)
    said = {name: chunk.columns[name] for name in left if name in chunk.columns}
    asked = {"names": list(left), "columns": said, "hosts": {}, "turns": 0}
    return store.count_and_leave(row, chunk.chunk, progress.counts,
                                 store.left_row(row.id, row.import_id, chunk.chunk, 0, asked))


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
    people, left = _people(chunk, by, progress, may_leave=work.row is not None and chunk.chunk < FOUND_ABROAD)
    if isinstance(chunk, ImportFollows):
        failure = _each(people, progress, lambda person: _follow(person, by, chunk.import_id, progress))
    elif chunk.what == "block":
        failure = _block_all(people, by, _hidden_before(chunk, people, work), progress)
    else:
        before = _hidden_before(chunk, people, work)
        failure = _each(people, progress, lambda person: _mute(person, by, person.id in before, progress))
    if failure is not None:
        about: dict[str, Any] = {"import_id": chunk.import_id, "chunk": chunk.chunk, **progress.figures}
        queue.note("import chunk unfinished", **{**about, "failed": True})
        raise failure
    return progress, left


@dataclass(frozen=True)
class Person:
    """Somebody whom a chunk names."""

    meeting: Meeting
    columns: Columns

    @property
    def id(self) -> str:
        return str(self.meeting.account.id)


def _people(chunk: Chunk, by: Viewer, progress: Progress, *, may_leave: bool) -> tuple[list[Person], list[str]]:
    """Those of the names who exist, each once, in two rounds; and the names that are left. The others are counted."""
    ids = import_names.find_known(chunk.names)
    met = meetings.meet(by.id, ids.values())
    people: dict[str, Person] = {}
    left = []
    for name in chunk.names:
        id = ids.get(name, "")
        if id in people:
            progress.already += 1
        elif id in met:
            people[id] = Person(met[id], Columns.from_json(chunk.columns.get(name, {})))
        elif id == by.id:
            progress.refused += 1
        elif not id and may_leave and import_names.where(name).host is not None:
            left.append(name)
            progress.left += 1
        else:
            progress.unknown += 1
    return list(people.values()), left


def _each(people: Iterable[Person], progress: Progress, act: Callable[[Person], None]) -> Exception | None:
    """Call `act` for everybody. A failure of one does not stop the others. Answers the last failure."""
    failure = None
    for person in people:
        try:
            act(person)
        except Refusal:
            progress.refused += 1
        except ToldToWait:  # it is so for the others too: all of them wait
            raise
        except Exception as error:  # noqa: BLE001  (one account must not stop the others; raised in the end)
            failure = error
            progress.failed += 1
            if progress.failed == MOST_FAILURES:
                break
    return failure


def _follow(person: Person, by: Viewer, import_id: str, progress: Progress) -> None:
    """Follow somebody, or let the list say how. Flakes tell times: a follow that is later than the import is of it, by
    a run that was cut short, so its statuses are brought once more.
    """
    mine, columns = person.meeting.pair.mine, person.columns
    stands = following.is_following_or_asking(person.meeting)
    is_ours = stands and (mine.follow_id or "") > import_id
    if is_ours and mine.follows:
        following.bring_newest(person.id, by=by)
    terms = Terms(columns.reblogs, columns.notify, columns.languages)
    followed = following.follow_met(person.meeting, terms, by=by, deepen=False)
    if stands and not is_ours:
        progress.already += 1
    elif followed.relation.follows:
        progress.followed += 1
    else:
        progress.requested += 1


def _hidden_before(chunk: ImportHidden, people: Sequence[Person], work: Work) -> frozenset[str]:
    """Who was blocked or muted before this chunk ran for the first time. The job row keeps it for a second run.

    If all are, this may be the work of another run that is under way, which has noted them then.
    """
    noted = work.cursor
    if noted is None:
        pairs = ((person.id, person.meeting.pair.mine) for person in people)
        hidden = [id for id, mine in pairs if (mine.blocks if chunk.what == "block" else standing.is_muting(mine))]
        if len(hidden) < len(people) and jobs.advance(chunk.job, None, hidden):
            return frozenset(hidden)
        noted = jobs.find_cursor(chunk.job) if people else None
        noted = hidden if noted is None else noted
    return frozenset(noted)


def _block_all(people: Sequence[Person], by: Viewer, before: Set[str], progress: Progress) -> Exception | None:
    """Block everybody, then mark the conversations with those who were not blocked `before` as read."""
    failure = _each(people, progress, lambda person: _block(person, by, person.id in before, progress))
    new = [person.id for person in people if person.id not in before]
    if new:
        blocks.read_shared_conversations(new, by)
    return failure


def _block(person: Person, by: Viewer, was: bool, progress: Progress) -> None:
    if not person.meeting.pair.mine.blocks:
        _demand_active(person)
        blocks.add_met(person.meeting, by)
    _count_hidden(was, progress)


def _mute(person: Person, by: Viewer, was: bool, progress: Progress) -> None:
    mine, until = person.meeting.pair.mine, person.columns.until
    hides_notifications = person.columns.hide_notifications is not False
    stands = mine.mutes and (mine.mutes_until or None) == until
    if not stands or bool(mine.mutes_notifications) != hides_notifications:
        _demand_active(person)
        if until is not None and until <= time.time():
            raise Forbidden("over")
        mutes.add_met(person.meeting, by, notifications=hides_notifications, until=until)
    _count_hidden(was, progress)


def _demand_active(person: Person) -> None:
    if person.meeting.account.deactivated:
        raise Forbidden("deactivated")


def _count_hidden(was: bool, progress: Progress) -> None:
    if was:
        progress.already += 1
    else:
        progress.hidden += 1
