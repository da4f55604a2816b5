"""The emoji of a pack, one by one or by the zip: added, renamed, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ... import outside
from ...outside import Unreachable
from ...store.dynamo.table import Writes
from ...store.emoji import packs, rows
from ...store.emoji.changes import Change
from ...store.emoji.packs import type_of
from ...store.emoji.rows import PACKS, EmojiPack, EmojiRow, code_row, file_row
from ..refusals import BadRequest, Conflict, Failed, NotFound, Unacceptable
from . import zips
from .changing import changing
from .names import check, is_pack_name, is_path, is_shortcode, shortcode_of
from .zips import NotAnArchive

ZIP = "application/zip"
MOST_LINKED = 16_000_000
"""Bytes of a file that an address is given for."""
MOST_OF_ONE_FILE = 80
"""Emoji whose file it is; a transaction holds no more."""
NOT_ADDED = "Unexpected error occurred while adding file to pack."
NOT_UPDATED = "Unexpected error occurred while updating."
NOT_REMOVED = "Unexpected error occurred while deleting emoji file."

Paths = Mapping[str, str]


def linked(url: str) -> tuple[bytes, str, str]:
    """What is at an address: the bytes, their type, and the last part of its path. Failed: nothing is."""
    try:
        found = outside.fetch(url, most_bytes=MOST_LINKED)
    except Unreachable:
        raise Failed(NOT_ADDED) from None
    if not 200 <= found.status < 300:
        raise Failed(NOT_ADDED)
    return found.body, found.content_type, url.partition("?")[0].partition("#")[0].rpartition("/")[2]


def check_pack(name: str) -> str:
    """The name of a pack that is there, without blanks around it."""
    name = name.strip()
    if not is_pack_name(name) or packs.find_pack(name) is None:
        raise _unknown(name)
    return name


def _unknown(name: str) -> NotFound:
    return NotFound(f'pack "{name}" is not found')


@contextmanager
def _changing(name: str, failure: str, *paths: str) -> Iterator[Change]:
    with changing(name, failure, paths=paths) as change:
        if change.contents is None:
            raise _unknown(name)
        yield change


def add(pack: str, data: bytes, path: str, shortcode: str | None) -> Paths:
    """Add a picture to a pack that is there; all of its emoji. A file that lay there before is overwritten."""
    shortcode = shortcode_of(path) if shortcode is None else shortcode
    if not shortcode or not path:
        raise Unacceptable("pack name, shortcode or filename cannot be empty")
    check(pack, shortcode, path)
    with _changing(pack, NOT_ADDED, path) as change:
        if change.is_taken(shortcode):
            raise Conflict(f'An emoji with the "{shortcode}" shortcode already exists')
        change.put({path: data})
        with change.commit() as write:
            about = {"path": path, "type": type_of(path), "size": len(data)}
            write.put(file_row(pack, change.generation, shortcode, **about))
            write.put(code_row(shortcode, pack))
            write.update(EmojiPack.stub(PACKS, pack), [EmojiPack.files_count.add(1), EmojiPack.revision.add(1)])
            _tell_size(write, change, path, len(data), {shortcode})
    return paths_of(change)


def add_zip(pack: str, data: bytes) -> Paths:
    """Add what a zip holds, each under its own path, all at once; names that any pack has already are left out."""
    try:
        found = zips.unpacked(data)
    except NotAnArchive:
        raise Failed(NOT_ADDED) from None
    with _changing(pack, NOT_ADDED) as change:
        taken = set(rows.all_now())
        new: dict[str, str] = {}
        for path in found:
            shortcode = shortcode_of(path)
            if shortcode not in taken and is_path(pack, path) and is_shortcode(shortcode):
                new.setdefault(shortcode, path)
        if new:
            kept = {code: (str(row.path), row.size) for code, row in change.files.items()}
            added = {code: (path, len(found[path])) for code, path in new.items()}
            assert change.contents is not None
            change.exchange(change.contents.pack.metadata, {**kept, **added},
                            {path: found[path] for path in new.values()})
    return paths_of(change)


def rename(pack: str, shortcode: str, new_shortcode: str, new_path: str, *, force: bool) -> Paths:
    """Call an emoji otherwise and move its file; all of the pack's emoji. `force` may take the name of another."""
    if not shortcode or not new_shortcode or not new_path:
        raise Unacceptable("new_shortcode or new_filename cannot be empty")
    check(pack, new_shortcode, new_path)
    with _changing(pack, NOT_UPDATED, new_path) as change:
        row, replaced = change.files.get(shortcode), change.files.get(new_shortcode)
        if row is None:
            raise BadRequest(f'Emoji "{shortcode}" does not exist')
        if not force and change.is_taken(new_shortcode):
            raise Conflict(f'New shortcode "{new_shortcode}" is already used. '
                           "If you want to override emoji use 'force' option")
        size = _moved(change, str(row.path), new_path)
        old_paths = [str(each.path) for each in (row, replaced) if each is not None]
        with change.commit(leaving=old_paths) as write:
            about = {"path": new_path, "type": type_of(new_path), "size": size}
            write.put(file_row(pack, change.generation, new_shortcode, **about))
            write.put(code_row(new_shortcode, pack))
            if new_shortcode != shortcode:
                write.delete(row)
                write.delete(code_row(shortcode, pack))
            fewer = int(new_shortcode != shortcode and replaced is not None)
            write.update(EmojiPack.stub(PACKS, pack), [EmojiPack.files_count.add(-fewer), EmojiPack.revision.add(1)])
            _tell_size(write, change, new_path, size, {shortcode, new_shortcode})
    return paths_of(change)


def _tell_size(write: Writes, change: Change, path: str, size: int, but: set[str]) -> None:
    """Within a commit: the other emoji of this file have another picture now."""
    others = [row for code, row in change.files.items() if row.path == path and row.size != size and code not in but]
    for row in others[:MOST_OF_ONE_FILE]:
        write.update(row, [EmojiRow.size.set(size)])


def _moved(change: Change, path: str, new_path: str) -> int:
    """Copy the file, if it is not there already; its size."""
    data = packs.get_files(change.name, [path]).get(path)
    if data is None:
        raise Failed(NOT_UPDATED)
    if new_path != path:
        change.put({new_path: data})
    return len(data)


def remove(pack: str, shortcode: str) -> Paths:
    """Take an emoji out of a pack, and its file if no other emoji has it; those that are left."""
    if not shortcode:
        raise Unacceptable("pack name or shortcode cannot be empty")
    with _changing(pack, NOT_REMOVED) as change:
        row = change.files.get(shortcode)
        if row is None:
            raise BadRequest(f'Emoji "{shortcode}" does not exist')
        with change.commit(leaving=[str(row.path)]) as write:
            write.delete(row)
            write.delete(code_row(shortcode, pack))
            write.update(EmojiPack.stub(PACKS, pack), [EmojiPack.files_count.add(-1), EmojiPack.revision.add(1)])
    return paths_of(change)


def paths_of(change: Change) -> Paths:
    return change.contents.paths if change.contents is not None else {}
