"""What makes a cold start quicker changes nothing else."""

from __future__ import annotations

import gc

import pytest

import app as application
from chalicelib import cold_start


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def test_importing_the_application_leaves_garbage_collected():
    assert application.app is not None
    assert gc.isenabled()


def test_while_it_starts_nothing_is_collected_and_afterwards_nothing_of_it_is_looked_at():
    cold_start.begins()
    try:
        assert not gc.isenabled()
        kept: list[list[int]] = [[] for _ in range(1000)]
    finally:
        took = cold_start.ends()
    try:
        assert gc.isenabled()
        assert gc.get_freeze_count() >= len(kept)
        assert took > 0
    finally:
        gc.unfreeze()
