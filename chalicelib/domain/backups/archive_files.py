"""Archives: the four files of a backup, written step by step.

All that an account wrote may be too much for the memory, and for one run of a job. So each file is gathered in
*parts*: a few thousand entries each, compressed, in the bucket. The last step joins the parts, oldest first, to one zip
that is sent while it is made.

A cursor says how far the archive is. Only one run at a time can move it on. A part that is not in the cursor was
written by another run, and is never read.
"""

from __future__ import annotations

import json
import secrets
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ...store import files
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.backups import backups
from ...store.backups.backups import Backup
from ...store.federation import presence
from ...store.statuses import statuses
from ...store.timelines import feeds, marked
from ...store.timelines.feeds import FeedRow
from ..federation import own_accounts, own_statuses
from ..federation.documents import activities as written_as
from ..federation.documents.context import STREAMS
from ..visibility import is_for_followers

ENTRIES_PER_PART = 5_000
BYTES_PER_PART = 16_000_000
SECONDS_PER_PART = 60.0
ROWS_PER_QUERY = 1_000
STATUSES_AT_ONCE = 100
IDS_AT_ONCE = 1_000
READ_AT_ONCE = 1 << 20
LARGE = 1 << 31
"""Bytes. A file beyond this size needs the newer format of a zip (zip64)."""
BETWEEN = ",\n"

Cursor = dict[str, Any]
Batch = tuple[list[str], str | int]
"""Entries as JSON, and the place after which the next batch starts."""


@dataclass(frozen=True)
class ArchivePart:
    """Some entries of a file, compressed. The next part starts after the place `after`. None: this is the last part."""

    data: bytes
    entries: int
    size: int
    after: str | int | None


def beginning() -> Cursor:
    """The cursor of a new archive."""
    return {"file": next(iter(FILES)), "after": None, "parts": [], "entries": {}, "sizes": {}}


def is_gathered(cursor: Cursor) -> bool:
    return cursor["file"] is None


def gather(backup: Backup, account: Account, cursor: Cursor) -> Cursor:
    """Write the next part of the file that the cursor is at. Answers the cursor after that part."""
    file = cursor["file"]
    part = _part(FILES[file](account, cursor["after"]))
    parts = cursor["parts"]
    if part.entries:
        name = f"{file}-{len(parts):06d}-{secrets.token_hex(4)}"
        backups.put_part(str(backup.account_id), int(backup.id), name, part.data)
        parts = [*parts, name]
    names = list(FILES)
    following = names[names.index(file) + 1] if file != names[-1] else None
    return {
        "file": file if part.after is not None else following, "after": part.after, "parts": parts,
        "entries": _more(cursor["entries"], file, part.entries), "sizes": _more(cursor["sizes"], file, part.size),
    }


def discard(backup: Backup, before: Cursor, after: Cursor) -> None:
    """Delete what `gather` wrote between two cursors, if the second one could not be stored."""
    for name in after["parts"][len(before["parts"]):]:
        backups.remove_part(str(backup.account_id), int(backup.id), name)


def _more(numbers: dict[str, int], file: str, number: int) -> dict[str, int]:
    return {**numbers, file: numbers.get(file, 0) + number}


def _part(batches: Iterator[Batch]) -> ArchivePart:
    """Take batches until there is enough for one part."""
    packer = zlib.compressobj(1)
    packed: list[bytes] = []
    entries = size = 0
    end = time.monotonic() + SECONDS_PER_PART
    for texts, after in batches:
        if texts:
            text = (BETWEEN if entries else "") + BETWEEN.join(texts)
            data = text.encode()
            packed.append(packer.compress(data))
            size += len(data)
            entries += len(texts)
        if entries >= ENTRIES_PER_PART or size >= BYTES_PER_PART or time.monotonic() > end:
            return ArchivePart(b"".join([*packed, packer.flush()]), entries, size, after)
    return ArchivePart(b"".join([*packed, packer.flush()]), entries, size, None)


# What goes into the files, oldest first.


def _written(account: Account, after: Any) -> Iterator[Batch]:
    """The outbox: what the account wrote and reblogged, as far as its visibility is archived."""
    more = True
    while more:
        rows, more = feeds.written_after(account.id, after, ROWS_PER_QUERY)
        for start in range(0, len(rows), STATUSES_AT_ONCE):
            some = rows[start:start + STATUSES_AT_ONCE]
            after = some[-1].id
            yield [json.dumps(each, ensure_ascii=False) for each in _activities(some, account)], after


def _activities(rows: list[FeedRow], account: Account) -> list[dict[str, Any]]:
    wanted = [row for row in rows if is_for_followers(row.visibility)]
    found = statuses.find_all(row.original_id or row.id for row in wanted)
    strangers = {status.account_id for status in found.values()} - {account.id}
    authors = {account.id: account, **(accounts.find_many(sorted(strangers)) if strangers else {})}
    others = own_statuses.load_others([each for each in found.values() if each.account_id == account.id])
    activities = []
    for row in wanted:
        status = found.get(row.original_id or row.id)
        author = authors.get(status.account_id) if status is not None else None
        if status is None or author is None:  # it is just being deleted
            continue
        if row.original_id:
            activities.append(written_as.announcement(row.id, row.visibility, status, author, account))
        else:
            activities.append(written_as.creation(status, author, others))
    return activities


def _favourited(account: Account, after: Any) -> Iterator[Batch]:
    return _marked(lambda above: marked.favourites(account.id, above=above, below=None, ascending=True,
                                                   limit=IDS_AT_ONCE), str, after)


def _bookmarked(account: Account, after: Any) -> Iterator[Batch]:
    return _marked(lambda above: marked.bookmarks(account.id, above=above, below=None, ascending=True,
                                                  limit=IDS_AT_ONCE), int, after)


def _marked(read: Callable[[Any], list[marked.Marked]], kind: Callable[[str], str | int],
            after: Any) -> Iterator[Batch]:
    """The uris of favourites or bookmarks, in the order in which they were made."""
    while True:
        rows = read(after)
        if rows:
            after = kind(rows[-1].cursor)
            yield [json.dumps(uri) for uri in _uris_of([row.status_id for row in rows])], after
        if len(rows) < IDS_AT_ONCE:
            return


def _uris_of(ids: list[str]) -> list[str]:
    """Where the statuses are found. Own addresses follow from the ids; where there are other servers, it has to be
    read which are theirs. What is gone by now is left out then.
    """
    if not presence.is_known():
        return [statuses.uri_of(id) for id in ids]
    found = statuses.find_many(ids)
    return [found[id].uri for id in ids if id in found]


FILES: dict[str, Callable[[Account, Any], Iterator[Batch]]] = {
    "outbox": _written, "likes": _favourited, "bookmarks": _bookmarked,
}
"""The collections of an archive, in the order in which they are gathered."""


# The zip.


def seal(backup: Backup, account: Account, cursor: Cursor, alive: Callable[[], Any]) -> int:
    """Write the backup's file from all parts. Answers its size. `alive` is called before each part."""
    path = f"{backups.FOLDER}{backup.name}"
    described = {**own_accounts.archived(account), **{name: f"{name}.json" for name in FILES if name != "outbox"}}
    with (files.writing(path, backups.TYPE, backups.CACHING) as out,
          zipfile.ZipFile(out, "w") as archive):  # type: ignore[call-overload]
        _add(archive, backup, "actor", iter([json.dumps(described, ensure_ascii=False).encode()]))
        for file in FILES:
            _add(archive, backup, file, _collection(backup, file, cursor, alive), cursor["sizes"].get(file, 0))
    return out.size


def _add(archive: zipfile.ZipFile, backup: Backup, name: str, pieces: Iterator[bytes], size: int = 0) -> None:
    entry = zipfile.ZipInfo(f"{name}.json", time.gmtime(int(backup.inserted))[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w", force_zip64=size > LARGE - READ_AT_ONCE) as file:
        for piece in pieces:
            file.write(piece)


def _collection(backup: Backup, file: str, cursor: Cursor, alive: Callable[[], Any]) -> Iterator[bytes]:
    head = {"@context": STREAMS, "id": f"{file}.json", "type": "OrderedCollection"}
    yield (json.dumps(head)[:-1] + ', "orderedItems": [').encode()
    between = ""
    for part in cursor["parts"]:
        if part.startswith(f"{file}-"):
            alive()
            yield between.encode()
            yield from _unpacked(backups.get_part(str(backup.account_id), int(backup.id), part))
            between = BETWEEN
    yield f'], "totalItems": {cursor["entries"].get(file, 0)}}}'.encode()


def _unpacked(packed: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    yield unpacker.decompress(packed, READ_AT_ONCE)
    while unpacker.unconsumed_tail:
        yield unpacker.decompress(unpacker.unconsumed_tail, READ_AT_ONCE)
    yield unpacker.flush()
