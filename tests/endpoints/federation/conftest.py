"""Peers on this machine, which send to our inboxes as other servers do."""

from __future__ import annotations

import time

import pytest

from chalicelib.jobs import sweep as sweeping
from tests.domain.federation.conftest import far as far
from tests.domain.federation.conftest import third as third
from tests.endpoints.federation.sending import After, Drain


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch, drain: Drain) -> After:
    """What is due so many seconds later is done, at that time."""
    def passed(seconds: float) -> None:
        now = time.time
        with monkeypatch.context() as later:
            later.setattr(time, "time", lambda: now() + seconds)
            sweeping.sweep()
            drain()

    return passed
