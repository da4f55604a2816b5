"""A server of Fedify's in a process of its own, installed once into `.cache/` of the checkout."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests import npm
from tests.running.stage import free_port

HERE = Path(__file__).parent
RFC_9421, CAVAGE = "rfc9421", "draft-cavage-http-signatures-12"


def installed(cache: Path = npm.CACHE) -> Path:
    """The folder with Fedify in node_modules."""
    return npm.installed(HERE, "fedify", cache)


class Fedify:
    """The running server, with one person: fern. `acts` are those of server.cjs."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = url.removeprefix("http://")
        self.fern = f"{url}/users/fern"
        self.acct = f"fern@{self.host}"

    def does(self, act: str, **what: Any) -> Any:
        reply = requests.post(f"{self.url}/tests/{act}", json=what, timeout=30)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def knows(self, what: str) -> Any:
        return requests.get(f"{self.url}/tests/{what}", timeout=30).json()

    def heard(self, type: str) -> list[dict[str, Any]]:
        """The activities of a type that came, each signed as Fedify demands."""
        return [each for each in self.knows("heard") if each["type"] == type]

    def asked(self, method: str, part: str) -> set[tuple[str | None, int]]:
        """How it asked for, or sent to, addresses with this part: the kind of signature, and the status it got."""
        return {(each["signed"], each["status"]) for each in self.knows("asked")
                if each["method"] == method and part in each["url"]}


@contextmanager
def serving(folder: Path, first: str, *, strict: bool = False) -> Iterator[Fedify]:
    """`first`: the kind of signature that it tries first. `strict`: who asks for a document must sign."""
    port = free_port()
    command: list[str | Path] = [npm.node(), HERE / "server.cjs", folder, str(port), first]
    process = subprocess.Popen([*command, *(["strict"] if strict else [])], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Fedify answers at")
        yield Fedify(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=30)
