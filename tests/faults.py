"""Faults at the border to AWS: something happens, or everything ends, just as a call is about to leave.

    with before_call("TransactWriteItems", 7, die):     the worker dies instead of making its seventh transaction
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from chalicelib.jobs import queue
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
