"""Faults at the border to AWS: just before a call is sent, something happens or the process dies.

    with before_call("TransactWriteItems", 7, die):     the worker dies instead of making its seventh transaction
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NoReturn

from chalicelib.aws import mail
from chalicelib.queues import queue
from chalicelib.store import files
from chalicelib.store.dynamo.connection import shared as connection
from chalicelib.store.instance import cdn
from tests import policing


class Killed(BaseException):
    """The process dies here. Nothing may catch this, as nothing catches a power cut."""


def die() -> NoReturn:
    raise Killed


@contextmanager
def before_call(operation: str, number: int, do: Callable[[], Any], *, service: str = "dynamodb",
                about: str = "") -> Iterator[None]:
    """Do something once, right before the `number`th call of an operation from now on.

    `about` counts only calls whose parameters name it (a table).
    """
    client = connection().client if service == "dynamodb" else queue._client()
    event = f"before-call.{service}.{operation}"
    seen = [0]

    def watch(params: dict[str, Any], **_: Any) -> None:
        body = params["body"]
        if about in (body.decode() if isinstance(body, bytes) else str(body)):
            seen[0] += 1
            if seen[0] == number:
                with policing.outside():
                    do()

    client.meta.events.register(event, watch)
    try:
        yield
    finally:
        client.meta.events.unregister(event, watch)
    assert seen[0] >= number, f"{operation} was called {seen[0]} times only"


WRITES = ("TransactWriteItems", "BatchWriteItem", "PutItem", "UpdateItem", "DeleteItem")
FILE_WRITES = ("DeleteObject", "PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")


@contextmanager
def before_write(number: int, do: Callable[[], Any], *, or_after: str = "") -> Iterator[list[str]]:
    """Do something once, right before the `number`th call from now on that changes anything in tables or bucket.

    `or_after`: do it at the latest before the write that follows an update in this table. Yields the calls seen so far.
    """
    seen: list[str] = []
    left = [number]
    lock = threading.Lock()

    def watch(model: Any, params: dict[str, Any], **_: Any) -> None:
        if model.name not in WRITES and not model.name.startswith(FILE_WRITES):
            return
        with lock:
            seen.append(model.name)
            left[0] -= 1
            is_it = left[0] == 0
            if or_after and model.name == "UpdateItem" and f'"{or_after}"' in _text(params["body"]):
                left[0] = 1
        if is_it:
            with policing.outside():
                do()

    watched = [(connection().client, "before-call.dynamodb"), (files._client(), "before-call.s3")]
    for client, event in watched:
        client.meta.events.register(event, watch)
    try:
        yield seen
    finally:
        for client, event in watched:
            client.meta.events.unregister(event, watch)


@contextmanager
def power_cut(number: int, *, after: bool = False) -> Iterator[list[str]]:
    """The process ends right before, or right `after`, the `number`th write from now on; 0: it lives.

    Writes are the calls that change tables, bucket or queues, send a letter, or purge the CDN: those made are in the
    list. Who has died writes no more, whatever is still under way.
    """
    made: list[str] = []
    dead, lock = threading.Event(), threading.Lock()

    def before_each(model: Any, context: dict[str, Any], **_: Any) -> None:
        if not model.name.startswith((*WRITES, *FILE_WRITES, "SendMessage", "SendEmail", "CreateInvalidation")):
            return
        with lock:
            if not dead.is_set():
                made.append(model.name)
                context["kenoma_number"] = len(made)
            if len(made) == number and not after:
                dead.set()
        if dead.is_set():
            raise Killed

    def after_each(context: dict[str, Any], **_: Any) -> None:
        if after and context.pop("kenoma_number", 0) == number:
            dead.set()
            raise Killed

    clients = {"dynamodb": connection().client, "s3": files._client(), "sqs": queue._client(), "sesv2": mail._client(),
               "cloudfront": cdn._client()}
    watched = [(client.meta.events, f"{moment}-call.{service}", watch) for service, client in clients.items()
               for moment, watch in (("before", before_each), ("after", after_each))]
    for events, event, watch in watched:
        events.register(event, watch)
    try:
        yield made
    finally:
        for events, event, watch in watched:
            events.unregister(event, watch)


def _text(body: Any) -> str:
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body)


def _cancelled(reasons: list[dict[str, str]]) -> Any:
    """DynamoDB's answer to a transaction, one reason for each of the writes."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    error = {"Code": "TransactionCanceledException",
             "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"}
    return SimpleNamespace(status_code=400), {
        "Error": error, "CancellationReasons": reasons, "ResponseMetadata": {"HTTPStatusCode": 400}}


TAKES = 0.01
"""Seconds that DynamoDB is at work on a transaction."""


@contextmanager
def contention() -> Iterator[list[int]]:
    """Refuse a transaction on an item that another one is updating, as DynamoDB does. Its stand-ins never do.

    Yields a list with an entry for each refusal.
    """
    client = connection().client
    conflicts = [0]
    held: set[str] = set()
    lock = threading.Lock()

    def before(params: dict[str, Any], context: dict[str, Any], **_: Any) -> Any:
        writes = [next(iter(each.values())) for each in json.loads(params["body"])["TransactItems"]]
        items = [f"{write['TableName']} {write['Key']}" if "Key" in write else "" for write in writes]
        with lock:
            busy = [item in held for item in items]
            if not any(busy):
                context["kenoma_held"] = set(filter(None, items))
                held.update(context["kenoma_held"])
                return None
            conflicts[0] += 1
        reasons = [{"Code": "TransactionConflict" if each else "None"} for each in busy]
        return _cancelled(reasons)

    def after(context: dict[str, Any], **_: Any) -> None:
        items = context.pop("kenoma_held", None)
        if items:
            time.sleep(TAKES)
            with lock:
                held.difference_update(items)

    events = (("before-call.dynamodb.TransactWriteItems", before), ("after-call.dynamodb.TransactWriteItems", after))
    for event, handler in events:
        client.meta.events.register(event, handler)
    try:
        yield conflicts
    finally:
        for event, handler in events:
            client.meta.events.unregister(event, handler)


CONDITIONAL = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem")


@contextmanager
def no_condition_holds() -> Iterator[list[str]]:
    """Refuse every write that has a condition, as DynamoDB does when another request is faster each time."""
    client = connection().client
    refused: list[str] = []
    failed = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}

    def refuse(model: Any, params: dict[str, Any], **_: Any) -> Any:
        body = json.loads(params["body"])
        writes = [next(iter(each.values())) for each in body.get("TransactItems", [])] or [body]
        reasons = [failed if "ConditionExpression" in write else {"Code": "None"} for write in writes]
        if failed not in reasons:
            return None
        refused.append(model.name)
        if "TransactItems" not in body:
            error = {"Code": "ConditionalCheckFailedException", "Message": failed["Message"]}
            return SimpleNamespace(status_code=400), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}
        return _cancelled(reasons)

    for operation in CONDITIONAL:
        client.meta.events.register(f"before-call.dynamodb.{operation}", refuse)
    try:
        yield refused
    finally:
        for operation in CONDITIONAL:
            client.meta.events.unregister(f"before-call.dynamodb.{operation}", refuse)


@contextmanager
def saying_wait(number: int, code: str = "ProvisionedThroughputExceededException") -> Iterator[list[str]]:
    """DynamoDB says wait to the `number`th call from now on, and when that is tried again; 0: to none.

    `code` is the error of the call. `ThrottlingError` is told as such calls tell it: as the reason of a cancelled
    transaction, or as keys and writes that a batch leaves unprocessed. Yields the calls seen so far.
    """
    client = connection().client
    seen: list[str] = []
    refused: list[Any] = []
    lock = threading.Lock()

    def watch(model: Any, params: dict[str, Any], **_: Any) -> Any:
        body = json.loads(params["body"])
        asked = [model.name, {name: value for name, value in body.items() if name != "ClientRequestToken"}]
        with lock:
            if asked not in refused:
                seen.append(model.name)
                if len(seen) != number:
                    return None
                refused.append(asked)
        return _wait(model.name, body, code)

    client.meta.events.register("before-call.dynamodb", watch)
    try:
        yield seen
    finally:
        client.meta.events.unregister("before-call.dynamodb", watch)


_LEFT = {"BatchGetItem": "UnprocessedKeys", "BatchWriteItem": "UnprocessedItems"}


def _wait(operation: str, body: Mapping[str, Any], code: str) -> Any:
    told = {"Code": code, "Message": "The level of configured provisioned throughput for the table was exceeded"}
    if code == "ThrottlingError":
        if operation in _LEFT:
            return SimpleNamespace(status_code=200), {"Responses": {}, _LEFT[operation]: body["RequestItems"],
                                                      "ResponseMetadata": {"HTTPStatusCode": 200}}
        if operation == "TransactWriteItems":
            reasons = [told if place == 0 else {"Code": "None"} for place, _ in enumerate(body["TransactItems"])]
            return _cancelled(reasons)
        told["Code"] = "ThrottlingException"
    return SimpleNamespace(status_code=400), {"Error": told, "ResponseMetadata": {"HTTPStatusCode": 400}}
