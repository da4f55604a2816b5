"""Who is asked before one follows them."""

from __future__ import annotations

import pytest


@pytest.fixture
def dora(cast):
    """A locked account."""
    return cast.person("dora", locked=True)
