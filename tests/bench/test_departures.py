"""Those who leave in the bench leave as people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bench.departures import Leaving
from bench.peer import Sink, Strangers, sink
from chalicelib.settings import settings

Drain = Callable[[], object]


@pytest.fixture
def far() -> Iterator[Sink]:
    with sink() as taking:
        yield taking


@pytest.fixture
def here(aws: object, drain: Drain, setting: Any) -> Leaving:
    setting(deletion_pause=0)
    return Leaving(drain)


def test_an_account_moves_with_all_who_follow_it_and_is_deleted(here: Leaving, far: Sink, drain: Drain) -> None:
    here.meet(Strangers(far.base, 1).documents())
    here.gather(4)
    here.move()
    drain()
    assert here.moved() == {"old": 0, "new": 4}

    here.statuses(3)
    inboxes = far.inboxes(3)
    here.reach(inboxes)
    far.taken.clear()
    here.delete()
    drain()

    assert here.deleted() == {"gone": 1, "left": 0}
    assert far.taken == dict.fromkeys(inboxes, 1)


def test_a_host_is_rejected_and_purged(here: Leaving, far: Sink, drain: Drain, setting: Any) -> None:
    here.meet(Strangers(far.base, 2).documents())
    assert here.purged() == 2

    setting(mrf_simple_reject="")  # whatever becomes of it, the next test finds it as it was
    here.reject("127.0.0.1")
    assert settings.mrf_simple_reject == "127.0.0.1"
    here.purge(far.base.removeprefix("http://"))
    drain()

    assert here.purged() == 0
