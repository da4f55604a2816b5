"""How long and how large tests are.

With `KENOMA_TEST_SIZE=full` the tests marked `size` are as large as Kenoma promises. `make test-size` runs them so.
"""

import os
import sys

STEPS = int(os.environ.get("KENOMA_TEST_STEPS", "150"))
"""Random operations between two recounts. 150 are enough for each commit, a thousand find rarer faults."""

FULL = os.environ.get("KENOMA_TEST_SIZE", "small") == "full"
FOLLOWERS = 20_000 if FULL else 1_200
"""How many followers a status is brought to while workers die."""
CLIENTS = 50 if FULL else 12
"""How many clients react, favourite, vote and reblog at the same moment."""
WRITTEN, FOLLOWED_BY, SENT = (5_000, 2_000, 300) if FULL else (120, 40, 10)
"""Statuses, followers and files of the account that is deleted while workers die."""

REPLIES, ON_A_PROFILE = (500, 5_000) if FULL else (60, 45)
"""Statuses of a thread and of a profile that are read page by page."""
NAMES, SERVERS = (5_000, 50) if FULL else (20, 10)
"""Names of a list that is brought while workers die, and the servers that they are of."""


def say(text: str) -> None:
    """What a test at size has found out, for those who look on (`pytest -s`)."""
    sys.stdout.write(f"{text}\n")
