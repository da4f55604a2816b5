"""What may be asked of a queue: small dataclasses of ids, sent by `domain/`.

A message whose work must not be lost has a job row, written in the transaction that causes the work. The message only
says "now". When the job ends, its row is deleted. If a row is left over, the sweep sends the message again.

    class StatusCascade(Message, kind="status_cascade", queue="timelines", row=("status_id",)):   declares it
    write.put(outbox(StatusCascade(status.id)))                                                   in the transaction
    send(StatusCascade(status.id))                                                                after it
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from .. import request_ids
from ..store import jobs
from ..store.jobs import Job


class Malformed(ValueError):
    """This is no message that a queue could have been sent. The text quotes no content."""


@dataclass(frozen=True)
class Message:
    """Base of all messages. `kind` is the name on the wire and in job rows. Both outlive a deployment.

    `row` names the fields that tell the job row from others of the kind. A message that may be lost has no row.
    `lasts`: seconds that a run may take at most. It is not begun when its function has less time left.
    `request_id`: that of the request from which the work follows. It says nothing of the work itself.
    """

    kind: ClassVar[str]
    queue: ClassVar[str]
    row: ClassVar[tuple[str, ...]]
    lasts: ClassVar[float]
    request_id: str = field(default_factory=request_ids.current, compare=False, kw_only=True)

    def __init_subclass__(cls, *, kind: str, queue: str, row: tuple[str, ...] = (), lasts: float = 20) -> None:
        cls.kind, cls.queue, cls.row, cls.lasts = kind, queue, row, lasts
        if kind in KINDS:
            raise TypeError(f"two kinds of message are called {kind}")
        KINDS[kind] = cls

    @property
    def job(self) -> str:
        """The id of its job row. Raises TypeError where `row` is empty."""
        if not self.row:
            raise TypeError(f"{self.kind} has no job row")
        return "#".join([self.kind, *(str(getattr(self, name)) for name in self.row)])


KINDS: dict[str, type[Message]] = {}


def outbox(message: Message, *, due_in: float = jobs.PATIENCE) -> Job:
    """The job row of a message, to be put in the causing transaction. The sweep sends it `due_in` seconds later."""
    return jobs.row(message.job, message.kind, message.queue, _values(message), due_in=due_in)


def to_text(message: Message) -> str:
    return json.dumps({"kind": message.kind, **_values(message)}, separators=(",", ":"))


def _values(message: Message) -> dict[str, Any]:
    values = asdict(message)
    if not message.request_id:
        del values["request_id"]
    return values


def from_text(text: str) -> Message:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if not isinstance(values, dict):
        raise Malformed("not an object")
    kind = values.pop("kind", None)
    return of(kind, values)


def of(kind: Any, values: Mapping[str, Any]) -> Message:
    """The message of a kind with these fields. All fields must be known and of the right type."""
    if not isinstance(kind, str) or kind not in KINDS:
        raise Malformed("unknown kind")
    declared = KINDS[kind]
    checks = {each.name: _CHECKS[str(each.type)] for each in fields(declared)}
    if not values.keys() <= checks.keys() or not all(checks[name](value) for name, value in values.items()):
        raise Malformed(f"not a {kind}")
    try:
        return declared(**{"request_id": "", **values})  # older messages have none
    except TypeError:
        raise Malformed(f"not a whole {kind}") from None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_text_by_name(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for pair in value.items() for each in pair)


def _is_object_by_name(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "list[str]": _is_texts,
    "dict[str, str]": _is_text_by_name,
    "dict[str, dict[str, Any]]": _is_object_by_name,
}
