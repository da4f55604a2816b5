"""Sending messages, and which function is the job of each: the one door to SQS. `running` runs them.

    @job(queue="imports")
    def follow(message: ImportFollows) -> Mapping[str, int] | None: …    the counts it answers go to the log line
    @job_for_many(queue="timelines")
    def deliver(messages: Sequence[Deliver]) -> None: …    all of this kind that came in one batch

Queues of two kinds: `outside` has all work that waits for other servers, the others have work that never does.
"""

from __future__ import annotations

import logging
import threading
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from ..aws import clients
from ..settings import settings
from ..store.dynamo.parallel import together
from . import messages
from .messages import Malformed, Message

log = logging.getLogger("kenoma.jobs")
M = TypeVar("M", bound=Message)
Counts = Mapping[str, Any] | None


@dataclass(frozen=True)
class Again:
    """A job's answer when it has more to do. The row stays, and the job is asked again `delay` seconds from now.

    `instead`: the message to ask with, if it is another one.
    """

    delay: float = 0
    counts: Counts = None
    instead: Message | None = None


@dataclass(frozen=True)
class RunElsewhere:
    """A job's answer when another run of it is ahead. The row stays, and the other run goes on."""

    counts: Counts = None


QUEUES = ("timelines", "inbox", "outside", "streams", "imports", "archives")
DEAD = "dead"
SENT_AT_ONCE = 10
BYTES_AT_ONCE = 200_000
SENDERS = 8
MOST_DELAY = 900
TRIES = 3
WAITING = "ApproximateNumberOfMessages"
DELAYED = "ApproximateNumberOfMessagesDelayed"
RUNNING = "ApproximateNumberOfMessagesNotVisible"

R = TypeVar("R", bound=Counts | Again | RunElsewhere)
C = TypeVar("C", bound=Counts)
Result = Counts | Again | RunElsewhere


@dataclass(frozen=True)
class JobFunction:
    """The function of a kind. `is_for_many`: it takes all messages of the kind in a batch, else a single one."""

    run: Callable[[Any], Result]
    is_for_many: bool = False


_JOBS: dict[type[Message], JobFunction] = {}
_finders: list[Callable[[str], None]] = []


def job(queue: str) -> Callable[[Callable[[M], R]], Callable[[M], R]]:
    """Make a function the job of the message class that it takes. `queue`: where these messages are sent."""

    def register(function: Callable[[M], R]) -> Callable[[M], R]:
        _register(_taken(function), queue, JobFunction(function))
        return function

    return register


def job_for_many(queue: str) -> Callable[[Callable[[Sequence[M]], C]], Callable[[Sequence[M]], C]]:
    """As `job`, for a function that takes a sequence of messages: it reads and writes for all of them together."""

    def register(function: Callable[[Sequence[M]], C]) -> Callable[[Sequence[M]], C]:
        many = _taken(function)
        if typing.get_origin(many) is not Sequence:
            raise TypeError(f"{function.__name__} takes no sequence of messages")
        _register(typing.get_args(many)[0], queue, JobFunction(function, is_for_many=True))
        return function

    return register


def _taken(function: Callable[..., Any]) -> Any:
    """The type of what a function takes."""
    return next((hint for name, hint in typing.get_type_hints(function).items() if name != "return"), None)


def _register(kind: Any, queue: str, job: JobFunction) -> None:
    name = getattr(job.run, "__name__", "")
    if not (isinstance(kind, type) and issubclass(kind, Message)):
        raise TypeError(f"{name} takes no message")
    if kind.queue != queue or kind in _JOBS:
        raise TypeError(f"{name}: {kind.kind} has a job already, or belongs to {kind.queue}")
    _JOBS[kind] = job


def find_jobs_by(look_for: Callable[[str], None]) -> None:
    """Whom to ask for the job of a kind (`Message.kind`) that nobody has needed yet."""
    _finders[:] = [look_for]


def modules_of_jobs() -> dict[str, str]:
    """For each kind the module that its job is in."""
    return {kind.kind: job.run.__module__ for kind, job in _JOBS.items()}


# Sending.


_making = threading.Lock()


def _client() -> Any:
    with _making:
        return _made_client()


@lru_cache(maxsize=1)
def _made_client() -> Any:
    made = clients.client("sqs", connect_timeout=2, read_timeout=5, max_pool_connections=16,
                      retries={"total_max_attempts": 3, "mode": "standard"})
    clients.shorten(made, clients.credentials())
    return made


@lru_cache(maxsize=32)
def _url(name: str) -> str:
    return str(_client().get_queue_url(QueueName=name)["QueueUrl"])


def forget_client() -> None:
    """Drop the client and what it learnt (the local stage and the tests change the endpoint)."""
    _made_client.cache_clear()
    _url.cache_clear()


def send(message: Message, delay: float = 0) -> None:
    """Ask for the work, `delay` seconds from now (900 at most)."""
    send_all([message], delay)


def send_all(wanted: Iterable[Message], delay: float = 0) -> None:
    """Ask for all of it, ten messages a call. The queue is asked again for messages that it did not take.

    If the queue does not answer, work with a job row is only delayed, since the sweep asks again. For work without a
    row it is an error.
    """
    by_queue: dict[str, list[Message]] = {}
    for message in wanted:
        by_queue.setdefault(message.queue, []).append(message)
    for queue, group in by_queue.items():
        batches = list(_batches(group))
        for start in range(0, len(batches), SENDERS):
            together(*[lambda queue=queue, batch=batch: _send_batch(queue, batch, min(int(delay), MOST_DELAY))
                       for batch in batches[start:start + SENDERS]])


def _batches(wanted: Iterable[Message]) -> Iterator[list[tuple[Message, str]]]:
    batch: list[tuple[Message, str]] = []
    size = 0
    for message in wanted:
        text = messages.to_text(message)
        bytes_ = len(text.encode())
        if batch and (len(batch) == SENT_AT_ONCE or size + bytes_ > BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append((message, text))
        size += bytes_
    if batch:
        yield batch


def _send_batch(queue: str, batch: list[tuple[Message, str]], delay: int) -> None:
    waiting = dict(enumerate(batch))
    reason = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(0.05 * 2**attempt)
        entries = [{"Id": str(place), "MessageBody": text, "DelaySeconds": delay}
                   for place, (_, text) in waiting.items()]
        try:
            reply = _client().send_message_batch(QueueUrl=_url(settings.queue_prefix + queue), Entries=entries)
        except (BotoCoreError, ClientError) as error:
            reason = type(error).__name__
            break  # the client has tried again by itself
        refused = reply.get("Failed", [])
        if not refused:
            return
        reason = refused[0].get("Code", "")
        waiting = {int(each["Id"]): waiting[int(each["Id"])] for each in refused}
    write_log("not sent", logging.ERROR, queue=queue, count=len(waiting), error=reason)
    if any(not message.row for message, _ in waiting.values()):
        raise NotSent(reason)


class NotSent(Exception):
    """The queue did not take messages that have no job row."""


def job_of(message: Message) -> JobFunction:
    """The job of a message's kind. Raises Malformed if it has none."""
    if type(message) not in _JOBS:
        for look_for in _finders:
            look_for(message.kind)
    found = _JOBS.get(type(message))
    if found is None:
        raise Malformed(f"no job for {message.kind}")
    return found


# The log, and figures of the queues.


def write_log(text: str, level: int, **values: Any) -> None:
    log.log(level, text, extra=values)


def note(text: str, *, failed: bool = False, **values: Any) -> None:
    """Log one line about work that has no message."""
    write_log(text, logging.ERROR if failed else logging.INFO, **values)


def figures() -> dict[str, dict[str, int]]:
    """How many messages of each queue wait, are delayed, and are being run; of `dead`, how many were given up."""
    names = (*QUEUES, DEAD)
    found = together(*[lambda name=name: _attributes(name) for name in names])
    return {name: {"waiting": each[WAITING], "delayed": each[DELAYED], "running": each[RUNNING]}
            for name, each in zip(names, found, strict=True)}


def _attributes(name: str) -> dict[str, int]:
    wanted = [WAITING, DELAYED, RUNNING]
    reply = _client().get_queue_attributes(QueueUrl=_url(settings.queue_prefix + name), AttributeNames=wanted)
    return {number: int(reply["Attributes"].get(number, 0)) for number in wanted}
