"""Endpoints that a test declares live for that test only."""

from __future__ import annotations

import pytest

from chalicelib.web import endpoint, limits
from tests.web.calling import Site


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    """An application without endpoints: the test declares its own, then calls them."""
    monkeypatch.setattr(endpoint, "DECLARED", [])
    monkeypatch.setattr(endpoint, "_TAKEN", set())
    limits.forget()
    return Site()
