from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from infra.local import pump
from tests.jobs import worker
from tests.simulated_aws import LocalAws


@pytest.fixture(autouse=True)
def ran() -> dict[str, int]:
    """How often each of the tests' jobs ran."""
    worker.ran.clear()
    return worker.ran


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> worker.Clock:
    """The time of day, which can be moved on."""
    moved = worker.Clock()
    monkeypatch.setattr(time, "time", moved.now)
    return moved


@pytest.fixture
def drain_with_retries(aws: LocalAws) -> Callable[[], pump.Drained]:
    """Run what is queued. A message that fails is tried again until it goes to the dead-letter queue."""
    from app import app

    return lambda: pump.drain(app, retry=True, has_messages=aws.has_messages)
