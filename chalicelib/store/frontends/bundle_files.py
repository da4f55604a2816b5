"""The files of installed frontends: `frontends/NAME/REF/…`, and beside each folder a list of what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from .. import files
from ..dynamo.parallel import together

ROOT = "frontends"
JSON = "application/json"


class StoredFile(NamedTuple):
    """Size in bytes, and the beginning of the SHA-256."""

    size: int
    hash: str


Listing = dict[str, StoredFile]


def path_of(name: str, ref: str, path: str) -> str:
    return f"{ROOT}/{name}/{ref}/{path}"


def put(name: str, ref: str, batch: Iterable[tuple[str, bytes, str, str]]) -> None:
    """Store some files at the same time: each with its path, bytes, type, and who may keep a copy."""
    together(*[lambda each=each: files.put(path_of(name, ref, each[0]), *each[1:]) for each in batch])


def put_listing(name: str, ref: str, listing: Listing) -> None:
    files.put(_listing(name, ref), json.dumps(listing).encode(), JSON)


@lru_cache(maxsize=8)
def listing_of(name: str, ref: str, installed_at: int) -> Listing:
    """What is in a version that was installed then. Each process reads it once."""
    data = files.get(_listing(name, ref))
    return {} if data is None else {path: StoredFile(*about) for path, about in json.loads(data).items()}


def names(name: str, ref: str) -> set[str]:
    """The paths of all files that are there now."""
    return set(files.list_folder(path_of(name, ref, "")))


def read(name: str, ref: str, path: str) -> bytes | None:
    return files.get(path_of(name, ref, path))


def remove(name: str, ref: str, paths: Iterable[str]) -> None:
    files.remove_all(path_of(name, ref, path) for path in paths)


def remove_all(name: str, ref: str) -> None:
    """Remove a version. The list goes first: without it nobody is sent any of the files."""
    files.remove(_listing(name, ref))
    files.remove_folder(path_of(name, ref, ""))


def _listing(name: str, ref: str) -> str:
    return f"{ROOT}/{name}/{ref}.json"
