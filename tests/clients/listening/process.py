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
        self._kept: list[dict[str, Any]] = []
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def hears(self, event: str, within: float, about: str = "") -> Any:
        """The payload of the next such event, about this id if one is given. Others are kept, but errors raise."""
        give_up = time.monotonic() + within
        while not (found := next((told for told in self._kept if _is(told, event, about)), None)):
            try:
                told = self._told.get(timeout=max(give_up - time.monotonic(), 0.001))
            except queue.Empty:
                others = [each["event"] for each in self._kept]
                raise AssertionError(f"no {event} within {within} s, but {others}") from None
            assert "error" not in told["event"], told
            self._kept.append(told)
        self._kept.remove(found)
        return found.get("payload")

    def _read(self, lines: Iterator[str]) -> None:
        for line in lines:
            if line.startswith("{"):
                self._told.put(json.loads(line))


def _is(told: dict[str, Any], event: str, about: str) -> bool:
    payload = told.get("payload")
    return told["event"] == event and (not about or about == (payload["id"] if isinstance(payload, dict) else payload))


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
