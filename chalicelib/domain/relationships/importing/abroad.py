"""Imports: asking other servers for the names of a list that are not known here.

Names lie in rows of at most a hundred, each with many servers, and a run takes the row that is due first. It asks up to
ten servers at once, each by one request at a time, and none for longer than its share. What is found goes back to the
queue of imports as a chunk of names that are known now; nothing is followed here.

A server that does not answer keeps its names waiting, and nobody else's: they are due again a minute later, then after
a quarter of an hour, then after an hour. After that, and a day after the list was brought at the latest, they count as
unknown. The other names of the row go on without them.
"""

from __future__ import annotations

import contextvars
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from ....ids import milliseconds
from ....queues import queue
from ....queues.federating import ImportAbroad
from ....queues.messages import outbox
from ....store import ephemeral, jobs
from ....store.dynamo.failures import ToldToWait
from ....store.federation.accounts import NameTaken
from ....store.relationships import imports as store
from ....store.relationships.imports import Import, Left
from ...federation.fetching import Denied, Missing, Unanswered, Untrusted
from ...federation.reading.values import Unreadable
from . import imports, names
from .brought import Columns
from .progress import FOUND_ABROAD

AT_ONCE = 10
SECONDS = 20.0
"""How long a run begins to ask for names. What is under way then may take ten seconds more."""
SHARE = 10.0
"""How long a run goes on asking one server."""
TURN, TURN_SECONDS, BUSY_SECONDS = "b", 45, 15
"""The note that a list asks a server now, how long it counts if whoever asks dies, and when to look again."""
PAUSES = (60, 900, 3600)
"""Seconds until a server is asked again, after it has not answered so many times in a row."""
RUN_SECONDS = 55
"""How long nobody else asks for names of the import, if whoever does dies."""
DEADLINE = 86_400
"""Seconds after which nobody is asked for any more."""


@dataclass(frozen=True)
class AskingStep:
    """What a run did. `next`: the message that goes on. None: it is over, or another one will come (`waits`)."""

    figures: Mapping[str, int] = field(default_factory=dict)
    next: ImportAbroad | None = None
    waits: bool = False


@dataclass
class Answers:
    """What became of names. `found`: under which name each is known here by now. `unknown`: who will not be found, and
    why. `failed`: for which no answer came.

    `silent`: the servers of those, each with whether it has answered for another name before. `busy`: servers that
    another list asks just now.
    """

    found: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    silent: dict[str, bool] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)

    def add(self, other: Answers) -> None:
        self.found |= other.found
        self.unknown |= other.unknown
        self.failed |= other.failed
        self.silent |= other.silent
        self.busy |= other.busy


def run(message: ImportAbroad) -> AskingStep:
    """Ask for the names that are due first. Nobody else does so for this import meanwhile."""
    work = store.load_left(message.account_id, message.import_id, message.job)
    row, first = work.row, work.first
    if row is None or first is None:
        if row is not None and row.is_counted:
            imports.end(row)
        return AskingStep()
    wait = first.due - time.time()
    if wait > 0:
        jobs.postpone(message.job, wait)
        return AskingStep(waits=True)
    turn = _claimed_turn(message, work.cursor)
    if turn is None:
        return AskingStep(waits=True)
    left: list[str] = first.asked["names"]
    if work.account is None or work.account.status != "active":
        figures = _moved(first, row, {"refused": len(left)}, dict.fromkeys(left, store.REFUSED))
    elif time.time() - milliseconds(row.import_id) / 1000 > DEADLINE:
        figures = _moved(first, row, {"unknown": len(left)}, dict.fromkeys(left, store.SILENT))
    else:
        figures = _asked(first, row)
    return AskingStep(figures, replace(message, turn=turn + 1))


def _claimed_turn(message: ImportAbroad, before: Mapping[str, int] | None) -> int | None:
    """Take the turn to ask. None: another run has it."""
    noted = before or {"turn": -1, "until": 0}
    if noted["until"] > time.time() and noted["turn"] >= message.turn:
        return None
    turn = max(noted["turn"] + 1, message.turn)
    is_mine = jobs.advance(message.job, before, {"turn": turn, "until": int(time.time()) + RUN_SECONDS})
    return turn if is_mine else None


def _moved(left: Left, row: Import, counts: Mapping[str, int], failed: Mapping[str, str]) -> Mapping[str, int]:
    store.move_on(left, row, counts, None, None, failed)
    return counts


def _asked(left: Left, row: Import) -> Mapping[str, int]:
    """Ask for what is due of a row, hand on what is found, and leave the rest for later."""
    answers = _ask_for(_due(left, row.kind), row.kind)
    waiting = _waiting(left, answers)
    _give_up(left, row.kind, answers, waiting)
    found = _chunk(left, row, answers.found)
    doubles = len(answers.found) - (len(found.names) if found is not None else 0)
    counts = {"unknown": len(answers.unknown), "already": doubles}
    rest = _rest(left, row.kind, answers, waiting)
    job = outbox(found) if found is not None else None
    if store.move_on(left, row, counts, job, rest, answers.unknown) and found is not None:
        queue.send(found)
    return {"found": len(answers.found), "left": len(rest.asked["names"]) if rest is not None else 0, **counts}


def _due(left: Left, kind: str) -> list[str]:
    """The names of servers that may be asked now."""
    hosts, now = left.asked["hosts"], time.time()
    return [name for name in left.asked["names"] if hosts.get(_host(name, kind), (0, 0))[1] <= now]


def _host(name: str, kind: str) -> str:
    return names.host_of(name, kind) or ""


# Asking.


def _ask_for(wanted: Sequence[str], kind: str) -> Answers:
    """Ask for names at their servers, many servers at once, while there is time. What is known is not asked for."""
    known = names.find_known(wanted, kind)
    answers = Answers(found={name: name for name in known})
    by_host: dict[str, list[str]] = {}
    for name in wanted:
        if name not in known:
            by_host.setdefault(_host(name, kind), []).append(name)
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="import") as pool:
        asked = [pool.submit(contextvars.copy_context().run, _ask_in_turn, host, each, kind, until)
                 for host, each in by_host.items()]
    for each in asked:
        answers.add(each.result())
    return answers


def _ask_in_turn(host: str, wanted: Iterable[str], kind: str, until: float) -> Answers:
    """Ask one server, unless another list does so at this moment, whoever brought it."""
    if time.monotonic() >= until:
        return Answers()
    if not ephemeral.keep_first(TURN, host, TURN_SECONDS):
        return Answers(busy={host})
    try:
        return _ask_host(host, wanted, kind, until)
    finally:
        ephemeral.forget(TURN, host)


def _ask_host(host: str, wanted: Iterable[str], kind: str, until: float) -> Answers:
    """Ask one server for its names, one after the other. It ends when the server does not answer, or had its share."""
    told, began = Answers(), time.monotonic()
    for place, name in enumerate(wanted):
        if time.monotonic() >= (min(until, began + SHARE) if place else until):
            break
        try:
            known = names.ask(name, kind)
        except ToldToWait:  # it is so for the others too: the whole run comes back
            raise
        except (Missing, Denied, Untrusted, Unreadable, NameTaken):
            told.unknown[name] = store.UNKNOWN
        except Exception as fault:  # noqa: BLE001  (whatever it is, the others of the list go on; it is tried again)
            if not isinstance(fault, Unanswered):
                queue.note("name of an import failed", failed=True, host=host, error=type(fault).__name__)
            told.failed.add(name)
            told.silent[host] = bool(told.found or told.unknown)
            break
        else:
            told.found[name] = known
    return told


# What comes of it.


def _waiting(left: Left, answers: Answers) -> dict[str, tuple[int, int]]:
    """How often servers did not answer in a row, and when they are asked again."""
    now = time.time()
    waiting = {host: (int(times), int(due)) for host, (times, due) in left.asked["hosts"].items()}
    for host in answers.busy:
        waiting[host] = (waiting.get(host, (0, 0))[0], int(now) + BUSY_SECONDS)
    for host, has_answered in answers.silent.items():
        times = 1 if has_answered else waiting.get(host, (0, 0))[0] + 1
        waiting[host] = (times, int(now) + PAUSES[min(times, len(PAUSES)) - 1] if PAUSES else 0)
    return waiting


def _give_up(left: Left, kind: str, answers: Answers, waiting: dict[str, tuple[int, int]]) -> None:
    """Count the names of servers that were silent too often as unknown."""
    over = {host for host, (times, _) in waiting.items() if times > len(PAUSES)}
    answers.unknown |= {name: store.SILENT for name in left.asked["names"]
                        if _host(name, kind) in over and name not in answers.found and name not in answers.unknown}


def _chunk(left: Left, row: Import, found: Mapping[str, str]) -> imports.Chunk | None:
    """The chunk of those who were found, each once, under the names by which they are known here."""
    said = left.asked["columns"]
    here = {known: Columns.from_json(said.get(name, {})) for name, known in found.items()}
    number = FOUND_ABROAD * (int(left.chunk) + 1) + int(left.asked["turns"])
    return imports.message(row.kind, row.id, row.import_id, number, here) if here else None


def _rest(left: Left, kind: str, answers: Answers, waiting: Mapping[str, tuple[int, int]]) -> Left | None:
    """The row of the names that nothing became of yet, due when the first of them is.

    Those that failed come last: it may be for this name alone that the server does not answer.
    """
    rest = [name for name in left.asked["names"] if name not in answers.found and name not in answers.unknown]
    rest.sort(key=lambda name: name in answers.failed)
    if not rest:
        return None
    at = {name: _host(name, kind) for name in rest}
    hosts = {host: waiting[host] for host in dict.fromkeys(at.values()) if host in waiting}
    due = max(min(hosts.get(host, (0, 0))[1] for host in at.values()), int(time.time()))
    said = {name: left.asked["columns"][name] for name in rest if name in left.asked["columns"]}
    asked: dict[str, Any] = {"names": rest, "columns": said, "hosts": hosts, "turns": int(left.asked["turns"]) + 1}
    return store.left_row(str(left.id), _import_id(left), int(left.chunk), due, asked)


def _import_id(left: Left) -> str:
    return str(left.part).split("#")[1]
