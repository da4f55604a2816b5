"""No test sees what another made the server remember."""

from __future__ import annotations

import pytest

from chalicelib.domain.instance import about


@pytest.fixture(autouse=True)
def nothing_remembered():
    about.forget()
    yield
    about.forget()
