"""Packs of custom emoji: what is in them, and what is told about them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...outside import Unreachable
from ...store import files
from ...store.emoji import packs
from ...store.emoji.changes import DELETE
from ...store.emoji.packs import Contents
from ...store.emoji.rows import PACKS, EmojiPack
from ..refusals import BadRequest, Conflict, Forbidden, NotFound
from . import sharing, zips
from .changing import changing
from .names import new_pack_name, pack_name
from .sharing import SOURCE, SOURCE_SHA
from .zips import NotAnArchive

MOST_PACKS = 500
"""On one page."""
NOT_UPDATED = "Unexpected error occurred while updating pack metadata."


@dataclass(frozen=True)
class Shown:
    """A pack as it is told: some or all of its emoji, shortcode to path, and the metadata with what is added."""

    files: Mapping[str, str]
    files_count: int
    metadata: Mapping[str, Any]


def listed(page: int, page_size: int) -> tuple[dict[str, Shown], int]:
    """A page of packs by name, and how many there are."""
    found, total = packs.page(*_bounds(page, min(page_size, MOST_PACKS)))
    until = time.monotonic() + zips.SECONDS_TO_MAKE
    return {contents.pack.name: _shown(contents, contents.paths, until) for contents in found}, total


def show(name: str, page: int | None, page_size: int) -> Shown:
    """A pack with a page of its emoji by shortcode; with all of them where no page is named."""
    start, count = _bounds(1 if page is None else page, page_size)
    contents = get(name)
    paths = contents.paths
    if page is not None:
        paths = dict(list(paths.items())[start:start + count])
    return _shown(contents, paths, None)


def _bounds(page: int, page_size: int) -> tuple[int, int]:
    if page < 1:
        raise BadRequest("page must be positive")
    if page_size < 1:
        raise BadRequest("page_size must be positive")
    return (page - 1) * page_size, page_size


def _shown(contents: Contents, paths: Mapping[str, str], until: float | None) -> Shown:
    sha = zips.checksum(contents, until)
    added = {"can-download": False} if sha is None else {"can-download": True, "download-sha256": sha}
    return Shown(paths, len(contents.files), {**contents.pack.metadata, **added})


def get(name: str) -> Contents:
    name = pack_name(name)
    contents = packs.find(name)
    if contents is None:
        raise NotFound(f"Pack {name} does not exist")
    return contents


def archive(name: str) -> str:
    """Where the archive of a shared pack lies in the bucket."""
    contents = get(name)
    address = zips.address(contents)
    if address is None:
        raise Forbidden(f"Pack {contents.pack.name} cannot be downloaded from this instance, either pack sharing was "
                        "disabled for this pack or some files are missing")
    return address


def create(name: str) -> None:
    """Make an empty pack. A folder of this name that no pack has is in the way as well."""
    name = new_pack_name(name)
    taken = Conflict(f'A pack named "{name}" already exists')
    if packs.find_pack(name) is not None:
        raise taken
    with changing(name, "Unexpected error occurred while creating pack.") as change:
        if change.contents is not None or files.is_folder(packs.place(name)):
            raise taken
        with change.commit() as write:
            write.put(EmojiPack(PACKS, name, metadata={}, revision=1))


def delete(name: str) -> None:
    """Take a pack away with everything in it. At once nobody sees it any more."""
    name = pack_name(name)
    with changing(name, f"Couldn't delete the `{name}` pack") as change:
        if change.contents is None:
            raise NotFound(f"Pack {name} does not exist")
        with change.commit(task=DELETE) as write:
            write.delete(EmojiPack.stub(PACKS, name))


def set_metadata(name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what is known of a pack; what is stored then. A new fallback is fetched and has to hold every file."""
    stored = zips.stored(metadata)
    pack = get(name).pack
    entries: set[str] | None = None
    source = stored.get(SOURCE)
    if source and source != pack.metadata.get(SOURCE):
        try:
            data = sharing.fetch_archive(source)
            entries, stored[SOURCE_SHA] = zips.names_in(data), sharing.checksum(data)
        except (Unreachable, NotAnArchive):
            raise BadRequest(NOT_UPDATED) from None
    elif source and SOURCE_SHA not in stored and SOURCE_SHA in pack.metadata:
        stored[SOURCE_SHA] = pack.metadata[SOURCE_SHA]
    if not zips.is_small(stored):
        raise BadRequest("metadata is too large")
    with changing(pack.name, NOT_UPDATED) as change:
        if change.contents is None:
            raise NotFound(f"Pack {pack.name} does not exist")
        if entries is not None and not all(path in entries for path in change.contents.paths.values()):
            raise BadRequest("The fallback archive does not have all files specified in pack.json")
        with change.commit() as write:
            write.update(EmojiPack.stub(PACKS, pack.name),
                         [EmojiPack.metadata.set(stored), EmojiPack.revision.add(1)])
        if stored.get("share-files") is not True:
            packs.remove_archives(pack.name)
    return stored
