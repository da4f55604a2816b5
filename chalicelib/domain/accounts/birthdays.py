"""Birthdays: whose is on a day, of those whom one follows.

A day has a row for each account that shows its birthday. It is written before the profile is, so that no birthday is
missed; whoever finds a row looks at the profile too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ...store.accounts import accounts, birthdays
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import relations
from ..lookup import is_visible
from ..refusals import BadRequest
from ..viewer import Viewer

MOST_ON_A_DAY = 5_000
MOST_FOLLOWED = 5_000
MOST = 400
_A_LEAP_YEAR = 2_000


def list_followed(viewer: Viewer, month: int, day: int) -> list[Account]:
    """Whom the viewer follows and whose birthday is on a day, as far as they show it. Raises BadRequest: no such day.
    """
    try:
        wanted = date(_A_LEAP_YEAR, month, day).isoformat()[5:]
    except (ValueError, OverflowError):
        raise BadRequest("Invalid date") from None
    found, (followed, _) = together(
        lambda: birthdays.ids_on(wanted, most=MOST_ON_A_DAY),
        lambda: relations.following_ids(viewer.id, limit=MOST_FOLLOWED))
    known = accounts.find_many([id for id in found if id in set(followed)][:MOST])
    return [known[id] for id in found if id in known and day_in(known[id].profile) == wanted
            and is_visible(known[id], viewer)]


def day_in(profile: Mapping[str, Any]) -> str | None:
    """Month and day of the birthday that a profile shows, as in `02-29`."""
    return str(profile["birthday"])[5:] if profile.get("show_birthday") and profile.get("birthday") else None


def expect(account_id: str, before: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
    """Let the account be found by the birthday that its profile is going to show. `before`: the profile until now."""
    day = day_in(profile)
    if day is not None and day != day_in(before):
        birthdays.add([(account_id, day)])


def settle(account_id: str, before: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
    """Do not find the account any more by the birthday that its profile showed until now."""
    day = day_in(before)
    if day is not None and day != day_in(profile):
        birthdays.remove(account_id, day)


def refresh(found: Iterable[Account]) -> None:
    """Let accounts be found whatever was written of them before."""
    birthdays.add((account.id, day) for account in found if (day := day_in(account.profile)) is not None)


def remove(account: Account) -> None:
    settle(account.id, account.profile, {})
