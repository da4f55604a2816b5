"""A client of streams, and what it tells that it hears."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import npm

HERE = Path(__file__).parent


def installed() -> Path:
    """The folder with the libraries in node_modules."""
    return npm.installed(HERE, "listening")


class Client:
    """The running client. Its library has parsed what it tells."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def hears(self, event: str, within: float) -> Any:
        """The payload of the next such event. What comes before it is passed over, unless it is an error."""
        give_up = time.monotonic() + within
        others: list[str] = []
        while True:
            try:
                told = self._told.get(timeout=max(give_up - time.monotonic(), 0.001))
            except queue.Empty:
                raise AssertionError(f"no {event} within {within} s, but {others}") from None
            assert "error" not in told["event"], told
            if told["event"] == event:
                return told.get("payload")
            others.append(told["event"])

    def _read(self, lines: Iterator[str]) -> None:
        for line in lines:
            if line.startswith("{"):
                self._told.put(json.loads(line))


@contextmanager
def listening(folder: Path, library: str, url: str, token: str) -> Iterator[Client]:
    """Listen to the stream `user` by a library that listen.mjs knows."""
    command: list[str | Path] = [npm.node(), HERE / "listen.mjs", folder, library, url, token]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield Client(process)
    finally:
        process.terminate()
        process.communicate(timeout=30)
