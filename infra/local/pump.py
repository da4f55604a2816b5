"""Queues and schedules: does what SQS, Lambda's poller and EventBridge do with the app's handlers when deployed.

The app's own registrations say what there is. A failed message comes back after seconds, not after the queue's
visibility timeout, because nobody waits six minutes in front of a screen.
"""

import functools
import re
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig, SQSEventConfig

from .ending import Essential
from .server import Context

WORKERS = 2
ALONE = ("imports", "archives")
"""Queues with one worker: what they run is rare and long. Each worker that waits asks three times a minute."""
WAIT = 20
"""Seconds that a worker waits for messages in one call, as Lambda's pollers do."""
RETRY_AFTER = 5
FIRST_TICK = 1.0
UNITS = {"minute": 60, "hour": 3600, "day": 86400}
ATTRIBUTES = ["ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"]


@dataclass
class Drained:
    """What a `drain` did: how many messages were handled, and how many attempts failed."""

    handled: int = 0
    failed: int = 0


class Queue:
    """One SQS handler of the app, and the queue that it reads."""

    def __init__(self, app: Chalice, sqs: Any, source: SQSEventConfig) -> None:
        self.name: str = source.queue or str(source.queue_arn).rpartition(":")[2]
        self.handler = app.handler_map[source.name]
        self.batch_size = source.batch_size
        self.sqs = sqs
        self.url: str = sqs.get_queue_url(QueueName=self.name)["QueueUrl"]
        self.region: str = sqs.meta.region_name
        self.arn = f"arn:aws:sqs:{self.region}:{self.url.rsplit('/', 2)[-2]}:{self.name}"

    def run_batch(self, retry_after: int | None, wait: int = 0) -> Drained | None:
        """Hand one batch to the handler, and delete the messages that succeeded. None: none came in `wait` seconds."""
        messages = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=self.batch_size,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=ATTRIBUTES,
        ).get("Messages", [])
        if not messages:
            return None
        failed = self._failed(messages)
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=_entries(done))
        if failed and retry_after is not None:
            entries = _entries(m for m in messages if m["MessageId"] in failed)
            self.sqs.change_message_visibility_batch(
                QueueUrl=self.url, Entries=[entry | {"VisibilityTimeout": retry_after} for entry in entries]
            )
        return Drained(len(done), len(failed))

    def _failed(self, messages: list[dict[str, Any]]) -> set[str]:
        """Ids of the messages to be delivered again: all of them if the handler raised."""
        try:
            reply = self.handler({"Records": [self._record(message) for message in messages]}, Context(900))
        except Exception:  # noqa: BLE001  (as in Lambda: the whole batch comes back)
            traceback.print_exc()
            return {message["MessageId"] for message in messages}
        failures = reply.get("batchItemFailures") or [] if isinstance(reply, dict) else []
        return {failure["itemIdentifier"] for failure in failures}

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.arn,
            "awsRegion": self.region,
        }


def queues_of(app: Chalice, sqs: Any) -> list[Queue]:
    """The queues that the app has handlers for."""
    return [Queue(app, sqs, source) for source in app.event_sources if isinstance(source, SQSEventConfig)]


class Pump:
    """Runs an app's queue handlers and schedules in threads of this process, from `start` to `stop`.

    `let_go` has whoever waits for messages go on without any.
    """

    def __init__(self, app: Chalice, sqs: Any, let_go: Callable[[], None]) -> None:
        self.app = app
        self._let_go = let_go
        self.queues = queues_of(app, sqs)
        self.schedules = [source for source in app.event_sources if isinstance(source, ScheduledEventConfig)]
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> "Pump":
        for queue in self.queues:
            for _ in range(1 if queue.name.endswith(ALONE) else WORKERS):
                self._thread(f"queue {queue.name}", self._work, queue)
        for schedule in self.schedules:
            every = seconds(schedule)
            if every is None:
                print(f"Not run here: {schedule.name} has no fixed rate", flush=True)
            else:
                self._thread(f"schedule {schedule.name}", self._tick, schedule.name, every)
        return self

    def stop(self, within: float = 2.0) -> None:
        """Start nothing new, and wait for what runs. An unfinished message is delivered again later."""
        self._stopping.set()
        self._let_go()
        give_up = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.0, give_up - time.monotonic()))

    def _thread(self, name: str, target: Any, *args: Any) -> None:
        thread = Essential(target=target, args=args, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, queue: Queue) -> None:
        while not self._stopping.is_set():
            try:
                queue.run_batch(RETRY_AFTER, WAIT)
            except Exception:  # noqa: BLE001  (the next batch has nothing to do with it)
                traceback.print_exc()
                self._stopping.wait(1)

    def _tick(self, name: str, every: float) -> None:
        pause = FIRST_TICK
        while not self._stopping.wait(pause):
            pause = every
            try:
                run_schedule(self.app, name)
            except Exception:  # noqa: BLE001  (it runs again when its time has come)
                traceback.print_exc()


def drain(app: Chalice, *, retry: bool = False, most: int = 1000, has_messages: Callable[[str], bool] | None = None,
          ) -> Drained:
    """Run all that is queued, and what that queues, in this thread, until nothing is left to receive.

    With `retry`, failed messages are tried again at once, until their queue puts them aside. `has_messages` tells of a
    queue, by its name, whether it is worth asking.
    """
    queues = queues_of(app, _client())
    total = Drained()
    for _ in range(most):
        asked = [queue for queue in queues if has_messages is None or has_messages(queue.name)]
        ran = [done for queue in asked if (done := queue.run_batch(0 if retry else None))]
        for done in ran:
            total.handled += done.handled
            total.failed += done.failed
        if not ran:
            return total
    raise RuntimeError(f"The queues are not empty after {most} rounds: something sends for ever")


def run_schedule(app: Chalice, name: str) -> Any:
    """Call a scheduled handler as EventBridge would."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:123456789012:rule/{name}"],
        "detail": {},
    }
    return app.handler_map[name](event, Context(900))


def seconds(schedule: ScheduledEventConfig) -> float | None:
    """The pause between two runs. None: the schedule follows the calendar."""
    expression = schedule.schedule_expression
    text = expression if isinstance(expression, str) else expression.to_string()
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    return int(rate[1]) * UNITS[rate[2]] if rate else None


@functools.cache
def _client() -> Any:
    import boto3

    return boto3.client("sqs")


def _entries(messages: Any) -> list[dict[str, Any]]:
    return [{"Id": str(place), "ReceiptHandle": m["ReceiptHandle"]} for place, m in enumerate(messages)]
