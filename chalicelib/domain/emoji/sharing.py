"""Packs from elsewhere: what other servers share, bringing one of their packs here, and packs that come as a zip.

Nothing is written before all is checked: the checksum, the names, and that every file is there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

from ... import outside
from ...outside import Fetched, Unreachable
from ...store.emoji.bucket import MANIFEST
from ...store.emoji.changes import REPLACE
from ..refusals import BadRequest, Failed
from . import zips
from .changing import changing, check_is_new, new_pack
from .names import is_path, is_shortcode, new_pack_name, shortcode_of
from .packs import check_page
from .pictures import is_meant, only_pictures
from .zips import MOST_ENTRIES, SOURCE, SOURCE_SHA, NotAnArchive

SECONDS, SECONDS_EACH = 20.0, 10.0
"""For everything that one request fetches, and for each fetch. The gateway ends a request after 29 seconds, and by then
the pack must be stored.
"""
MOST_JSON = 5_000_000
FILES_A_PAGE = 500
NOT_DOWNLOADED = "Could not download the pack"
NOT_UNPACKED = "Could not process the pack"
NOT_SHARING = "The requested instance does not support sharing emoji packs"
NO_SOURCE = "The pack was not set as shared and there is no fallback src to download from"
WRONG_SUM = "SHA256 for the pack doesn't match the one sent by the server"
LACKING = "The archive does not have all files of the pack"
FEATURE = "shareable_emoji_packs"


@dataclass(frozen=True)
class Arriving:
    """A pack of another server that was fetched whole. `paths`: shortcode to path; `files`: path to bytes."""

    metadata: Mapping[str, Any]
    paths: Mapping[str, str]
    files: dict[str, bytes]


class _Elsewhere:
    """Another server, asked within the time of one request. Only scheme and host of its address count."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            raise Unreachable("no address") from None
        self.base = f"{parts.scheme}://{parts.netloc}"
        self._until = time.monotonic() + SECONDS

    @property
    def seconds(self) -> float:
        return min(SECONDS_EACH, max(self._until - time.monotonic(), 0.001))

    def get(self, path: str) -> Fetched:
        url = path if path.startswith(("http://", "https://")) else self.base + path
        return outside.fetch(url, accept="application/json", most_bytes=MOST_JSON, seconds=self.seconds, secure=True)

    def json(self, path: str) -> Any:
        """The JSON that it answers. Raises Unreachable for anything else."""
        found = self.get(path)
        if not 200 <= found.status < 300:
            raise Unreachable("refused")
        return _json(found.body)

    def archive(self, url: str) -> bytes:
        return zips.fetch(url if "://" in url else self.base + url, self.seconds)

    def check_sharing(self) -> None:
        """Raises Failed if it does not share packs, or does not answer."""
        try:
            links = self.json("/.well-known/nodeinfo")["links"]
            features = self.json(links[-1]["href"])["metadata"]["features"]
            shares = isinstance(features, list) and FEATURE in features
        except (Unreachable, LookupError, TypeError, AttributeError):
            shares = False
        if not shares:
            raise Failed(NOT_SHARING)


def _json(body: bytes) -> Any:
    try:
        value = json.loads(body.decode(), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise Unreachable("no JSON") from None
    return value


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def remote(url: str, page: int, page_size: int) -> str:
    """A page of another server's packs: its JSON, unchanged."""
    check_page(page, page_size)
    try:
        elsewhere = _Elsewhere(url)
        elsewhere.check_sharing()
        found = elsewhere.get(f"/api/pleroma/emoji/packs?page={page}&page_size={page_size}")
        if not 200 <= found.status < 300:
            raise Failed(NOT_SHARING)
        _json(found.body)
        return found.body.decode()
    except Unreachable:
        raise Failed(NOT_SHARING) from None


def download(url: str, name: str, local_name: str | None) -> None:
    """Bring a pack of another server here. It replaces a pack of ours that has the same name."""
    own_name = new_pack_name(local_name if local_name else name)
    name = new_pack_name(name)
    try:
        elsewhere = _Elsewhere(url)
    except Unreachable:
        raise Failed(NOT_SHARING) from None
    elsewhere.check_sharing()
    try:
        arriving = _fetch_pack(elsewhere, name, own_name)
    except (Unreachable, NotAnArchive, BadRequest):
        raise Failed(NOT_DOWNLOADED) from None
    pictures = only_pictures(arriving.files)
    placed = {shortcode: (path, len(pictures[path])) for shortcode, path in arriving.paths.items() if path in pictures}
    with changing(own_name, NOT_DOWNLOADED) as change:
        change.exchange(arriving.metadata, placed, pictures, task=REPLACE)


def unpack(name: str, data: bytes | None, url: str | None) -> None:
    """Make a pack of a zip: as its `pack.json` says, or else of every picture in it.

    `data`: the zip. None: it is fetched from `url`, and others may fetch it there too.
    """
    name = new_pack_name(name)
    check_is_new(name)
    try:
        source = None if data is not None else url
        if data is None:
            data = zips.fetch(url or "")
        arriving = _read(data, name, source)
    except (Unreachable, NotAnArchive, Failed):
        raise BadRequest(NOT_UNPACKED) from None
    pictures = only_pictures(arriving.files)
    placed = {shortcode: (path, len(pictures[path])) for shortcode, path in arriving.paths.items() if path in pictures}
    with new_pack(name, NOT_UNPACKED) as change:
        change.exchange(arriving.metadata, placed, pictures, task=REPLACE)


def _read(data: bytes, name: str, source: str | None) -> Arriving:
    """The pack in a zip that somebody made by hand, or that a server made."""
    if MANIFEST in zips.names_in(data):
        return _unpack_shared(data, name)
    files = {path: each for path, each in zips.unpacked(data).items() if is_meant(path) and is_path(name, path)}
    paths: dict[str, str] = {}
    for path in sorted(only_pictures(files)):
        if is_shortcode(shortcode_of(path)):
            paths.setdefault(shortcode_of(path), path)
    metadata = {SOURCE: source, SOURCE_SHA: zips.sha256(data)} if source is not None else {}
    return Arriving(metadata, paths, {path: files[path] for path in paths.values()})


def _fetch_pack(elsewhere: _Elsewhere, name: str, own_name: str) -> Arriving:
    shown, archive = _ask_for(elsewhere, name)
    said = shown.get("pack")
    about: dict[str, Any] = said if isinstance(said, dict) else {}
    if about.get("share-files") is True and about.get("can-download") is True and _is_text(about, "download-sha256"):
        data = _fetch_checked(elsewhere, archive, about["download-sha256"])
        return _unpack_shared(data, own_name)
    if _is_text(about, SOURCE) and _is_text(about, SOURCE_SHA):
        paths = _safe(_every_file(elsewhere, name, shown), own_name)
        data = _fetch_checked(elsewhere, about[SOURCE], about[SOURCE_SHA])
        return Arriving({}, paths, _unpack(data, paths))
    raise Failed(NO_SOURCE)


def _ask_for(elsewhere: _Elsewhere, name: str) -> tuple[dict[str, Any], str]:
    """What the other server says of the pack, and where its archive is. Older servers have other paths."""
    named = quote(name, safe="")
    ways = ((_page(named, 1), f"/api/pleroma/emoji/packs/archive?name={named}"),
            (f"/api/pleroma/emoji/packs/{named}", f"/api/pleroma/emoji/packs/{named}/archive"))
    for path, archive in ways:
        try:
            shown = elsewhere.json(path)
        except Unreachable:
            continue
        if isinstance(shown, dict) and isinstance(shown.get("files"), dict):
            return shown, archive
    raise Failed(NO_SOURCE)


def _page(named: str, page: int) -> str:
    return f"/api/pleroma/emoji/pack?name={named}&page={page}&page_size={FILES_A_PAGE}"


def _is_text(about: Mapping[str, Any], key: str) -> bool:
    return isinstance(about.get(key), str) and bool(about[key])


def _every_file(elsewhere: _Elsewhere, name: str, first: Mapping[str, Any]) -> dict[Any, Any]:
    """The files of a pack from all its pages."""
    found = dict(first["files"])
    count = first.get("files_count")
    for page in range(2, 2 + MOST_ENTRIES // FILES_A_PAGE):
        if not isinstance(count, int) or len(found) >= count:
            break
        shown = elsewhere.json(_page(quote(name, safe=""), page))
        files = shown.get("files") if isinstance(shown, dict) else None
        if not isinstance(files, dict) or not files.keys() - found.keys():
            break
        found |= files
    return found


def _fetch_checked(elsewhere: _Elsewhere, url: str, wanted: str) -> bytes:
    data = elsewhere.archive(url)
    if zips.sha256(data) != wanted.strip().upper():
        raise Failed(WRONG_SUM)
    return data


def _unpack_shared(data: bytes, own_name: str) -> Arriving:
    """The pack in an archive that a server made, as its `pack.json` describes it."""
    manifest = _json(zips.unpacked(data, {MANIFEST}).get(MANIFEST, b""))
    if not isinstance(manifest, dict):
        raise NotAnArchive
    said = manifest.get("pack")
    metadata = zips.without_added(said) if isinstance(said, dict) else {}
    if not zips.is_small(metadata):
        raise NotAnArchive
    paths = _safe(manifest.get("files"), own_name)
    return Arriving(metadata, paths, _unpack(data, paths))


def _safe(files: Any, own_name: str) -> dict[str, str]:
    """Shortcode to path, sorted by shortcode. Raises Failed for names that we cannot store."""
    if not isinstance(files, dict) or len(files) > MOST_ENTRIES:
        raise NotAnArchive
    files = {shortcode: path.replace("\\", "/") if isinstance(path, str) else "" for shortcode, path in files.items()}
    for shortcode, path in files.items():
        if not is_path(own_name, path):
            raise Failed("invalid filename")
        if not is_shortcode(shortcode):
            raise Failed("invalid shortcode")
    return {shortcode: files[shortcode] for shortcode in sorted(files, key=str.encode)}


def _unpack(data: bytes, paths: Mapping[str, str]) -> dict[str, bytes]:
    wanted = set(paths.values())
    found = zips.unpacked(data, wanted)
    if wanted - found.keys():
        raise Failed(LACKING)
    return found
