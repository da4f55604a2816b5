"""Which other servers may be asked now, so that one that does not answer holds up nobody but itself.

    with hosts.asking(url):          raises NotNow, with the seconds until it may be tried
        outside.fetch(url)

A server that answered within the last hours is asked by everybody at once. One that is new, or did not answer, is asked
by one at a time: the next ones learn from that. After each failure nobody asks for longer and longer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from .. import outside
from ..store import hosts as store

TRUSTED_SECONDS = 6 * 3600
REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 1_000
TURN_SECONDS = outside.MOST_SECONDS + 2
"""How long nobody else asks, if whoever asks dies."""
PATIENCE = 1.0
"""Seconds that a thread waits for another of this process, which asks the same server."""
PAUSES = (10, 10, 60, 300, 900, 3600, 6 * 3600)
"""Seconds in which nobody asks, after so many failures in a row."""

TRUSTED = -1

_trusted: dict[str, float] = {}
_asked: set[str] = set()
_changed = threading.Condition()


class NotNow(Exception):
    """The server may not be asked before so many `seconds` are over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.0f} s")
        self.seconds = seconds


def forget() -> None:
    """Drop what this process remembers."""
    with _changed:
        _trusted.clear()


@contextmanager
def asking(url: str) -> Iterator[None]:
    """Around a request to another server. Raises NotNow instead of making it."""
    host = _host(url)
    fails = _begin(host)
    trusted = None
    try:
        yield
    except outside.Silent:
        trusted = False
        store.failed(host, time.time() + PAUSES[min(max(fails, 0), len(PAUSES) - 1)])
        raise
    else:
        if fails != TRUSTED:
            store.answered(host)
        trusted = True
    finally:
        _end(host, trusted=trusted)


def _begin(host: str) -> int:
    """Take the turn, if it needs one. Answers how often the server failed in a row, TRUSTED if it needs no turn."""
    with _changed:
        if _is_trusted(host):
            return TRUSTED
        if host in _asked and not _changed.wait_for(lambda: host not in _asked, PATIENCE):
            raise NotNow(TURN_SECONDS)
        if _is_trusted(host):
            return TRUSTED
        _asked.add(host)
    try:
        return _taken_turn(host)
    except BaseException:
        _end(host)
        raise


def _taken_turn(host: str) -> int:
    row, now = store.find(host), time.time()
    if not row.fails and now - row.seen < TRUSTED_SECONDS:
        _end(host, trusted=True)
        return TRUSTED
    if row.next > now:
        raise NotNow(row.next - now)
    if not store.claim(row, now + TURN_SECONDS):
        raise NotNow(TURN_SECONDS)
    return int(row.fails)


def _is_trusted(host: str) -> bool:
    return time.monotonic() - _trusted.get(host, -REMEMBERED_SECONDS) < REMEMBERED_SECONDS


def _end(host: str, *, trusted: bool | None = None) -> None:
    """Let others of this process go on."""
    with _changed:
        if trusted:
            if len(_trusted) >= MOST_REMEMBERED:
                _trusted.clear()
            _trusted[host] = time.monotonic()
        elif trusted is False:
            _trusted.pop(host, None)
        _asked.discard(host)
        _changed.notify_all()


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].casefold()
    except ValueError:
        return ""
