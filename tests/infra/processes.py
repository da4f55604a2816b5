"""Watching processes that others started."""

import time
from pathlib import Path


def ends_within(process: int, seconds: float) -> bool:
    """Whether it has ended by then; one that nobody collected yet has."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        status = Path(f"/proc/{process}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
