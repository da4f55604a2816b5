"""What the installed frontends have for an address. Each process looks once a minute which one is chosen."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ...settings import settings
from ...store.frontends import bundle_files, installed
from ...store.frontends.bundle_files import Listing

log = logging.getLogger("kenoma.frontends")
KEPT_SECONDS, TRIED_AGAIN_SECONDS = 60.0, 5.0
INDEX = "index.html"
OF_ADMINS = "pleroma/admin"
"""The path below which the frontend of administrators is."""


@dataclass(frozen=True)
class Version:
    """An installed version. `at`: when it was, in milliseconds."""

    name: str
    ref: str
    at: int

    @property
    def spelt(self) -> str:
        """As people choose it."""
        return f"{self.name}/{self.ref}"

    @property
    def listing(self) -> Listing:
        return bundle_files.listing_of(self.name, self.ref, self.at)


@dataclass(frozen=True)
class FrontendFile:
    """A file of a version. `hash`: of its bytes."""

    version: Version
    path: str
    size: int
    hash: str

    @property
    def address(self) -> str:
        """Where the bucket has it."""
        return "/" + bundle_files.path_of(self.version.name, self.version.ref, self.path)

    def read(self) -> bytes | None:
        return bundle_files.read(self.version.name, self.version.ref, self.path)


@dataclass(frozen=True)
class ChosenFrontends:
    """`before`: who was chosen before, each with the second until which its files are still sent."""

    primary: Version | None = None
    admin: Version | None = None
    before: Sequence[tuple[Version, int]] = ()
    whole: Mapping[str, Version] = field(default_factory=dict)


@dataclass
class _Known:
    chosen: ChosenFrontends = field(default_factory=ChosenFrontends)
    until: float = 0.0


_known = _Known()


def forget() -> None:
    """Look again at the next request."""
    _known.until = 0.0


def chosen() -> ChosenFrontends:
    """What is chosen, as of the last minute. Never fails: what was known stays."""
    now = time.monotonic()
    if now < _known.until:
        return _known.chosen
    _known.until = now + TRIED_AGAIN_SECONDS
    try:
        _known.chosen = _read(installed.glance())
        _known.until = now + KEPT_SECONDS
    except Exception as error:  # noqa: BLE001  (whatever it is: browsers get what they got a minute ago)
        log.warning("frontends not read", extra={"error": type(error).__name__})
    return _known.chosen


def _read(doc: Mapping[str, Any]) -> ChosenFrontends:
    whole = {version.spelt: version for version in _versions(doc.get("installed", {}))}
    of_part = {part: whole.get("/".join(pair)) for part, pair in doc.get("chosen", {}).items() if pair}
    before = [(whole[f"{name}/{ref}"], int(until)) for name, ref, until in doc.get("before", {}).values()
              if f"{name}/{ref}" in whole]
    return ChosenFrontends(of_part.get("primary"), of_part.get("admin"), before, whole)


def _versions(names: Mapping[str, Any]) -> Iterator[Version]:
    for name, versions in names.items():
        for ref, about in versions.items():
            if about["whole"]:
                yield Version(name, ref, int(about["at"]))


# What people may choose.


def list_pickable() -> list[str]:
    """The versions that people may choose for themselves, as `NAME/REF`."""
    return settings.pickable_frontends.replace(",", " ").split()


def find_preferred(wanted: str | None) -> Version | None:
    """The version that somebody has chosen, if it may be chosen and is there."""
    return chosen().whole.get(wanted) if wanted and wanted in list_pickable() else None


# Files.


def find_file(path: str, preferred: Version | None) -> FrontendFile | None:
    """The file at a path, without its first slash: of the frontend that is wanted, or of one whose tabs may be open."""
    standing = chosen()
    if standing.admin is not None and path.startswith(f"{OF_ADMINS}/"):
        return _file_in(standing.admin, path.removeprefix(f"{OF_ADMINS}/"))
    return next((found for each in _asked(standing, preferred) if (found := _file_in(each, path)) is not None), None)


def _asked(standing: ChosenFrontends, preferred: Version | None) -> Iterator[Version]:
    """The versions that may have a file. A cache in front may have kept back whose tab asks."""
    now = time.time()
    yield from (each for each in (preferred, standing.primary) if each is not None)
    yield from (each for each, until in standing.before if now < until)
    yield from (standing.whole[each] for each in list_pickable() if each in standing.whole)


def find_index(path: str, preferred: Version | None) -> FrontendFile | None:
    """The index that a browser gets at a path."""
    standing = chosen()
    if standing.admin is not None and (path == OF_ADMINS or path.startswith(f"{OF_ADMINS}/")):
        return _file_in(standing.admin, INDEX)
    version = preferred or standing.primary
    return None if version is None else _file_in(version, INDEX)


def _file_in(version: Version, path: str) -> FrontendFile | None:
    about = version.listing.get(path)
    return None if about is None else FrontendFile(version, path, about.size, about.hash)


@lru_cache(maxsize=4)
def read_index(index: FrontendFile) -> str:
    """The HTML of an index. Each process reads it once."""
    return (index.read() or b"").decode("utf-8-sig", "replace")


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:24]
