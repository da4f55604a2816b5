"""Sending messages, and running them: the one door to SQS.

    @job(queue="imports")
    def follow(message: ImportFollows) -> Mapping[str, int] | None: …    the counts it answers go to the log line
    @job_for_many(queue="timelines")
    def deliver(messages: Sequence[Deliver]) -> None: …    all of this kind that came in one batch

Only a message that failed comes back, and after five times it lies in the dead-letter queue. If a job for many fails,
it runs again for each message alone. Log lines say what ran, how long and how often, never what was in it.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from ..aws import clients
from ..settings import settings
from ..store import jobs
from ..store.dynamo.ledgers import counted
from ..store.dynamo.parallel import together
from . import messages
from .messages import Malformed, Message

log = logging.getLogger("kenoma.jobs")
M = TypeVar("M", bound=Message)
Counts = Mapping[str, Any] | None


@dataclass(frozen=True)
class Again:
    """A job's answer when it has more to do. The row stays, and the job is asked again `delay` seconds from now."""

    delay: float = 0
    counts: Counts = None


@dataclass(frozen=True)
class RunElsewhere:
    """A job's answer when another run of it is ahead. The row stays, and the other run goes on."""

    counts: Counts = None


QUEUES = ("timelines", "imports", "archives", "deletions")
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
class _Job:
    """The function of a kind. `is_for_many`: it takes all messages of the kind in a batch, else a single one."""

    run: Callable[[Any], Result]
    is_for_many: bool = False


_JOBS: dict[type[Message], _Job] = {}


def job(queue: str) -> Callable[[Callable[[M], R]], Callable[[M], R]]:
    """Make a function the job of the message class that it takes. `queue`: where these messages are sent."""

    def register(function: Callable[[M], R]) -> Callable[[M], R]:
        _register(_taken(function), queue, _Job(function))
        return function

    return register


def job_for_many(queue: str) -> Callable[[Callable[[Sequence[M]], C]], Callable[[Sequence[M]], C]]:
    """As `job`, for a function that takes a sequence of messages: it reads and writes for all of them together."""

    def register(function: Callable[[Sequence[M]], C]) -> Callable[[Sequence[M]], C]:
        many = _taken(function)
        if typing.get_origin(many) is not Sequence:
            raise TypeError(f"{function.__name__} takes no sequence of messages")
        _register(typing.get_args(many)[0], queue, _Job(function, is_for_many=True))
        return function

    return register


def _taken(function: Callable[..., Any]) -> Any:
    """The type of what a function takes."""
    return next((hint for name, hint in typing.get_type_hints(function).items() if name != "return"), None)


def _register(kind: Any, queue: str, job: _Job) -> None:
    name = getattr(job.run, "__name__", "")
    if not (isinstance(kind, type) and issubclass(kind, Message)):
        raise TypeError(f"{name} takes no message")
    if kind.queue != queue or kind in _JOBS:
        raise TypeError(f"{name}: {kind.kind} has a job already, or belongs to {kind.queue}")
    _JOBS[kind] = job


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
    _log("not sent", logging.ERROR, queue=queue, count=len(waiting), error=reason)
    if any(not message.row for message, _ in waiting.values()):
        raise NotSent(reason)


class NotSent(Exception):
    """The queue did not take messages that have no job row."""


# Running.


@dataclass(frozen=True)
class _Received:
    """A message as it came. `about`: what its log lines say of it."""

    message: Message
    about: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.about["message_id"])


def run_batch(queue: str, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Run the messages of an SQS event. Answers those that have to come back."""
    failed: list[str] = []
    received: list[_Received] = []
    for record in event["Records"]:
        about = _about(queue, record)
        try:
            message = messages.from_text(record["body"])
            _job_of(message)
            received.append(_Received(message, {**about, "kind": message.kind}))
        except Malformed as malformed:
            _log("message not understood", logging.ERROR, reason=str(malformed), **about)
            failed.append(record["messageId"])
    for group in _groups(received):
        failed += _run_group(group)
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}


def _about(queue: str, record: Mapping[str, Any]) -> dict[str, Any]:
    receives = int((record.get("attributes") or {}).get("ApproximateReceiveCount", 1))
    return {"queue": queue, "message_id": record["messageId"], "receives": receives}


def _groups(received: Iterable[_Received]) -> list[list[_Received]]:
    """What runs together: all messages of a kind whose job is for many, each other message by itself."""
    groups: dict[Any, list[_Received]] = {}
    for each in received:
        together = _job_of(each.message).is_for_many
        groups.setdefault(type(each.message) if together else each.id, []).append(each)
    return list(groups.values())


def _run_group(group: list[_Received]) -> list[str]:
    """Run messages together. Answers the ids of those that failed."""
    start = time.monotonic()
    with counted() as ledger:
        try:
            counts = _run([each.message for each in group])
        except Exception as error:  # noqa: BLE001  (whatever it is, only these messages come back)
            if len(group) > 1:
                return [id for each in group for id in _run_group([each])]
            _log("job failed", logging.ERROR, **group[0].about, **_where(error), ms=_ms(start))
            return [group[0].id]
    more = {"together": len(group)} if len(group) > 1 else {}
    for each in group:
        _log("job done", logging.INFO, **each.about, **(counts or {}), **more, ms=_ms(start), calls=ledger.calls)
    return []


def _run(group: Sequence[Message]) -> Counts:
    """Run a job and delete its row, unless there is more to do. A message whose row is gone came twice."""
    job = _job_of(group[0])
    todo = _still_to_do(group)
    if not todo:
        return {"done_before": 1}
    result = job.run(todo) if job.is_for_many else job.run(todo[0])
    if isinstance(result, Again):
        send(todo[0], result.delay)
        return {"again": 1, **(result.counts or {})}
    if isinstance(result, RunElsewhere):
        return {"overtaken": 1, **(result.counts or {})}
    jobs.done(message.job for message in todo if message.row)
    return result


def _still_to_do(group: Sequence[Message]) -> list[Message]:
    """The messages whose job is not done yet, each once."""
    if not group[0].row:
        return list(group)
    wanted = {message.job: message for message in group}
    there = jobs.find_many(wanted)
    return [message for id, message in wanted.items() if id in there]


def _job_of(message: Message) -> _Job:
    found = _JOBS.get(type(message))
    if found is None:
        raise Malformed(f"no job for {message.kind}")
    return found


def _where(error: Exception) -> dict[str, str]:
    """What went wrong, by type and place. The text of an exception is left out, because it may quote somebody."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "chalicelib" in frame.filename] or list(frames)
    place = f"{ours[-1].filename.rpartition('chalicelib')[2].lstrip('/')}:{ours[-1].lineno}" if ours else ""
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return {"error": type(error).__name__, "code": code, "at": place}


def _ms(start: float) -> float:
    return round((time.monotonic() - start) * 1000, 1)


def _log(text: str, level: int, **values: Any) -> None:
    log.log(level, text, extra=values)


def note(text: str, *, failed: bool = False, **values: Any) -> None:
    """Log one line about work that has no message."""
    _log(text, logging.ERROR if failed else logging.INFO, **values)


# Watching the queues.


def figures() -> dict[str, dict[str, int]]:
    """How many messages of each queue wait, are delayed, are being run, and were given up."""
    found = together(*[lambda name=name: _attributes(name) for queue in QUEUES for name in (queue, queue + "-dead")])
    alive, dead = found[::2], found[1::2]
    return {
        queue: {
            "waiting": live[WAITING], "delayed": live[DELAYED], "running": live[RUNNING], "dead": lost[WAITING],
        }
        for queue, live, lost in zip(QUEUES, alive, dead, strict=True)
    }


def _attributes(name: str) -> dict[str, int]:
    wanted = [WAITING, DELAYED, RUNNING]
    reply = _client().get_queue_attributes(QueueUrl=_url(settings.queue_prefix + name), AttributeNames=wanted)
    return {number: int(reply["Attributes"].get(number, 0)) for number in wanted}
