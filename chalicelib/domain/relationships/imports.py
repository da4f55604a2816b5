"""Imports: a list of accounts brought from elsewhere, to be followed, blocked or muted by jobs of a hundred each.

A list is a CSV as other servers write it, or names separated by white space. The request cuts the list into chunks.
Each chunk is a message with a job row, and may run twice or be cut short without harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ...ids import new_flake
from ...queues import queue
from ...queues.messages import ImportFollows, ImportHidden, Message, outbox
from ...store import jobs
from ...store.accounts import accounts
from ...store.relationships import meetings
from ...store.relationships.follows import Terms
from ...store.relationships.meetings import Meeting
from ...store.statuses import addressing
from ..refusals import Refusal
from ..viewer import Viewer
from . import blocks, following, mutes

NAMES_PER_CHUNK = 100
BYTES_PER_CHUNK = 16_000
LONGEST_NAME = 500
"""In characters. A longer name cannot be of an account."""
MOST_FAILURES = 5
CSV_HEADER = "account address"
Hiding = Literal["block", "mute"]


@dataclass
class Progress:
    """What became of the names of a chunk."""

    followed: int = 0
    requested: int = 0
    hidden: int = 0
    already: int = 0
    skipped: int = 0
    failed: int = 0


def names_in(text: str) -> list[str]:
    """The accounts that a list names, in order, each once.

    Only what stands before the first comma of a line counts. The header of a CSV is left out.
    """
    names: dict[str, None] = {}
    for line in text.removeprefix("\ufeff").splitlines():
        column = line.partition(",")[0]
        if column.strip().strip('"').casefold() == CSV_HEADER:
            continue
        for word in column.split():
            name = word.strip('"').lstrip("@")
            if name and len(name) <= LONGEST_NAME and name.isprintable():
                names[name] = None
    return list(names)


def start_follows(text: str, *, by: Viewer) -> int:
    """Have the accounts of the list followed. Answers how many names there are."""
    return _start(text, lambda import_id, number, names: ImportFollows(by.id, import_id, number, names))


def start_hiding(text: str, what: Hiding, *, by: Viewer) -> int:
    """Have the accounts of the list blocked or muted. Answers how many names there are."""
    return _start(text, lambda import_id, number, names: ImportHidden(by.id, import_id, number, what, names))


def _start(text: str, message: Callable[[str, int, list[str]], Message]) -> int:
    names, import_id = names_in(text), new_flake()
    chunks = [message(import_id, number, chunk) for number, chunk in enumerate(_chunks(names))]
    jobs.add(outbox(chunk) for chunk in chunks)
    queue.send_all(chunks)
    if chunks:
        queue.note("import started", import_id=import_id, names=len(names), chunks=len(chunks))
    return len(names)


def _chunks(names: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for name in names:
        bytes_ = len(name.encode())
        if chunk and (len(chunk) == NAMES_PER_CHUNK or size + bytes_ > BYTES_PER_CHUNK):
            yield chunk
            chunk, size = [], 0
        chunk.append(name)
        size += bytes_
    if chunk:
        yield chunk


def follow_all(names: Sequence[str], *, account_id: str, since: str) -> Progress | None:
    """Follow those of the names who can be followed. None: the importing account is not active any more.

    Accounts that are followed already stay as they are, and names that cannot be followed are skipped. If one fails by
    a fault of ours, the others go on, and the failure is raised at the end. `since` is the import's id. A follow that
    was made after it may be of an earlier run that was cut short, so its statuses are brought once more.
    """
    by = _importer(account_id)
    return _each(names, by, lambda meeting, progress: _follow_one(meeting, by, since, progress)) if by else None


def hide_all(names: Sequence[str], what: Hiding, *, account_id: str) -> Progress | None:
    """Block or mute those of the names that exist. Otherwise the same as `follow_all`."""
    by = _importer(account_id)
    return _each(names, by, lambda meeting, progress: _hide_one(meeting, by, what, progress)) if by else None


def _each(names: Sequence[str], by: Viewer, act: Callable[[Meeting, Progress], None]) -> Progress:
    """Call `act` for every account that is named. A failure of one does not stop the others."""
    nicknames = list(filter(None, dict.fromkeys(map(following.local_nickname, names))))
    owners = addressing.look_up(nicknames, by.id, None, None).owners if nicknames else {}
    met = meetings.meet(by.id, owners.values())
    progress = Progress(skipped=len(names) - len(met))
    failures: list[Exception] = []
    for meeting in met.values():
        try:
            act(meeting, progress)
        except Refusal:
            progress.skipped += 1
        except Exception as error:  # noqa: BLE001  (one account must not stop the others; raised below)
            failures.append(error)
            if len(failures) == MOST_FAILURES:
                break
    progress.failed = len(failures)
    if failures:
        queue.note("import chunk unfinished", failed=True, **vars(progress))
        raise failures[-1]
    return progress


def _importer(account_id: str) -> Viewer | None:
    account, hides = accounts.find_with_hides(account_id)
    return Viewer(account, hides) if account is not None and account.status == "active" else None


def _follow_one(meeting: Meeting, by: Viewer, since: str, progress: Progress) -> None:
    mine = meeting.pair.mine
    if following.is_following_or_asking(meeting):
        progress.already += 1
        if mine.follows and (mine.follow_id or "") > since:
            following.bring_newest(meeting.account.id, by=by)
        return
    standing = following.follow_met(meeting, Terms(), by=by, deepen=False)
    if standing.relation.follows:
        progress.followed += 1
    else:
        progress.requested += 1


def _hide_one(meeting: Meeting, by: Viewer, what: Hiding, progress: Progress) -> None:
    mine = meeting.pair.mine
    if mine.blocks if what == "block" else (mine.mutes and mine.mutes_notifications and not mine.mutes_until):
        progress.already += 1
        return
    if meeting.account.deactivated:
        progress.skipped += 1
        return
    if what == "block":
        blocks.add(meeting.account.id, by)
    else:
        mutes.add(meeting.account.id, by)
    progress.hidden += 1
