"""People whom many tests start with are made once, and shown again to the tests that follow.

Making an account takes three calls to moto, and half of the suite's time went there. The tables with one, two or three
people in them, in the order in which a test asks for them, are kept as a picture for a minute. A test gets a picture
only if nothing else has been asked of AWS since its tables were emptied, and if no setting differs.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.settings import settings
from tests import simulated_aws

SECONDS = 60
MOST = 4
"""More than these are made anew."""
_CLOCK = time.time
_pictures: dict[tuple[str, ...], _Picture] = {}


@dataclass(frozen=True)
class _Picture:
    taken: float
    tables: bytes
    person: Any
    app: Any
    settings: dict[str, Any]
    before: _Picture | None
    """With one person less."""


class KnownPeople:
    """The people of one cast so far. `wanted` says who is asked for: equal texts mean equal people."""

    def __init__(self) -> None:
        self._so_far: tuple[str, ...] = ()
        self._last: _Picture | None = None
        self._calls = -1

    def find(self, wanted: Any) -> tuple[Any, Any] | None:
        """The person and the app, if there is a picture; the tables have them then."""
        aws = simulated_aws.running()
        chain = (*self._so_far, repr(wanted))
        picture = _pictures.get(chain)
        if picture is None or picture.before is not self._last or not _is_fresh(picture):
            return None
        if aws is None or not self._is_undisturbed(aws):
            return None
        aws.show(picture.tables)
        self._so_far, self._last, self._calls = chain, picture, aws.calls
        return copy.copy(picture.person), picture.app

    def make(self, wanted: Any, maker: Callable[[], Any], app: Callable[[], Any]) -> Any:
        """Make a person, and keep a picture if nothing else is in the tables."""
        aws = simulated_aws.running()
        chain = (*self._so_far, repr(wanted))
        alone = aws is not None and len(chain) <= MOST and self._is_undisturbed(aws)
        person = maker()
        if aws is None or not alone:
            return person
        tables = aws.picture()
        if tables is not None and time.time is _CLOCK:
            self._last = _pictures[chain] = _Picture(
                time.monotonic(), tables, copy.copy(person), app(), dict(vars(settings)), self._last)
            self._so_far, self._calls = chain, aws.calls
        return person

    def _is_undisturbed(self, aws: simulated_aws.LocalAws) -> bool:
        return aws.engine == "moto" and aws.calls == (self._calls if self._so_far else aws.calls_at_wipe)


def _is_fresh(picture: _Picture) -> bool:
    return (time.monotonic() - picture.taken < SECONDS and time.time is _CLOCK
            and picture.settings == vars(settings))
