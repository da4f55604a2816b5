"""Local stages as processes of their own, and watching processes that others started."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

CHECKOUT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60
MOTO = {"KENOMA_LOCAL_DYNAMODB": "moto"}


class Running:
    """A local stage in a process of its own."""

    def __init__(self, data: Path, port: int, app: str = "tests.infra.tiny", **environment: str) -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("KENOMA_", "AWS_"))}
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from infra.local.run import main; main({app!r})"],
            cwd=CHECKOUT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=clean | {"PORT": str(port), "KENOMA_DATA_DIR": str(data)} | MOTO | environment,
        )  # fmt: skip

    def answering(self) -> "Running":
        assert self.process.stdout is not None
        self.lines: list[str] = []
        while f"Kenoma answers at {self.url}\n" not in self.lines:
            self.lines.append(self.process.stdout.readline())
            assert self.lines[-1], self.process.communicate()
        return self

    def get(self, path: str, method: str = "GET") -> Any:
        assert self.process.poll() is None, (self.process.returncode, self.process.communicate())
        with urlopen(Request(self.url + path, method=method), timeout=10) as reply:
            return json.loads(reply.read())

    def post(self, path: str) -> Any:
        return self.get(path, "POST")

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in listed.read_text().split()]

    def end(self, number: int) -> float:
        """Send the signal and wait; the seconds until it had ended."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.ended() - begun

    def ended(self) -> float:
        """Wait until it has ended, and keep what it said; the moment."""
        _, self.errors = self.process.communicate(timeout=STARTS_WITHIN)
        return time.monotonic()


def ends_within(process: int, seconds: float) -> bool:
    """Whether a process has ended by then. One that nobody has waited for yet counts as ended."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        status = Path(f"/proc/{process}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
