"""How many bytes of a log are paid for: the lines as the application writes them."""

from __future__ import annotations

import logging
from typing import Any

from chalicelib import metrics
from chalicelib.web.logs import JsonLines

BESIDE_A_LINE = 26
"""What CloudWatch counts for each line beside its text."""
ID = "b3Wc8hQmZt0fYxK2LrPa"
ACCOUNT = "AyBz5lsWJmTqKfHr2e"


def request() -> int:
    """The line of a poll, which most requests are."""
    return _bytes("kenoma", "GET /api/v1/timelines/home 200", request_id=ID, method="GET",
                  route="/api/v1/timelines/home", status=200, ms=21.3, account=ACCOUNT, calls=2)


def job() -> int:
    return _bytes("kenoma.jobs", "job done", queue="timelines", message_id="5c9d27a1-0f6e-4c1b-9a54-2f6c1d7c0b1e",
                  receives=1, kind="deliver", request_id=ID, ms=31.8, calls=9)


def sweep() -> int:
    """The line of metrics, which is all that a sweep writes that finds nothing."""
    held = metrics.Held()
    held.add(metrics.Value("JobsGivenUp", 0), 1_800_000_000)
    return sum(_bytes("kenoma.metrics", "metrics", **{**line, "Stage": "prod"}) for line in metrics.lines_of(held))


def _bytes(logger: str, message: str, **values: Any) -> int:
    record = logging.makeLogRecord({"name": logger, "levelname": "INFO", "msg": message, **values})
    return len(JsonLines().format(record).encode()) + BESIDE_A_LINE
