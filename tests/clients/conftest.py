"""One running server for each file, as clients meet it: over HTTP, on moto, so that it needs nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running.stage import Stage


@pytest.fixture(autouse=True)
def aws() -> None:
    """No AWS in this process."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    running = Stage(tmp_path_factory.mktemp("stage") / "data").answering()
    yield running
    running.stop()
    assert "Traceback" not in running.errors
