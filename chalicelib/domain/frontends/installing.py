"""Installing frontends, choosing one, and removing them.

A version is whole before it can be chosen: its row says so only after all its files are in the bucket. A run that dies
leaves a version that is not whole, which nobody sees; installing again mends it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any, NamedTuple

from ...settings import settings
from ...store.frontends import bundle_files, installed
from ...store.frontends.bundle_files import StoredFile
from ...store.staff.log import LoggedAct
from ..refusals import BadRequest, NotFound
from ..retrying import retried
from ..staff import log
from ..staff.acting import Administrator
from . import bundles, places, serving
from .bundles import NotABundle

COULD_NOT = "Could not install the frontend"
IN_USE = "Frontend is in use"
DIGITS_OF_A_REF = 12
PRIMARY, ADMIN = "primary", "admin"
KEPT_AFTER_A_SWITCH = 86_400
"""Seconds in which the files of the frontend before are still sent: open tabs ask for them."""
BYTES_AT_ONCE, FILES_AT_ONCE = 20_000_000, 16
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
Doc = dict[str, Any]


@dataclass(frozen=True)
class ShownFrontend:
    """A frontend as administrators see it. `refs`: the versions that are installed, newest first."""

    name: str
    ref: str
    refs: Sequence[str]
    about: Mapping[str, Any]
    is_primary: bool
    is_admin: bool


class ChosenFrontend(NamedTuple):
    name: str
    ref: str


# Seeing.


def get_primary() -> ChosenFrontend | None:
    """The version that answers browsers. None: this server's own pages."""
    pair = _chosen(installed.load().doc, PRIMARY)
    return ChosenFrontend(*pair) if pair is not None else None


def list_all() -> list[ShownFrontend]:
    """All that are installed, and those that the settings name, each once."""
    doc = installed.load().doc
    known = {each["name"]: each for each in settings.frontends}
    whole = {name: _refs(doc, name) for name in doc.get("installed", {})}
    names = [name for name in [*whole, *known] if whole.get(name) or name in known]
    return [_shown(name, whole.get(name, []), known.get(name, {}), doc) for name in dict.fromkeys(names)]


def _shown(name: str, refs: Sequence[str], about: Mapping[str, Any], doc: Doc) -> ShownFrontend:
    chosen = {part: _chosen(doc, part) for part in (PRIMARY, ADMIN)}
    own = [pair[1] for pair in chosen.values() if pair is not None and pair[0] == name]
    ref = own[0] if own else refs[0] if refs else str(about.get("ref", ""))
    is_chosen = {part: pair is not None and pair[0] == name for part, pair in chosen.items()}
    return ShownFrontend(name, ref, refs, about, is_chosen[PRIMARY], is_chosen[ADMIN])


def _refs(doc: Doc, name: str) -> list[str]:
    versions = {ref: about for ref, about in doc.get("installed", {}).get(name, {}).items() if about["whole"]}
    return sorted(versions, key=lambda ref: (versions[ref]["at"], ref), reverse=True)


def _chosen(doc: Doc, part: str) -> list[str] | None:
    pair: list[str] | None = doc.get("chosen", {}).get(part)
    return pair


# Installing.


def install(name: str, ref: str | None, zip_file: BufferedIOBase, by: Administrator | None) -> str:
    """Install a version from a zip. Answers what it is called: `ref`, or else the beginning of the zip's hash.

    Of a version that is there already the files are replaced. `by`: an administrator, whose act is logged.
    """
    ref = ref or bundles.hash_of(zip_file)[:DIGITS_OF_A_REF]
    if not _NAME.fullmatch(name) or not _REF.fullmatch(ref):
        raise BadRequest(COULD_NOT)
    try:
        with bundles.opened(zip_file) as bundle:
            for _ in bundle.contents():  # once without keeping anything: what is refused leaves nothing behind
                pass
            _begin(name, ref)
            listing = _put(name, ref, bundle)
    except NotABundle:
        raise BadRequest(COULD_NOT) from None
    bundle_files.put_listing(name, ref, listing)
    _change(lambda doc: _set_version(doc, name, ref, whole=True), _logged(by, log.installed_frontend, name, ref))
    bundle_files.remove(name, ref, bundle_files.names(name, ref) - listing.keys())
    return ref


def _begin(name: str, ref: str) -> None:
    """Name the version before its first file is there. One that is whole stays so while its files are replaced."""
    def begin(doc: Doc) -> None:
        if ref not in doc.get("installed", {}).get(name, {}):
            _set_version(doc, name, ref, whole=False)

    _change(begin, None)


def _set_version(doc: Doc, name: str, ref: str, *, whole: bool) -> None:
    doc.setdefault("installed", {}).setdefault(name, {})[ref] = {"whole": whole, "at": int(time.time() * 1000)}


def _put(name: str, ref: str, bundle: bundles.Bundle) -> bundle_files.Listing:
    """Store all files, some at a time, the index by itself at the end."""
    listing: bundle_files.Listing = {}
    batch: list[tuple[str, bytes, str, str]] = []
    size = 0
    for path, data in bundle.contents():
        if batch and (len(batch) == FILES_AT_ONCE or size + len(data) > BYTES_AT_ONCE or path == bundles.INDEX):
            bundle_files.put(name, ref, batch)
            batch, size = [], 0
        listing[path] = StoredFile(len(data), serving.hash_of(data))
        batch.append((path, data, places.type_of(path), places.caching_of(path)))
        size += len(data)
    bundle_files.put(name, ref, batch)
    return listing


# Choosing and removing.


def choose(part: str, name: str | None, ref: str | None, by: Administrator | None) -> None:
    """Let a version be the primary frontend, or that of administrators. Without a name: none. Raises NotFound.

    Without `ref` it is the newest version.
    """
    def switch(doc: Doc) -> None:
        wanted = None
        if name is not None:
            refs = _refs(doc, name)
            wanted = [name, ref or (refs[0] if refs else "")]
            if wanted[1] not in refs:
                raise NotFound
        before = _chosen(doc, part)
        doc.setdefault("chosen", {})[part] = wanted
        if before is not None and before != wanted:
            doc.setdefault("before", {})[part] = [*before, int(time.time()) + KEPT_AFTER_A_SWITCH]

    _change(switch, _logged(by, log.chose_frontend, part, name, ref))


def demand(wanted: ChosenFrontend) -> None:
    """Raises BadRequest if a version is not installed."""
    if not any(each.name == wanted.name and wanted.ref in each.refs for each in list_all()):
        raise BadRequest(f"There is no frontend {wanted.name} {wanted.ref}"[:200])


def remove(name: str, ref: str | None, by: Administrator | None) -> None:
    """Remove a version, or without `ref` all of them. Raises NotFound, and BadRequest if one of them is chosen."""
    gone: list[str] = []

    def take(doc: Doc) -> None:
        versions = doc.get("installed", {}).get(name, {})
        gone[:] = list(versions) if ref is None else [ref] if ref in versions else []
        if not gone:
            raise NotFound
        chosen = [_chosen(doc, part) for part in (PRIMARY, ADMIN)]
        if any([name, each] in chosen for each in gone):
            raise BadRequest(IN_USE)
        for each in gone:
            versions[each]["whole"] = False

    _change(take, _logged(by, log.removed_frontend, name, ref))
    for each in gone:
        bundle_files.remove_all(name, each)
    _change(lambda doc: _forget(doc, name, gone), None)


def _forget(doc: Doc, name: str, refs: Sequence[str]) -> None:
    """Versions whose files are gone. One that was installed anew meanwhile stays."""
    versions = doc.get("installed", {}).get(name, {})
    for ref in refs:
        if ref in versions and not versions[ref]["whole"]:
            del versions[ref]
    if not versions:
        doc.get("installed", {}).pop(name, None)


def _change(change: Callable[[Doc], None], entry: LoggedAct | None) -> None:
    """Change what the row says. This process knows it at once, the others within a minute."""
    def once() -> None:
        row = installed.load()
        doc: Doc = _copied(row.doc)
        change(doc)
        installed.save(row, doc, entry)

    retried(once)
    serving.forget()


def _copied(doc: Mapping[str, Any]) -> Doc:
    return {name: _copied(value) if isinstance(value, Mapping) else value for name, value in doc.items()}


def _logged(by: Administrator | None, entry: Callable[..., LoggedAct], *about: Any) -> LoggedAct | None:
    return None if by is None else entry(by, *about)


