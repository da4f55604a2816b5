"""Local stages as processes. Nothing of the AWS in this process is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running.stage import Stage, available, free_port


@pytest.fixture(autouse=True)
def aws() -> None:
    """No AWS in this process."""


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    return available(getattr(request, "param", "moto"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start(data: Path, engine: str) -> Iterator[Callable[[], Stage]]:
    """Start a stage with the test's data and engine, always at the same address. When the test ends, it is stopped."""
    started: list[Stage] = []
    port = free_port()

    def one() -> Stage:
        started.append(Stage(data, engine, port))
        return started[-1].answering()

    yield one
    for stage in started:
        if stage.process.poll() is None:
            stage.kill()
