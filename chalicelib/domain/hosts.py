"""Which other servers may be asked now, so that one that does not answer holds up nobody but itself.

    with hosts.asking(url):          raises NotNow, with the seconds until it may be tried
        outside.fetch(url)

A server that answered within the last hours is asked by everybody at once. One that is new, or did not answer, is asked
by one at a time: the next ones learn from that. After each failure nobody asks for longer and longer.

One that has not answered for seven days is *dead*: work for it is not even made, except once a day, to see whether it
is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from .. import outside
from ..store import hosts as store
from ..store.federation import host_rows
from ..store.hosts import Host
from .remembered import RememberedByName

TRUSTED_SECONDS = 6 * 3600
REMEMBERED_SECONDS = 60.0
MOST_REMEMBERED = 10_000
TURN_SECONDS = outside.MOST_SECONDS + 2
"""How long nobody else asks, if whoever asks dies."""
PATIENCE = 1.0
"""Seconds that a thread waits for another of this process, which asks the same server."""
PAUSES = (10, 10, 60, 300, 900, 3600, 6 * 3600)
"""Seconds in which nobody asks, after so many failures in a row."""

DEAD_SECONDS = 7 * 86_400
DEAD_PAUSE = 86_400
DEAD_AFTER = 33
"""So many failures in a row take a week, with these pauses."""
UNREACHABLE_AFTER = 3
"""So many failures in a row are told to whoever asks for the servers that are out of reach."""
TRUSTED = -1

_trusted: RememberedByName[bool] = RememberedByName(REMEMBERED_SECONDS, MOST_REMEMBERED)
_asked: set[str] = set()
_changed = threading.Condition()


class NotNow(Exception):
    """The server may not be asked before so many `seconds` are over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.0f} s")
        self.seconds = seconds


def forget() -> None:
    """Drop what this process remembers."""
    _trusted.forget()


class Turn:
    """One exchange with another server."""

    def __init__(self) -> None:
        self.pause: float | None = None

    def put_off(self, seconds: float) -> None:
        """Say that the server has answered, but is not able to serve now: this counts as a failure.

        `seconds`: what it asks for. Nobody asks it before they are over.
        """
        self.pause = seconds


@contextmanager
def asking(url: str) -> Iterator[Turn]:
    """Around a request to another server. Raises NotNow instead of making it."""
    host = host_in(url)
    fails = _begin(host)
    trusted = None
    turn = Turn()
    try:
        yield turn
    except outside.Silent:
        trusted = False
        _failed(host, fails)
        raise
    else:
        trusted = turn.pause is None
        if turn.pause is not None:
            _failed(host, fails, turn.pause)
        elif fails != TRUSTED:
            _answered(host, fails)
    finally:
        _end(host, trusted=trusted)


def _failed(host: str, fails: int, least: float = 0) -> None:
    store.failed(host, time.time() + max(least, _pause(fails)))
    if fails >= UNREACHABLE_AFTER - 1:
        host_rows.note_unreachable(host, time.time())


def _answered(host: str, fails: int) -> None:
    store.answered(host)
    if fails >= UNREACHABLE_AFTER:
        host_rows.note_reachable(host)


def _pause(fails: int) -> float:
    return DEAD_PAUSE if fails >= DEAD_AFTER else PAUSES[min(max(fails, 0), len(PAUSES) - 1)]


def dead_among(urls: Iterable[str]) -> set[str]:
    """Those addresses whose servers have not answered for a week, and are not to be tried now. One round."""
    wanted = {url: host_in(url) for url in urls}
    unsure = {host for host in wanted.values() if not _is_trusted(host)}
    now = time.time()
    dead = {host for host, row in store.find_many(unsure).items()
            if row.since and now - row.since > DEAD_SECONDS and row.next > now}
    return {url for url, host in wanted.items() if host in dead}


def heard_from(url: str, row: Host) -> None:
    """Note that a server has shown to be there, by a request of its own. It is asked again at once.

    `row`: its row, as it was read with something else. Written is at most once in six hours, unless it had failed.
    """
    host = host_in(url)
    if row.fails or time.time() - row.seen >= TRUSTED_SECONDS:
        _answered(host, int(row.fails))
    with _changed:
        _trusted.put(host, True)
        _changed.notify_all()


def is_trusted(url: str) -> bool:
    """Whether this process knows that the server was there within the last minute. Its row need not be read then."""
    return _is_trusted(host_in(url))


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
    return _trusted.get(host) is not None


def _end(host: str, *, trusted: bool | None = None) -> None:
    """Let others of this process go on."""
    with _changed:
        if trusted:
            _trusted.put(host, True)
        elif trusted is False:
            _trusted.drop(host)
        _asked.discard(host)
        _changed.notify_all()


def host_in(url: str) -> str:
    """By which name a server is remembered."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].casefold()
    except ValueError:
        return ""
