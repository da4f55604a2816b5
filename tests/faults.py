"""Faults at the border to AWS: something happens, or everything ends, just as a call is about to leave.

    with before_call("TransactWriteItems", 7, die):     the worker dies instead of making its seventh transaction
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from chalicelib.jobs import queue
from chalicelib.store import files
from chalicelib.store.connection import shared as connection


class Killed(BaseException):
    """The process ends here: nothing may catch this, as nothing catches a power cut."""


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
                do()

    client.meta.events.register(event, watch)
    try:
        yield
    finally:
        client.meta.events.unregister(event, watch)
    assert seen[0] >= number, f"{operation} was called {seen[0]} times only"


WRITES = ("TransactWriteItems", "BatchWriteItem", "PutItem", "UpdateItem", "DeleteItem")


@contextmanager
def before_write(number: int, do: Callable[[], Any], *, or_after: str = "") -> Iterator[list[str]]:
    """Do something once, right before the `number`th call from now on that changes anything in tables or bucket.

    `or_after`: at the latest before the write that follows an update in this table. The calls seen are in the list.
    """
    seen: list[str] = []
    left = [number]
    lock = threading.Lock()

    def watch(model: Any, params: dict[str, Any], **_: Any) -> None:
        if model.name not in WRITES and not model.name.startswith(("DeleteObject", "PutObject")):
            return
        with lock:
            seen.append(model.name)
            left[0] -= 1
            is_it = left[0] == 0
            if or_after and model.name == "UpdateItem" and f'"{or_after}"' in _text(params["body"]):
                left[0] = 1
        if is_it:
            do()

    watched = [(connection().client, "before-call.dynamodb"), (files._client(), "before-call.s3")]
    for client, event in watched:
        client.meta.events.register(event, watch)
    try:
        yield seen
    finally:
        for client, event in watched:
            client.meta.events.unregister(event, watch)


def _text(body: Any) -> str:
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body)
