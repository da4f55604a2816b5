"""One server for each file, with two people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running.stage import Someone, Stage, until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    running = Stage(tmp_path_factory.mktemp("stage") / "data").answering()
    yield running
    running.stop()
    assert "Traceback" not in running.errors, running.errors


@pytest.fixture(scope="module")
def alice(stage: Stage) -> Someone:
    return stage.signs_in("alice")


@pytest.fixture(scope="module")
def bob(stage: Stage, alice: Someone) -> Someone:
    """Follows alice."""
    bob = stage.signs_in("bob")
    bob.follows(alice)
    until(lambda: bob.get("/api/v1/accounts/relationships", id=alice.id)[0]["following"])
    return bob
