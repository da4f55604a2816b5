"""What the job tests run: messages that count, fail and hang on rows, and the queues as SQS serves them."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from chalicelib.queues.messages import Message
from chalicelib.queues.queue import Counts, job

ran: Counter[str] = Counter()


@dataclass(frozen=True)
class Count(Message, kind="test_count", queue="timelines"):
    """A message whose job counts its name, or fails if the name says so."""

    name: str


@dataclass(frozen=True)
class CountOnce(Message, kind="test_count_once", queue="timelines", row=("name",)):
    """A message that has a job row."""

    name: str


@job(queue="timelines")
def count(message: Count) -> Counts:
    ran[message.name] += 1
    if message.name.startswith("bad"):
        raise ValueError(f"the secret of {message.name}")
    return {"counted": 1}


@job(queue="timelines")
def count_once(message: CountOnce) -> None:
    ran[message.name] += 1
    if message.name.startswith("bad"):
        raise ValueError(message.name)


class Clock:
    """The time that jobs see, moved by hand."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._real = time.time

    def now(self) -> float:
        return self._real() + self.ahead

    def pass_by(self, seconds: float) -> None:
        self.ahead += seconds
