"""A server of Bovine's in a process of its own, installed once into `.cache/` of the checkout."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests import npm
from tests.running.stage import free_port, until

HERE = Path(__file__).parent
LIST = HERE / "requirements.txt"


def folder(cache: Path = npm.CACHE) -> Path:
    """Where Bovine and what it needs are, if they are installed. Another list of packages is another folder."""
    return cache / f"bovine-{hashlib.sha256(LIST.read_bytes()).hexdigest()[:12]}"


def install(cache: Path = npm.CACHE) -> Path:
    """Install it, unless it is there: `make bovine`. That takes half a minute, so no test does it."""
    wanted = folder(cache)
    if not wanted.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            new = Path(scratch) / "bovine"
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                            "--no-deps", "--target", str(new), "--requirement", str(LIST)], check=True)
            new.rename(wanted)
    return wanted


class Bovine:
    """The running server, with one person: fern. What it does is in server.py."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acct = f"fern@{url.removeprefix('http://')}"
        self.fern = str(self.knows("fern")["id"])

    def knows(self, what: str) -> Any:
        return self._answer(requests.get(f"{self.url}/tests/{what}", timeout=30))

    def does(self, act: str, **what: Any) -> Any:
        return self._answer(requests.post(f"{self.url}/tests/{act}", json=what, timeout=30))

    def _answer(self, reply: requests.Response) -> Any:
        assert reply.status_code == 200, reply.text
        return reply.json()

    def heard(self, type: str) -> list[dict[str, Any]]:
        """The activities of a type that came, and whose signatures were good."""
        return [each for each in self.knows("heard") if each["type"] == type]


@contextmanager
def serving(packages: Path, data: Path) -> Iterator[Bovine]:
    """`packages`: where it is installed. `data`: a folder for what it stores."""
    url = f"http://127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [sys.executable, HERE / "server.py", data, url.rpartition(":")[2]], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=data, env={**os.environ, "PYTHONPATH": str(packages)})
    try:
        until(lambda: _answers(url))
        yield Bovine(url)
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/.well-known/nodeinfo", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


if __name__ == "__main__":
    install()
