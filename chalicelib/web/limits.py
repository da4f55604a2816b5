"""Rate limits by name: how many requests in which time, for whom, and in which bucket.

    limits=(STATUSES_ACTIONS, STATUS_ID_ACTION.per("favourite", "id"))

Limits on writes and on signing in are counted exactly, across all instances of the function. Limits on timelines and
searches only guard this process, and are counted in memory. The setting `rate_limits` switches all of them on or off.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..domain.refusals import BadRequest, Declined, Throttled, Unacceptable
from ..ids import iso
from ..settings import settings
from ..store import limits as store
from ..store.dynamo.parallel import together

MOST_REMEMBERED = 20_000


@dataclass(frozen=True)
class Rate:
    window_ms: int
    count: int


@dataclass(frozen=True)
class Limit:
    """A limit as an endpoint uses it. All uses with the same bucket name share one bucket."""

    name: str
    anonymous: Rate
    signed_in: Rate
    exact: bool = True
    bucket: str = ""
    by: str | None = None

    def per(self, bucket: str, by: str | None = None) -> Limit:
        """The limiter with a bucket of its own; `by` adds the value of a parameter: each value a bucket."""
        return replace(self, bucket=bucket, by=by)


def _limit(name: str, window_ms: int, count: int, signed_in: int | None = None, *, exact: bool = True) -> Limit:
    return Limit(name, Rate(window_ms, count), Rate(window_ms, count if signed_in is None else signed_in), exact)


AUTHENTICATION = _limit("authentication", 60_000, 15)
TIMELINE = _limit("timeline", 500, 3, exact=False)
SEARCH = _limit("search", 1_000, 10, signed_in=30, exact=False)
APP_ACCOUNT_CREATION = _limit("app_account_creation", 1_800_000, 25)
RELATIONS_ACTIONS = _limit("relations_actions", 10_000, 10)
RELATION_ID_ACTION = _limit("relation_id_action", 60_000, 2)
STATUSES_ACTIONS = _limit("statuses_actions", 10_000, 15)
STATUS_ID_ACTION = _limit("status_id_action", 60_000, 3)
PASSWORD_RESET = _limit("password_reset", 1_800_000, 5)
ACCOUNT_CONFIRMATION_RESEND = _limit("account_confirmation_resend", 8_640_000, 5)
AP_ROUTES = _limit("ap_routes", 60_000, 15)
REPORTS = _limit("reports", 600_000, 15)
STREAMING = _limit("streaming", 60_000, 30)


@dataclass(frozen=True)
class Allowance:
    """How a caller stands to a limit: so many hits in a window, so many are left, and when the window ends."""

    count: int
    remaining: int
    ends_at: float

    @property
    def headers(self) -> dict[str, str]:
        return {"X-RateLimit-Limit": str(self.count), "X-RateLimit-Remaining": str(self.remaining),
                "X-RateLimit-Reset": iso(math.ceil(self.ends_at))}


def enforce(limits: Iterable[Limit], account_id: str | None, ip: str, values: Mapping[str, Any],
            noted: list[Allowance] | None = None) -> None:
    """Count one hit in each limit. Throttled: one of them is exceeded. A refused request does not extend the window.

    `noted` gets how the caller stands to each limit from now on.
    """
    if not settings.rate_limits:
        return
    who = f"a:{account_id}" if account_id else f"ip:{ip}"
    exact: list[tuple[Limit, Rate]] = []
    counts: list[tuple[int, Rate]] = []
    for limit in limits:
        rate = rate_of(limit, signed_in=account_id is not None)
        if rate is None:
            continue
        if limit.exact:
            exact.append((limit, rate))
        else:
            counts.append((_remembered.hit(f"{limit.name}#{_whose(limit, who, values)}", rate.window_ms), rate))
    hits = together(*[
        lambda limit=limit, rate=rate: store.hit(limit.name, _whose(limit, who, values), rate.window_ms)
        for limit, rate in exact
    ])
    counts += [(count, rate) for count, (_, rate) in zip(hits, exact, strict=True)]
    if noted is not None:
        noted += [_allowance(count, rate) for count, rate in counts]
    if any(count > rate.count for count, rate in counts):
        raise Throttled


def _allowance(hits: int, rate: Rate) -> Allowance:
    window = rate.window_ms / 1000
    return Allowance(rate.count, max(rate.count - hits, 0), (time.time() // window + 1) * window)


def refuse_if_over(limit: Limit, ip: str, account_id: str | None = None) -> None:
    """Raise Throttled if the caller has used up the limit. Counts nothing.

    For limits on which only failures count: `enforce` counts those afterwards. Once the limit is reached, even a right
    guess must not get through.
    """
    rate = rate_of(limit, signed_in=account_id is not None) if settings.rate_limits else None
    who = f"a:{account_id}" if account_id else f"ip:{ip}"
    if rate is not None and store.hits(limit.name, _whose(limit, who, {}), rate.window_ms) >= rate.count:
        raise Throttled


@contextmanager
def counting_failures(limit: Limit, ip: str, account_id: str | None = None) -> Iterator[None]:
    """Limit guesses (of a password, a code) within the block. Failures count; at the limit the block does not run."""
    refuse_if_over(limit, ip, account_id)
    try:
        yield
    except (BadRequest, Declined, Unacceptable):
        enforce((limit,), account_id, ip, {})
        raise


def _whose(limit: Limit, who: str, values: Mapping[str, Any]) -> str:
    value = values.get(limit.by) if limit.by else None
    return "#".join((who, limit.bucket, "" if value is None else str(value)))


def rate_of(limit: Limit, *, signed_in: bool) -> Rate | None:
    """The rate in force: from the setting, else the default. None: the limit is switched off."""
    overrides = _overrides(settings.rate_limit_overrides)
    if limit.name in overrides:
        return overrides[limit.name][signed_in]
    return limit.signed_in if signed_in else limit.anonymous


@lru_cache(maxsize=4)
def _overrides(text: str) -> dict[str, tuple[Rate | None, Rate | None]]:
    """`name=window_ms/count`, or `name=anonymous|signed in`, or `name=off`; separated by commas."""
    found: dict[str, tuple[Rate | None, Rate | None]] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, rates = entry.partition("=")
        anonymous, _, signed_in = rates.partition("|")
        found[name.strip()] = (_rate(anonymous, entry), _rate(signed_in or anonymous, entry))
    return found


def _rate(text: str, entry: str) -> Rate | None:
    if text.strip() == "off":
        return None
    try:
        window_ms, count = (int(number) for number in text.split("/"))
    except ValueError:
        raise ValueError(f"no rate limit: {entry!r} (name=window_ms/count)") from None
    return Rate(window_ms, count)


class _Memory:
    """The windows of this process. A window begins with the first hit. There are MOST_REMEMBERED at most."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def hit(self, key: str, window_ms: int) -> int:
        now = time.monotonic()
        with self._lock:
            end, count = self._windows.get(key, (0.0, 0))
            if end <= now:
                self._make_room(now)
                end, count = now + window_ms / 1000, 0
            self._windows[key] = (end, count + 1)
            return count + 1

    def _make_room(self, now: float) -> None:
        if len(self._windows) >= MOST_REMEMBERED:
            self._windows = {key: window for key, window in self._windows.items() if window[0] > now}
            if len(self._windows) >= MOST_REMEMBERED:
                self._windows.clear()

    def clear(self) -> None:
        with self._lock:
            self._windows.clear()


_remembered = _Memory()


def forget() -> None:
    """Empty the windows of this process."""
    _remembered.clear()
