"""What administrators look through: accounts, reports, entries of the log and statuses, in any number.

This runs inside the server's process. Everything is made by the functions that requests call.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.domain.accounts import registration
from chalicelib.domain.staff import appointing, log, reports
from chalicelib.domain.staff.acting import acting
from chalicelib.domain.statuses import posting
from chalicelib.domain.statuses.drafts import Draft
from chalicelib.ids import new_flake
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App
from chalicelib.store.staff import log as log_rows

from .world import SCOPES, TEXTS, Person, new_person, viewer_of

THREADS = 4
AT_A_TIME = 200


class Staff:
    """An administrator, and a person who posts and is reported."""

    def __init__(self) -> None:
        app = apps.add(App(tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name="Kenoma bench",
                           redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes=f"{SCOPES} admin"))
        self.admin = self._administrator(app)
        self.person = new_person(app, "somebody")
        self.made = 0

    def grow(self, count: int, drain: Callable[[], object]) -> dict[str, Any]:
        """Make more of everything, until there are so many. Answers who they are."""
        by, subject = viewer_of(self.admin), viewer_of(self.person)
        makers: list[Callable[[int], object]] = [
            self._account,
            lambda number: reports.file(self.person.id, by, reports.Told(f"Number {number}")),
            lambda number: self._entry(number, by),
            lambda number: posting.post(Draft(TEXTS[number % len(TEXTS)].format(name="chief")), subject),
        ]
        with ThreadPoolExecutor(THREADS) as pool:
            while self.made < count:
                numbers = range(self.made, min(self.made + AT_A_TIME, count))
                for make in makers:
                    list(pool.map(make, numbers))
                drain()
                self.made = numbers.stop
        return {"token": self.admin.token, "id": self.admin.id, "person": self.person.id}

    @staticmethod
    def _administrator(app: App) -> Person:
        appointed = appointing.appoint("chief", "chief@localhost.localdomain").account
        minted = tokens.issue(appointed.id, app.client_id, [*SCOPES.split(), "admin"], int(appointed.token_generation))
        return Person(appointed.id, appointed.nickname, minted.access_token)

    @staticmethod
    def _account(number: int) -> None:
        name = f"member{number:05}"
        registration.create_account(name, "bench", f"{name}@localhost.localdomain", password_hash="nobody")

    @staticmethod
    def _entry(number: int, by: Any) -> None:
        with transaction() as write:
            log_rows.add(write, log.deleted_status(acting(by), f"number {number}"))
