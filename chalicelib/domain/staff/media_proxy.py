"""The media proxy, as administrators keep it: which URLs it must not pass on, whether or not there is one."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from ...ids import new_flake
from ...queues import messages, queue
from ...queues.instance import PurgeCdn
from ...settings import settings
from ...store import jobs
from ...store.instance import cdn
from ...store.staff import bans
from ...store.staff.bans import Banned

MOST_LISTED = 100
AT_ONCE = 50
"""Paths of one message, which must fit into a queue."""
LONGEST_PATH = 4_000
AS_IT_IS = "/%:@!$&'()+,;=~-._?[]"


def list_banned(query: str, page: int, size: int) -> tuple[Banned, int]:
    """A page of the banned URLs that contain a text, by URL, and how many a page may have. Pages count from 1."""
    size = min(max(size, 1), MOST_LISTED)
    return bans.find(query, (max(page, 1) - 1) * size, size), size


def allow(urls: Sequence[str]) -> None:
    """Ban these URLs no longer."""
    bans.remove(urls)


def purge(urls: Sequence[str], *, ban: bool) -> None:
    """Ban URLs if that is wanted, and let the CDN forget its copies of those that are of this server."""
    if ban:
        bans.add(urls)
    paths = _paths_of(urls) if settings.cdn else []
    wanted = [PurgeCdn(new_flake(), paths[start:start + AT_ONCE]) for start in range(0, len(paths), AT_ONCE)]
    if wanted:
        jobs.add(map(messages.outbox, wanted))
        queue.send_all(wanted)


def _paths_of(urls: Sequence[str]) -> list[str]:
    """The paths of those URLs that the CDN answers, as it wants them, each once. No `*`, which would mean any path."""
    found = [url[len(settings.base_url):] for url in urls if url.startswith(f"{settings.base_url}/")]
    quoted = [quote(path.partition("#")[0], safe=AS_IT_IS) for path in found]
    return [path for path in dict.fromkeys(quoted) if len(path) <= LONGEST_PATH]


def forget(paths: Sequence[str], reference: str) -> None:
    """Let the CDN forget its copies. Once for a reference."""
    if settings.cdn:
        cdn.forget(paths, reference)
