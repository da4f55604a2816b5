"""What the package is made for: the Python, the machine and the C library of Lambda, whatever runs here.

Libraries with compiled code are taken as wheels for that target. Bytecode needs a Python of the same version, for any
machine. If there is none, the package keeps its sources, and each cold start compiles them.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}
VARIABLE = "RUNTIME_PYTHON"


@dataclass(frozen=True)
class Target:
    """`glibc`, `glibcxx`: the newest symbols of the C and C++ libraries there."""

    python: str
    machine: str
    glibc: tuple[int, int] = (2, 34)  # Amazon Linux 2023, for all runtimes from Python 3.12 on
    glibcxx: tuple[int, int, int] = (3, 4, 29)

    @property
    def runtime(self) -> str:
        """Its name in the template."""
        return f"python{self.python}"

    @property
    def architecture(self) -> str:
        return ARCHITECTURES[self.machine]

    def pip(self) -> list[str]:
        """The command that installs only wheels that run there. It lacks what to install, and where."""
        platforms = [f"manylinux_2_{minor}_{self.machine}" for minor in range(self.glibc[1], 16, -1)]
        words = [word for each in (*platforms, f"manylinux2014_{self.machine}") for word in ("--platform", each)]
        return [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
                "--only-binary", ":all:", "--implementation", "cp", "--python-version", self.python, *words]

    def interpreter(self) -> str | None:
        """A Python of this version on this machine, which makes bytecode for it."""
        return next((each for each in _candidates(self.python) if version_of(each) == self.python), None)


LAMBDA = Target("3.13", "aarch64")


def here(python: str = sys.executable) -> Target:
    """This machine as a target, for tests and measurements. `python`: what is to run the package."""
    version = version_of(python)
    if version is None:
        raise SystemExit(f"{python} is no Python")
    return Target(version, platform.machine())


def version_of(python: str) -> str | None:
    """Such as 3.13. None: it is no Python, or does not start."""
    command = [python, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _candidates(version: str) -> Iterator[str]:
    yield from filter(None, (os.environ.get(VARIABLE), sys.executable, shutil.which(f"python{version}")))
