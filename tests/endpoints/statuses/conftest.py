"""The status that something is done to."""

from __future__ import annotations

import pytest


@pytest.fixture
def status(alice):
    return alice.posts("hello")["id"]
