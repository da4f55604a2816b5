"""Asking other servers what software they run: for administrators and statistics, never for trust.

A server is asked when the first of its accounts is met, and not again within a week.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ...store.federation import host_rows
from ..remembered import RememberedByName
from . import addresses, fetching, foreign_json
from .fetching import NotFetched, Unanswered, Untrusted

SCHEMAS = tuple(f"http://nodeinfo.diaspora.software/ns/schema/{version}" for version in ("2.1", "2.0", "1.0"))
"""Those that are known, the best first."""
MOST_BYTES = 100_000
LONGEST_WORD = 100
ASKED_AGAIN_SECONDS = 7 * 86_400
TOLD_SECONDS, MOST_TOLD = 3_600.0, 1_000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")


_told: RememberedByName[bool] = RememberedByName(TOLD_SECONDS, MOST_TOLD)


def forget() -> None:
    """Drop what this process remembers."""
    _told.forget()


@dataclass(frozen=True)
class ForeignSoftware:
    name: str
    version: str


def software_of(base: str, *, seconds: float = fetching.SECONDS) -> ForeignSoftware:
    """What runs at the address of a server (scheme and host). Raises NotFetched."""
    until = time.monotonic() + seconds
    links = _json(f"{base}/.well-known/nodeinfo", seconds).get("links")
    found = {link.get("rel"): link.get("href") for link in links if isinstance(link, Mapping)
             and isinstance(link.get("rel"), str)} if isinstance(links, list) else {}
    best = next((found[schema] for schema in SCHEMAS if schema in found), None)
    if not isinstance(best, str) or not _is_of(best, base):
        raise Untrusted("no description of a known form at this host")
    software = _json(best, until - time.monotonic()).get("software")
    if not isinstance(software, Mapping) or not _word(software.get("name")):
        raise Untrusted("no name of a software")
    return ForeignSoftware(_word(software.get("name")), _word(software.get("version")))


def is_wanted(base: str) -> bool:
    """Whether a server may have to be asked. A process says so once an hour, however many accounts it meets."""
    if _told.get(base):
        return False
    return _told.put(base, True)


def learn(base: str, inbox: str = "") -> bool:
    """Note what runs there, unless that was done within a week. False: it does not answer now.

    `inbox`: where the server is reached. It is noted in any case.
    """
    host = addresses.host_of(base)
    if host is None:
        return True
    known = host_rows.find(host)
    if inbox not in ("", known.inbox):
        host_rows.note_inbox(host, inbox)
    if time.time() - known.asked < ASKED_AGAIN_SECONDS:
        return True
    try:
        found = software_of(base)
    except Unanswered:
        return False
    except NotFetched:
        host_rows.describe(host, None, None, time.time())
        return True
    host_rows.describe(host, found.name, found.version, time.time())
    return True


def _json(address: str, seconds: float) -> dict[str, Any]:
    fetched = fetching.get(address, "application/json", most_bytes=MOST_BYTES, seconds=seconds)
    try:
        return foreign_json.read(fetched.body)
    except foreign_json.NotADocument:
        raise Untrusted("malformed") from None


def _is_of(address: str, base: str) -> bool:
    """Whether an address is at this host, or at one below it."""
    host, wanted = addresses.host_of(address), addresses.host_of(base)
    if host is None or wanted is None or urlsplit(address).scheme != urlsplit(base).scheme:
        return False
    return host == wanted or host.endswith(f".{wanted}")


def _word(value: object) -> str:
    return _UNSEEN.sub(" ", value).strip()[:LONGEST_WORD] if isinstance(value, str) else ""
