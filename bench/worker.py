"""A worker of one queue, in its own process: it does what Lambda does when the queue has messages.

After each batch it prints one line of JSON: what the process has done so far, and the most memory it ever had. It ends
when the queue is empty.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

BATCH = {"imports": 5, "archives": 1, "streams": 10}
"""The same as in `app.py`."""
SECONDS = {"imports": 900, "archives": 900, "streams": 30}
"""How long a function may run: as in `.chalice/config.json`."""


class Context:
    """What Lambda passes with the messages. `seconds`: how long the function may run."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> float:
        return (self._end - time.monotonic()) * 1000


def main(name: str) -> None:
    import boto3

    from chalicelib.settings import settings

    settings.load(os.environ)
    handler = getattr(importlib.import_module("app"), f"on_{name}")
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings.queue_prefix + name)["QueueUrl"]
    calls = _watched()
    started = time.perf_counter()
    tell(calls, 0, started)
    handled = 0
    while messages := _received(sqs, url, BATCH[name]):
        done = handler({"Records": messages}, Context(SECONDS[name]))
        failed = {each["itemIdentifier"] for each in done["batchItemFailures"]}
        for message in messages:
            if message["messageId"] not in failed:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["receiptHandle"])
        handled += len(messages) - len(failed)
        tell(calls, handled, started)


def _received(sqs: Any, url: str, most: int) -> list[dict[str, Any]]:
    reply = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, WaitTimeSeconds=0,
                                MessageSystemAttributeNames=["ApproximateReceiveCount"])
    return [{"messageId": each["MessageId"], "receiptHandle": each["ReceiptHandle"], "body": each["Body"],
             "attributes": each.get("Attributes", {})} for each in reply.get("Messages", [])]


def _watched() -> Counter[str]:
    """Counts every call to DynamoDB and S3 from now on."""
    from chalicelib.store import files
    from chalicelib.store.dynamo.connection import shared

    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[f"{model.service_model.service_name} {model.name}"] += 1

    shared().client.meta.events.register("before-call.dynamodb", note)
    files._client().meta.events.register("before-call.s3", note)  # noqa: SLF001  (from outside, to count)
    return calls


def tell(calls: Counter[str], handled: int, started: float) -> None:
    print(json.dumps({"handled": handled, "calls": calls, "peak_mb": round(_peak_mb(), 1), "cpu": time.process_time(),
                      "seconds": time.perf_counter() - started}), flush=True)


def _peak_mb() -> float:
    """The most memory this process had. `getrusage` would begin with what its parent had when this was forked."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1])
