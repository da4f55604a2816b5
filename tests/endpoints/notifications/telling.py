"""What the tests of notifications do and look at."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from chalicelib.ids import flake_at
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update, write_batch
from chalicelib.store.notifications import notifications
from chalicelib.store.notifications.notifications import Notice, Notification
from tests.cast import Person

PATH = "/api/v1/notifications"
EVERY_TYPE = list(notifications.TYPES)


def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    reply = person.get(PATH, params)
    assert reply.status == 200, reply.body
    shown: list[dict[str, Any]] = reply.json
    return shown


def types(person: Person, **params: Any) -> list[str]:
    return [each["type"] for each in listed(person, **params)]


def ids(person: Person, **params: Any) -> list[str]:
    return [each["id"] for each in listed(person, **params)]


def unread(person: Person) -> int:
    shown = person.get("/api/v1/accounts/verify_credentials").json["pleroma"]
    return int(shown["unread_notifications_count"])


def rows(person: Person) -> list[Notification]:
    return list(Notification.query(person.id, consistent_read=True, scan_index_forward=False))


def is_seen(person: Person, id: Any) -> bool:
    shown = person.get(f"{PATH}/{id}").json["pleroma"]
    return bool(shown["is_seen"])


def becomes(person: Person, **attributes: Any) -> None:
    """Change the profile directly in the table."""
    update(Account.stub(person.id, PROFILE), [getattr(Account, name).set(value) for name, value in attributes.items()])


def has_been_told(person: Person, count: int, by: Callable[[int], Person], *, type: str = "follow",
                  written: Callable[[int], int] | None = None, ago: int = 7200) -> list[str]:
    """Write notifications directly into the table, a millisecond apart. Answers the ids, newest first.

    `written`: when each of them was written.
    """
    start = int(time.time() - ago) * 1000
    made = []
    for number in range(count):
        cause = flake_at(start + number)
        row = notifications.row(Notice(person.id, type, cause, by(number).id))
        row.unread = written(number) if written else (start + number) * 4096
        made.append(row)
    write_batch(puts=made)
    return [str(int(row.id)) for row in reversed(made)]
