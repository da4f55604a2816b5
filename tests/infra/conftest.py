"""Stages in processes of their own."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.processes import Running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Start a stage on a free port; its data stay the test's."""
    started: list[Running] = []

    def one(data: str = "data", **options: str) -> Running:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        started.append(Running(tmp_path / data, port, **options))
        return started[-1]

    yield one
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
        running.process.communicate()
