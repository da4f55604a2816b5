"""Running the messages of a queue: what Lambda hands to a function, and what it is told of it.

Only a message that failed comes back, and after five times it lies in the dead-letter queue. If a job for many fails,
it runs again for each message alone. What cannot be ended in time is not begun: it is sent anew, as is what DynamoDB
had no room for. Log lines say what ran, how long and how often, never what was in it.
"""

from __future__ import annotations

import contextvars
import logging
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from .. import metrics, request_ids
from ..metrics import Value
from ..settings import settings
from ..store import jobs
from ..store.dynamo.failures import ToldToWait
from ..store.dynamo.ledgers import counted
from . import (  # noqa: F401  (most of them only so that all kinds are known)
    accounts,
    bookmarks,
    deliveries,
    federating,
    instance,
    messages,
    notifications,
    queue,
    statuses,
    streaming,
    tags,
)
from .messages import Malformed, Message
from .queue import Again, Counts, RunElsewhere, job_of, write_log

SPARE = 2.0
"""Seconds that a function keeps for itself at the end."""
GIVEN_BACK_FOR = 5
"""Seconds after which a message that was given back is delivered again."""


@dataclass(frozen=True)
class _Received:
    """A message as it came. `about`: what its log lines say of it."""

    message: Message
    about: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.about["message_id"])


def _for_ever() -> float:
    return float("inf")


def run_batch(name: str, event: Mapping[str, Any], seconds_left: Callable[[], float] = _for_ever, *,
              at_once: bool = False) -> dict[str, list[dict[str, str]]]:
    """Run the messages of an SQS event of the queue with this name. Answers those that have to come back.

    `seconds_left`: until the function is ended. `at_once`: for messages that wait for others, each in a thread.
    """
    settings.refresh()
    failed: list[str] = []
    received: list[_Received] = []
    for record in event["Records"]:
        about = _about(name, record)
        try:
            message = messages.from_text(record["body"])
            job_of(message)
            received.append(_Received(message, {**about, "kind": message.kind, **_origin(message)}))
        except Malformed as malformed:
            write_log("message not understood", logging.ERROR, reason=str(malformed), **about)
            failed.append(record["messageId"])
    groups = sorted(_groups(received), key=lambda group: group[0].message.lasts)
    if at_once and len(groups) > 1:
        with ThreadPoolExecutor(len(groups)) as pool:
            ended = list(pool.map(lambda run: run(), [_in_this_context(each, seconds_left) for each in groups]))
    else:
        ended = [_run_in_time(each, seconds_left) for each in groups]
    failed += [id for ids in ended for id in ids]
    if failed:
        metrics.note(Value("JobsFailed", len(failed)))
        metrics.write()  # the process may be frozen for hours now
    return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}


def _about(name: str, record: Mapping[str, Any]) -> dict[str, Any]:
    receives = int((record.get("attributes") or {}).get("ApproximateReceiveCount", 1))
    return {"queue": name, "message_id": record["messageId"], "receives": receives}


def _origin(message: Message) -> dict[str, str]:
    return {"request_id": message.request_id} if message.request_id else {}


def _groups(received: Iterable[_Received]) -> list[list[_Received]]:
    """What runs together: all messages of a kind whose job is for many, each other message by itself."""
    groups: dict[Any, list[_Received]] = {}
    for each in received:
        together = job_of(each.message).is_for_many
        groups.setdefault(type(each.message) if together else each.id, []).append(each)
    return list(groups.values())


def _in_this_context(group: list[_Received], seconds_left: Callable[[], float]) -> Callable[[], list[str]]:
    context = contextvars.copy_context()
    return lambda: context.run(_run_in_time, group, seconds_left)


def _run_in_time(group: list[_Received], seconds_left: Callable[[], float]) -> list[str]:
    """Run messages together, if there is time enough. Answers the ids of those that failed."""
    if seconds_left() < group[0].message.lasts + SPARE:
        return _give_back(group, "no time left")
    return _run_group(group)


def _give_back(group: list[_Received], reason: str) -> list[str]:
    """Send messages anew that have not failed. If they came back by themselves, that would count as a failure."""
    try:
        queue.send_all([each.message for each in group], GIVEN_BACK_FOR)
    except queue.NotSent:
        return [each.id for each in group]
    for each in group:
        write_log("job given back", logging.INFO, **each.about, reason=reason)
    return []


def _run_group(group: list[_Received]) -> list[str]:
    """Run messages together. Answers the ids of those that failed."""
    start = time.monotonic()
    origins = {each.message.request_id for each in group}
    with counted() as ledger, request_ids.followed(origins.pop() if len(origins) == 1 else ""):
        try:
            counts = _run([each.message for each in group])
        except ToldToWait:
            metrics.note(Value("Busy", len(group)))
            return _give_back(group, "DynamoDB says wait")
        except Exception as error:  # noqa: BLE001  (whatever it is, only these messages come back)
            if len(group) > 1:
                return [id for each in group for id in _run_group([each])]
            write_log("job failed", logging.ERROR, **group[0].about, **_where(error), ms=_ms(start))
            return [group[0].id]
    more = {"together": len(group)} if len(group) > 1 else {}
    for each in group:
        metrics.note(Value("JobLatency", _ms(start), each.about["queue"]))
        write_log("job done", logging.INFO, **each.about, **(counts or {}), **more, ms=_ms(start), calls=ledger.calls)
    return []


def _run(group: Sequence[Message]) -> Counts:
    """Run a job and delete its row, unless there is more to do. A message whose row is gone came twice."""
    job = job_of(group[0])
    todo = _still_to_do(group)
    if not todo:
        return {"done_before": 1}
    result = job.run(todo) if job.is_for_many else job.run(todo[0])
    if isinstance(result, Again):
        queue.send(result.instead or todo[0], result.delay)
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


def _where(error: Exception) -> dict[str, str]:
    """What went wrong, by type and place. The text of an exception is left out, because it may quote somebody."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "chalicelib" in frame.filename] or list(frames)
    place = f"{ours[-1].filename.rpartition('chalicelib')[2].lstrip('/')}:{ours[-1].lineno}" if ours else ""
    reply = getattr(error, "response", None)
    code = reply.get("Error", {}).get("Code", "") if isinstance(reply, dict) else ""
    return {"error": type(error).__name__, "code": code, "at": place}


def _ms(start: float) -> float:
    return round((time.monotonic() - start) * 1000, 1)
