"""The instance: what this server is, and how much is on it.

Statistics, rules and lists of other servers may be a minute old: each process reads them once a minute at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.federation import host_rows
from ...store.instance import counters, rules, weeks
from ...store.instance.counters import Statistics as Statistics
from ...store.instance.rules import InstanceFacts, InstanceRules

T = TypeVar("T")
REMEMBERED_SECONDS = 60.0
MOST_SERVERS = 10_000
"""Rows of other servers that are read for lists of them: about a megabyte."""
POST_FORMATS = ["text/plain", "text/html", "text/markdown", "text/bbcode"]
MOST_FOUND = 10
DONE = (weeks.STATUSES, weeks.SIGN_INS, weeks.REGISTRATIONS)
MAX_ATTACHMENTS = 4
MAX_REMOTE_FIELDS = 20
MAX_FEATURED_TAGS = 10
MAX_PICTURE_DESCRIPTION = 1_500


def get_statistics() -> Statistics:
    """How many accounts and statuses are on this server, and how many other servers it knows."""
    return _known.get().statistics


def get_written_rules() -> InstanceRules | None:
    """The rules that administrators have written. None: nobody has."""
    return _known.get().rules


@dataclass(frozen=True)
class Week:
    """What was done in one week. `begins`: in seconds. A sign-in is each token that somebody got by signing in."""

    begins: int
    statuses: int
    sign_ins: int
    registrations: int


def list_weeks() -> list[Week]:
    """The present week and the eleven before it, the latest first."""
    done, now = _weeks.get(), weeks.this_week()
    return [Week(weeks.begins(week), *(max(done.get((week, what), 0), 0) for what in DONE))
            for week in range(now, now - weeks.KEPT, -1)]


def list_peers() -> list[str]:
    """The other servers of which accounts are known here, by name."""
    return [each.host for each in _servers.get() if each.is_met]


def find_peers(part: str) -> list[str]:
    """A few of them whose name has this text, in any letter case. None for a blank text."""
    wanted = part.strip().casefold()
    found = (host for host in list_peers() if wanted in host) if wanted else iter(())
    return list(islice(found, MOST_FOUND))


def list_unreachable() -> dict[str, int]:
    """The servers that failed at least three times in a row, with when that was noted."""
    return {each.host: each.since for each in _servers.get() if each.since is not None}


def list_staff_nicknames() -> list[str]:
    """Administrators and moderators whose accounts are active, in the order of their ids."""
    return [account.nickname for account in _staff.get()]


def list_staff() -> list[Account]:
    """Those of them who let their role be seen."""
    return [account for account in _staff.get() if account.profile.get("show_role", True)]


def get_contact() -> Account | None:
    """The account that people may turn to, if one is named and everybody may see it."""
    if not settings.instance_contact or settings.restrict_profiles:
        return None
    return _contact.get()


def forget() -> None:
    """Drop what this process remembers."""
    _known.forget()
    _servers.forget()
    _staff.forget()
    _contact.forget()
    _weeks.forget()


class _Remembered(Generic[T]):
    """A value that is read again after a minute at the earliest. Two threads may both read it at once."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        now, kept = time.monotonic(), self._kept
        if kept is not None and now - kept[0] < REMEMBERED_SECONDS:
            return kept[1]
        value = self._ask()
        self._kept = (now, value)
        return value

    def forget(self) -> None:
        self._kept = None


def _ask_known() -> InstanceFacts:
    found = rules.load()
    return found._replace(statistics=Statistics(*(max(number, 0) for number in found.statistics)))


def _ask_staff() -> list[Account]:
    found = accounts.find_many(sorted(counters.staff_ids()))
    return [account for _, account in sorted(found.items()) if account.status == "active"]


def _ask_contact() -> Account | None:
    found = accounts.find_by_nickname(settings.instance_contact)
    return found if found is not None and found.status == "active" else None


_known = _Remembered(_ask_known)
_staff = _Remembered(_ask_staff)
_contact = _Remembered(_ask_contact)
_weeks = _Remembered(counters.by_week)
_servers = _Remembered(lambda: host_rows.list_servers(MOST_SERVERS))
