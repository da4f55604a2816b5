"""Apps, as administrators keep them: they list, make, change and delete the apps of everybody.

Whoever registers by an app that administrators trust needs no captcha.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...queues import messages, queue
from ...queues.accounts import EndApp
from ...queues.queue import Again, Counts
from ...store.dynamo.parallel import together
from ...store.signing_in import apps, tokens
from ...store.signing_in.apps import App
from .. import events
from ..event_types.streaming import AppEnded
from ..refusals import BadRequest
from ..retrying import retried
from ..signing_in import apps as registering
from ..signing_in import scopes as words

MOST_LISTED = 100
MOST_READ = 10_000
"""Matches before and on a page. So many keys come in one or two calls; what is behind them is not listed."""
ENDED_AT_ONCE = 100
ENDED_IN_A_RUN = 500
UNDER_WAY = 90
"""Seconds. A token that was being written when its app was deleted is in the index by then."""


@dataclass(frozen=True)
class AppPage:
    """A page of apps. `count`: how many match in all. `size`: how many a page may have."""

    listed: list[App]
    count: int
    size: int


@dataclass(frozen=True)
class AppWishes:
    """Which apps are wanted. None: whatever it is."""

    name: str | None = None
    client_id: str | None = None
    trusted: bool | None = None

    def fits(self, app: App) -> bool:
        return self.name in (None, app.name) and self.trusted in (None, bool(app.trusted))


def list_page(wanted: AppWishes, page: int, size: int) -> AppPage:
    """A page of the apps that match, by number. Pages count from 1."""
    size = min(max(size, 1), MOST_LISTED)
    skip = (max(page, 1) - 1) * size
    if wanted.client_id is not None:
        app = apps.find(wanted.client_id)
        matches = [app] if app is not None and wanted.fits(app) else []
        return AppPage(matches[skip:skip + size], len(matches), size)
    count, listed = together(
        lambda: apps.count_apps(wanted.name, wanted.trusted),
        lambda: apps.list_apps(wanted.name, wanted.trusted, skip, size) if skip + size <= MOST_READ else [],
    )
    return AppPage(listed, count, size)


def create(about: Mapping[str, Any]) -> App:
    """A new app. Raises BadRequest for what an app cannot have."""
    _check(about)
    return registering.add({name: value for name, value in about.items() if value})


def change(number: int, about: Mapping[str, Any]) -> App | None:
    """Change what is said of an app. None: there is no such app. Raises BadRequest for what an app cannot have."""
    _check(about)
    return retried(lambda: _change(number, about))


def _change(number: int, about: Mapping[str, Any]) -> App | None:
    app = apps.find_by_number(number)
    if app is not None and about:
        apps.change(app, about)
        return apps.find(app.client_id)
    return app


def _check(about: Mapping[str, Any]) -> None:
    fault = registering.fault_in(about)
    if fault is not None:
        raise BadRequest(fault)


def joined(scopes: str | Iterable[str]) -> str:
    """Scopes as they are stored. They come as a text with blanks, or as a list."""
    return " ".join(words.split(scopes if isinstance(scopes, str) else " ".join(scopes)))


def delete(number: int) -> bool:
    """Delete an app with all its tokens. Its codes are worth nothing without it. False: there is no such app."""
    return retried(lambda: _delete(number))


def _delete(number: int) -> bool:
    app = apps.find_by_number(number)
    if app is None:
        return False
    message = EndApp(app.client_id)
    apps.delete(app, messages.outbox(message))
    ended = tokens.end_of_app(app.client_id, ENDED_AT_ONCE)
    queue.send(message)
    events.tell(AppEnded(ended))
    return True


def end_tokens(message: EndApp) -> Again | Counts:
    """Delete tokens of an app that was deleted, until there are none, and once more when nothing is under way."""
    ended = tokens.end_of_app(message.client_id, ENDED_IN_A_RUN)
    if ended:
        events.tell(AppEnded(ended))
        return Again(0, {"ended": len(ended)})
    if not message.last:
        return Again(UNDER_WAY, instead=EndApp(message.client_id, last=1))
    return {"ended": 0}
