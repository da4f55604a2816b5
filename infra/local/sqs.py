"""SQS in this process: as much of it as the application, its resources and Lambda's poller ask for.

moto walks through all messages of a queue whenever one is sent, received or counted. So a long queue there took as
long as its length squared. Here nothing takes time that grows with what waits. Messages are not kept: after a kill,
jobs come back from their rows (docs/decisions/0003-jobs-have-rows.md).
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "123456789012"
AT_ONCE = 10
WAITING = "ApproximateNumberOfMessages"
DELAYED = "ApproximateNumberOfMessagesDelayed"
RUNNING = "ApproximateNumberOfMessagesNotVisible"

Parameters = dict[str, Any]
Reply = dict[str, Any]


class Refused(Exception):
    """What SQS answers instead of a reply. `code` is the name of its error."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(eq=False, slots=True)
class Message:
    """A message in a queue. `back_at`: when it can be received (again), by the monotonic clock."""

    body: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_ms: int = field(default_factory=lambda: int(time.time() * 1000))
    first_ms: int = 0
    receives: int = 0
    back_at: float = 0.0

    def as_received(self, handle: str) -> Reply:
        return {
            "MessageId": self.id, "ReceiptHandle": handle, "Body": self.body, "MD5OfBody": _md5(self.body),
            "Attributes": {
                "ApproximateReceiveCount": str(self.receives), "SentTimestamp": str(self.sent_ms),
                "SenderId": ACCOUNT, "ApproximateFirstReceiveTimestamp": str(self.first_ms),
            },
        }  # fmt: skip


class Queue:
    """One queue. What waits for a moment, delayed or received, lies in a heap by that moment.

    An entry of the heap that is out of date stays there until its moment, and means nothing then.
    """

    def __init__(self, name: str, attributes: dict[str, str], dead: Callable[[str], Queue]) -> None:
        self.name = name
        self.attributes = attributes
        self._dead = dead
        self._visibility = float(attributes.get("VisibilityTimeout", 30))
        self._ready: deque[Message] = deque()
        self._delayed: dict[str, Message] = {}
        self._received: dict[str, Message] = {}
        self._moments: list[tuple[float, int, str]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._open = True

    def send(self, message: Message, delay: float = 0) -> None:
        with self._changed:
            if delay:
                self._put_off(self._delayed, message.id, message, delay)
            else:
                self._ready.append(message)
            self._changed.notify()

    def receive(self, most: int, wait: float, visibility: float | None) -> list[Reply]:
        """At most `most` messages, as soon as there is one. Nothing: there was none within `wait` seconds."""
        until = time.monotonic() + wait
        with self._changed:
            while self._open:
                if found := self._take(most, self._visibility if visibility is None else visibility):
                    return found
                now = time.monotonic()
                if now >= until:
                    break
                soonest = self._moments[0][0] if self._moments else until
                self._changed.wait(max(min(until, soonest) - now, 0))
        return []

    def delete(self, handle: str) -> None:
        with self._changed:
            self._received.pop(handle, None)

    def change_visibility(self, handle: str, seconds: float) -> None:
        with self._changed:
            message = self._received.get(handle)
            if message is None:
                raise Refused("MessageNotInflight", "The message is not in flight")
            self._put_off(self._received, handle, message, seconds)
            self._changed.notify()

    def figures(self) -> dict[str, str]:
        with self._changed:
            self._bring_back()
            return {WAITING: str(len(self._ready)), DELAYED: str(len(self._delayed)),
                    RUNNING: str(len(self._received))}

    def empty(self) -> None:
        with self._changed:
            for held in (self._ready, self._delayed, self._received, self._moments):
                held.clear()

    def close(self) -> None:
        """Let go whoever waits for messages. From now on nothing is received."""
        with self._changed:
            self._open = False
            self._changed.notify_all()

    def _put_off(self, where: dict[str, Message], handle: str, message: Message, seconds: float) -> None:
        message.back_at = time.monotonic() + seconds
        where[handle] = message
        heapq.heappush(self._moments, (message.back_at, next(self._order), handle))

    def _bring_back(self) -> None:
        now = time.monotonic()
        while self._moments and self._moments[0][0] <= now:
            at, _, handle = heapq.heappop(self._moments)
            for held in (self._delayed, self._received):
                if (message := held.get(handle)) is not None and message.back_at == at:
                    self._ready.append(held.pop(handle))

    def _take(self, most: int, visibility: float) -> list[Reply]:
        self._bring_back()
        taken: list[Reply] = []
        while self._ready and len(taken) < most:
            message = self._ready.popleft()
            if not self._is_given_up(message):
                message.receives += 1
                message.first_ms = message.first_ms or int(time.time() * 1000)
                handle = f"{message.id}#{message.receives}"
                self._put_off(self._received, handle, message, visibility)
                taken.append(message.as_received(handle))
        return taken

    def _is_given_up(self, message: Message) -> bool:
        """Whether the message was received too often, and now lies in the queue of dead letters."""
        policy = json.loads(self.attributes.get("RedrivePolicy") or "{}")
        if not policy or message.receives < int(policy["maxReceiveCount"]):
            return False
        self._dead(policy["deadLetterTargetArn"].rpartition(":")[2]).send(message)
        return True


class Sqs:
    """All queues, and SQS's operations on them. Parameters and replies have the names that SQS gives them."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}
        self._making = threading.Lock()
        self._operations: dict[str, Callable[[Parameters], Reply | None]] = {
            "CreateQueue": self._create, "GetQueueUrl": lambda asked: {"QueueUrl": _url(self._named(asked).name)},
            "SendMessage": self._send, "SendMessageBatch": lambda asked: _each(asked, self._send),
            "ReceiveMessage": self._receive,
            "DeleteMessage": self._delete, "DeleteMessageBatch": lambda asked: _each(asked, self._delete),
            "ChangeMessageVisibility": self._change, "ChangeMessageVisibilityBatch": lambda asked: _each(
                asked, self._change),
            "GetQueueAttributes": self._attributes, "PurgeQueue": lambda asked: self._of(asked).empty(),
        }  # fmt: skip

    def answer(self, operation: str, parameters: Parameters) -> Reply:
        """The reply to one call. Raises Refused."""
        if operation not in self._operations:
            raise Refused("UnsupportedOperation", f"The local stage has no {operation}")
        return self._operations[operation](parameters) or {}

    def close(self) -> None:
        for queue in self._queues.values():
            queue.close()

    def _named(self, asked: Parameters) -> Queue:
        return self._queue(asked["QueueName"])

    def _of(self, asked: Parameters) -> Queue:
        return self._queue(asked["QueueUrl"].rpartition("/")[2])

    def _queue(self, name: str) -> Queue:
        try:
            return self._queues[name]
        except KeyError:
            raise Refused("QueueDoesNotExist", "The specified queue does not exist.") from None

    def _create(self, asked: Parameters) -> Reply:
        with self._making:
            made = Queue(asked["QueueName"], asked.get("Attributes") or {}, self._queue)
            self._queues.setdefault(made.name, made)
        return {"QueueUrl": _url(made.name)}

    def _send(self, asked: Parameters) -> Reply:
        message = Message(asked["MessageBody"])
        self._of(asked).send(message, float(asked.get("DelaySeconds") or 0))
        return {"MessageId": message.id, "MD5OfMessageBody": _md5(message.body)}

    def _receive(self, asked: Parameters) -> Reply:
        visibility = asked.get("VisibilityTimeout")
        found = self._of(asked).receive(
            min(asked.get("MaxNumberOfMessages") or 1, AT_ONCE), float(asked.get("WaitTimeSeconds") or 0),
            None if visibility is None else float(visibility))  # fmt: skip
        return {"Messages": found} if found else {}

    def _delete(self, asked: Parameters) -> None:
        self._of(asked).delete(asked["ReceiptHandle"])

    def _change(self, asked: Parameters) -> None:
        self._of(asked).change_visibility(asked["ReceiptHandle"], float(asked["VisibilityTimeout"]))

    def _attributes(self, asked: Parameters) -> Reply:
        queue, wanted = self._of(asked), asked.get("AttributeNames") or []
        known = queue.attributes | queue.figures() | {"QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue.name}"}
        return {"Attributes": {name: value for name, value in known.items() if name in wanted or "All" in wanted}}


def _each(asked: Parameters, operation: Callable[[Parameters], Reply | None]) -> Reply:
    """A call for several messages: each by itself, and the reply says which failed."""
    done, failed = [], []
    for entry in asked["Entries"]:
        try:
            done.append({"Id": entry["Id"], **(operation({"QueueUrl": asked["QueueUrl"], **entry}) or {})})
        except Refused as refused:
            failed.append({"Id": entry["Id"], "Code": refused.code, "Message": str(refused), "SenderFault": True})
    return {"Successful": done, "Failed": failed} if failed else {"Successful": done}


def _url(name: str) -> str:
    return f"https://queue.amazonaws.com/{ACCOUNT}/{name}"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
