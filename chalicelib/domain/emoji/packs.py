"""Packs of custom emoji as everybody may read them: what is in them, and what is known of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...store.emoji import rows
from ...store.emoji.rows import Contents
from ..refusals import BadRequest, Forbidden, NotFound
from . import zips
from .names import pack_name

MOST_PACKS = 500
"""On one page."""


@dataclass(frozen=True)
class Shown:
    """A pack as clients see it: some or all of its emoji (shortcode to path), and its metadata.

    The metadata say whether the pack can be downloaded, which is not stored with them.
    """

    files: Mapping[str, str]
    files_count: int
    metadata: Mapping[str, Any]


def list_page(page: int, page_size: int) -> tuple[dict[str, Shown], int]:
    """A page of packs by name, and how many packs there are. Page 0 is the last one, and a page of 0 has none.

    pleroma-fe asks for a page of 0 to learn how many there are, and numbers the pages from 0 then. Of the server that
    it was made for, page 0 is the last.
    """
    check_page(page, page_size)
    found, total = rows.list_page(page, min(page_size, MOST_PACKS))
    until = time.monotonic() + zips.SECONDS_TO_MAKE
    return {contents.pack.name: _shown(contents, contents.paths, until) for contents in found}, total


def check_page(page: int, page_size: int) -> None:
    """Of a list of packs. Raises BadRequest."""
    if page < 0 or page_size < 0:
        raise BadRequest("page must be positive" if page < 0 else "page_size must be positive")


def show(name: str, page: int | None, page_size: int) -> Shown:
    """A pack with a page of its emoji by shortcode. Without a page: with all of them."""
    start, count = _bounds(1 if page is None else page, page_size)
    contents = get(name)
    paths = contents.paths
    if page is not None:
        paths = dict(list(paths.items())[start:start + count])
    return _shown(contents, paths, None)


def _bounds(page: int, page_size: int) -> tuple[int, int]:
    """Where a page starts, and how many it holds."""
    if page < 1:
        raise BadRequest("page must be positive")
    if page_size < 1:
        raise BadRequest("page_size must be positive")
    return (page - 1) * page_size, page_size


def _shown(contents: Contents, paths: Mapping[str, str], until: float | None) -> Shown:
    sha = zips.get_checksum(contents, until)
    added = {"can-download": False} if sha is None else {"can-download": True, "download-sha256": sha}
    return Shown(paths, len(contents.files), {**contents.pack.metadata, **added})


def get(name: str) -> Contents:
    """A pack with all its emoji."""
    name = pack_name(name)
    contents = rows.find_contents(name)
    if contents is None:
        raise NotFound(f"Pack {name} does not exist")
    return contents


def get_archive(name: str) -> str:
    """Where the archive of a shared pack lies in the bucket."""
    contents = get(name)
    path = zips.find_archive(contents)
    if path is None:
        raise Forbidden(f"Pack {contents.pack.name} cannot be downloaded from this instance, either pack sharing was "
                        "disabled for this pack or some files are missing")
    return path
