"""Changing packs of emoji: whole packs are created, described and deleted, their files added, renamed and removed.

Every change of a pack goes through `changing`, also those of `sharing.py` and `folder_import.py`: one at a time on the
whole server.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ... import outside
from ...ids import new_flake
from ...outside import Unreachable
from ...queues.instance import TidyEmoji
from ...queues.messages import outbox
from ...store.emoji import bucket, changes, rows
from ...store.emoji.changes import CHANGE, PackChange
from ..refusals import BadRequest, Conflict, Failed, NotFound, Unacceptable
from . import zips
from .names import check_emoji, is_pack_name, is_path, is_shortcode, new_pack_name, pack_name, shortcode_of
from .packs import get
from .pictures import as_picture, is_meant, is_picture, only_pictures
from .zips import SOURCE, SOURCE_SHA, NotAnArchive

ZIP = "application/zip"
MOST_LINKED = 16_000_000
"""Bytes of a file that is fetched from an address."""
NOT_ADDED = "Unexpected error occurred while adding file to pack."
NOT_UPDATED = "Unexpected error occurred while updating."
NOT_REMOVED = "Unexpected error occurred while deleting emoji file."
NOT_DESCRIBED = "Unexpected error occurred while updating pack metadata."
log = logging.getLogger("kenoma.emoji")

Paths = Mapping[str, str]
"""Shortcode to path, of every emoji of a pack."""


@contextmanager
def changing(name: str, failure: str, task: str = CHANGE, paths: tuple[str, ...] = ()) -> Iterator[PackChange]:
    """Change a pack while nobody else changes any. Raises Failed with the text `failure` if the store cannot do it.

    `paths`: files that the change may write. The job finishes the change if this process dies.
    """
    try:
        with changes.changing(name, task, paths, outbox(TidyEmoji(new_flake()))) as change:
            yield change
    except changes.FAULTS as error:
        log.error("emoji change failed", exc_info=True)
        raise Failed(failure) from error


# Packs.


def create_pack(name: str) -> None:
    """Make an empty pack. The name is also taken if a folder in the bucket has it that belongs to no pack."""
    name = new_pack_name(name)
    check_is_new(name)
    with new_pack(name, "Unexpected error occurred while creating pack.") as change:
        change.create_pack()


def check_is_new(name: str) -> None:
    """Raises Conflict if there is a pack of this name."""
    if rows.find_pack(name) is not None:
        raise _taken(name)


@contextmanager
def new_pack(name: str, failure: str) -> Iterator[PackChange]:
    """The change that makes a pack. Raises Conflict if the name is taken."""
    with changing(name, failure) as change:
        if change.contents is not None or bucket.has_folder(name):
            raise _taken(name)
        yield change


def _taken(name: str) -> Conflict:
    return Conflict(f'A pack named "{name}" already exists')


def describe_pack(name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what is known of a pack, and answer what is stored now.

    A new `fallback-src` is fetched. It must be a zip that holds every file of the pack.
    """
    stored = zips.without_added(metadata)
    pack = get(name).pack
    entries: set[str] | None = None
    source = stored.get(SOURCE)
    if source and source != pack.metadata.get(SOURCE):
        try:
            data = zips.fetch(source)
            entries, stored[SOURCE_SHA] = zips.names_in(data), zips.sha256(data)
        except (Unreachable, NotAnArchive):
            raise BadRequest(NOT_DESCRIBED) from None
    elif source and SOURCE_SHA not in stored and SOURCE_SHA in pack.metadata:
        stored[SOURCE_SHA] = pack.metadata[SOURCE_SHA]
    if not zips.is_small(stored):
        raise BadRequest("metadata is too large")
    with changing(pack.name, NOT_DESCRIBED) as change:
        if change.contents is None:
            raise NotFound(f"Pack {pack.name} does not exist")
        if entries is not None and not all(path in entries for path in change.paths.values()):
            raise BadRequest("The fallback archive does not have all files specified in pack.json")
        change.describe_pack(stored)
        if stored.get("share-files") is not True:
            bucket.remove_archives(pack.name)
    return stored


def delete_pack(name: str) -> None:
    """Delete a pack with everything in it. Nobody sees it from the commit on; its files go afterwards."""
    name = pack_name(name)
    with changing(name, f"Couldn't delete the `{name}` pack") as change:
        if change.contents is None:
            raise NotFound(f"Pack {name} does not exist")
        change.delete_pack()


# Files of a pack. Each function answers with all emoji that the pack has then.


def check_pack(name: str) -> str:
    """The name of a pack that exists, without blanks around it."""
    name = name.strip()
    if not is_pack_name(name) or rows.find_pack(name) is None:
        raise _unknown(name)
    return name


def _unknown(name: str) -> NotFound:
    return NotFound(f'pack "{name}" is not found')


@contextmanager
def _changing_files(name: str, failure: str, *paths: str) -> Iterator[PackChange]:
    with changing(name, failure, paths=paths) as change:
        if change.contents is None:
            raise _unknown(name)
        yield change


def fetch_linked(url: str) -> tuple[bytes, str, str]:
    """What lies at an address: the bytes, their type, and the last part of the address' path. Else raises Failed."""
    try:
        found = outside.fetch(url, most_bytes=MOST_LINKED, secure=True)
    except Unreachable:
        raise Failed(NOT_ADDED) from None
    if not 200 <= found.status < 300:
        raise Failed(NOT_ADDED)
    return found.body, found.content_type, url.partition("?")[0].partition("#")[0].rpartition("/")[2]


def add(pack: str, data: bytes, kind: str, path: str, shortcode: str | None) -> Paths:
    """Add a picture to a pack, or all pictures of a zip. The bytes tell which of the two it is.

    `kind`: the type that it was sent with. What is called a zip and is neither is a broken zip.
    """
    if not is_picture(data) and (zips.is_zip(data) or kind == ZIP):
        return add_zip(pack, data)
    return add_file(pack, data, path, shortcode)


def add_file(pack: str, data: bytes, path: str, shortcode: str | None) -> Paths:
    """Add a picture to a pack. A file that already lies at this path is overwritten."""
    shortcode = shortcode_of(path) if shortcode is None else shortcode
    if not shortcode or not path:
        raise Unacceptable("pack name, shortcode or filename cannot be empty")
    check_emoji(pack, shortcode, path)
    picture = as_picture(data)
    if picture is None:
        raise Unacceptable("file is not a picture")
    with _changing_files(pack, NOT_ADDED, path) as change:
        if change.is_taken(shortcode):
            raise Conflict(f'An emoji with the "{shortcode}" shortcode already exists')
        change.add_file(shortcode, path, picture)
    return change.paths


def add_zip(pack: str, data: bytes) -> Paths:
    """Add every picture of a zip at once, each under its path in the zip. Shortcodes that any pack has are left out."""
    try:
        found = only_pictures({path: each for path, each in zips.unpacked(data).items() if is_meant(path)})
    except NotAnArchive:
        raise Failed(NOT_ADDED) from None
    with _changing_files(pack, NOT_ADDED) as change:
        taken = set(rows.list_all_now())
        new: dict[str, str] = {}
        for path in found:
            shortcode = shortcode_of(path)
            if shortcode not in taken and is_path(pack, path) and is_shortcode(shortcode):
                new.setdefault(shortcode, path)
        if new:
            change.add_files(new, found)
    return change.paths


def rename_file(pack: str, shortcode: str, new_shortcode: str, new_path: str, *, force: bool) -> Paths:
    """Give an emoji another shortcode and move its file. With `force` it may take the shortcode of another emoji."""
    if not shortcode or not new_shortcode or not new_path:
        raise Unacceptable("new_shortcode or new_filename cannot be empty")
    check_emoji(pack, new_shortcode, new_path)
    with _changing_files(pack, NOT_UPDATED, new_path) as change:
        _check_has(change, shortcode)
        if not force and change.is_taken(new_shortcode):
            raise Conflict(f'New shortcode "{new_shortcode}" is already used. '
                           "If you want to override emoji use 'force' option")
        if not change.rename_file(shortcode, new_shortcode, new_path):
            raise Failed(NOT_UPDATED)
    return change.paths


def remove_file(pack: str, shortcode: str) -> Paths:
    """Take an emoji out of a pack. Its file goes too, if no other emoji of the pack uses it."""
    if not shortcode:
        raise Unacceptable("pack name or shortcode cannot be empty")
    with _changing_files(pack, NOT_REMOVED) as change:
        _check_has(change, shortcode)
        change.remove_file(shortcode)
    return change.paths


def _check_has(change: PackChange, shortcode: str) -> None:
    if shortcode not in change.files:
        raise BadRequest(f'Emoji "{shortcode}" does not exist')
