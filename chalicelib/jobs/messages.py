"""What may be asked of a queue: small dataclasses of ids, sent by `domain/`.

A message whose work must not be lost names a job row, written in the transaction that causes the work; the message
only says "now". The job's end deletes the row; a row that is left over makes the sweep send the message again.

    class Deliver(Message, kind="deliver", queue="timelines"):   declares it
    write.put(outbox(Deliver(status.id)))                        in the causing transaction
    send(Deliver(status.id))                                     after it
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from ..store import jobs
from ..store.jobs import Job


class Malformed(ValueError):
    """Nothing that a queue could have been asked. The text names no content."""


@dataclass(frozen=True)
class Message:
    """Base of all messages. `kind` is its name on the wire and in job rows; both outlive a deployment."""

    kind: ClassVar[str]
    queue: ClassVar[str]

    def __init_subclass__(cls, *, kind: str, queue: str) -> None:
        cls.kind, cls.queue = kind, queue
        if kind in KINDS:
            raise TypeError(f"two kinds of message are called {kind}")
        KINDS[kind] = cls

    @property
    def job(self) -> str | None:
        """The id of its job row; None when losing the message harms nobody."""
        return None


KINDS: dict[str, type[Message]] = {}


@dataclass(frozen=True)
class Deliver(Message, kind="deliver", queue="timelines"):
    """Place a new status wherever the request did not."""

    status_id: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.status_id}"


@dataclass(frozen=True)
class DeliverChunk(Message, kind="deliver_chunk", queue="timelines"):
    """Place a status on the home timelines of one page of followers. Its `Deliver` is not done before all are sent."""

    status_id: str
    account_ids: list[str]


@dataclass(frozen=True)
class FetchCard(Message, kind="fetch_card", queue="timelines"):
    """Fetch the preview of a status' first link. Lost, it is not missed."""

    status_id: str


@dataclass(frozen=True)
class FetchMessageCard(Message, kind="fetch_message_card", queue="timelines"):
    """Fetch the preview of the first link of a chat message, of which `chat` has one copy. Lost, it is not missed."""

    chat: str
    message_id: str


@dataclass(frozen=True)
class StatusCascade(Message, kind="status_cascade", queue="deletions"):
    """Remove what hangs on a deleted status."""

    status_id: str
    tags: list[str] = field(default_factory=list)

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.status_id}"


@dataclass(frozen=True)
class HomeSync(Message, kind="home_sync", queue="timelines"):
    """Make the owner's home timeline agree with whether he follows the other. `cause`: the change that asks for it."""

    owner: str
    other: str
    cause: str
    depth: int

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.owner}#{self.cause}"


@dataclass(frozen=True)
class ImportFollows(Message, kind="import_follows", queue="imports"):
    """Follow these names on behalf of an account: one chunk of a list."""

    account_id: str
    import_id: str
    chunk: int
    names: list[str]

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.import_id}#{self.chunk}"


@dataclass(frozen=True)
class ImportHidden(Message, kind="import_hidden", queue="imports"):
    """Block or mute these names on behalf of an account: one chunk of a list. `what` is `block` or `mute`."""

    account_id: str
    import_id: str
    chunk: int
    what: str
    names: list[str]

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.import_id}#{self.chunk}"


@dataclass(frozen=True)
class UnmuteThread(Message, kind="unmute_thread", queue="timelines"):
    """End the mute of a thread that was made until a moment (in seconds)."""

    account_id: str
    thread: str
    until: int

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}#{self.thread}#{self.until}"


@dataclass(frozen=True)
class Mail(Message, kind="mail", queue="timelines"):
    """Send a letter to an account, if it is still due then. Of two with one id only one is sent within a day."""

    id: str
    template: str
    account_id: str
    args: dict[str, str] = field(default_factory=dict)

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.id}"


@dataclass(frozen=True)
class MailNamed(Message, kind="mail_named", queue="timelines"):
    """Send a letter to whoever has this nickname or address: to nobody, if nobody has."""

    id: str
    template: str
    name: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.id}"


@dataclass(frozen=True)
class Arrival(Message, kind="arrival", queue="timelines"):
    """Do what an account's sign-up, confirmation or approval brings about. Each step is caused once."""

    account_id: str
    step: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}#{self.step}"


@dataclass(frozen=True)
class UnmuteAccount(Message, kind="unmute_account", queue="timelines"):
    """End the mute of an account that was made until a moment (in seconds)."""

    account_id: str
    other: str
    until: int

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}#{self.other}#{self.until}"


@dataclass(frozen=True)
class ExpireStatus(Message, kind="expire_status", queue="deletions"):
    """Delete a status whose time is over."""

    status_id: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.status_id}"


@dataclass(frozen=True)
class PublishScheduled(Message, kind="publish_scheduled", queue="timelines"):
    """Post a scheduled status. `due` tells a time that was changed meanwhile from the one that holds."""

    account_id: str
    id: str
    due: int

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.id}#{self.due}"


@dataclass(frozen=True)
class ClearNotifications(Message, kind="clear_notifications", queue="deletions"):
    """Delete what is left of notifications that were cleared, up to a number."""

    account_id: str
    up_to: int

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}#{self.up_to}"


@dataclass(frozen=True)
class NotifyPush(Message, kind="notify_push", queue="timelines"):
    """Push a notification to whoever subscribed to its type. Lost, it is not missed: the notification is there.

    `subscription`: only to this one, which did not answer `tries` times.
    """

    account_id: str
    notification_id: int
    subscription: str = ""
    tries: int = 0


@dataclass(frozen=True)
class ReportFiled(Message, kind="report_filed", queue="timelines"):
    """Tell the staff of a report."""

    report_id: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.report_id}"


@dataclass(frozen=True)
class AccountDelete(Message, kind="account_delete", queue="deletions"):
    """Delete an account with all that is its own. How far that is stands in the job row."""

    account_id: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}"


@dataclass(frozen=True)
class AccountDisable(Message, kind="account_disable", queue="deletions"):
    """Deactivate an account, and take it out of what others have counted."""

    account_id: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}"


@dataclass(frozen=True)
class AccountEnable(Message, kind="account_enable", queue="deletions"):
    """Put an account that is active again back into what others have counted."""

    account_id: str

    @property
    def job(self) -> str:
        return f"{self.kind}#{self.account_id}"


def outbox(message: Message, *, due_in: float = jobs.PATIENCE) -> Job:
    """The job row of a message, to be put in the causing transaction; sent by the sweep `due_in` seconds later."""
    if message.job is None:
        raise TypeError(f"{message.kind} has no job row")
    return jobs.row(message.job, message.kind, message.queue, asdict(message), due_in=due_in)


def to_text(message: Message) -> str:
    return json.dumps({"kind": message.kind, **asdict(message)}, separators=(",", ":"))


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
    """The message of a kind with these fields, all of them known and of their type."""
    if not isinstance(kind, str) or kind not in KINDS:
        raise Malformed("unknown kind")
    declared = KINDS[kind]
    checks = {each.name: _CHECKS[str(each.type)] for each in fields(declared)}
    if not values.keys() <= checks.keys() or not all(checks[name](value) for name, value in values.items()):
        raise Malformed(f"not a {kind}")
    try:
        return declared(**values)
    except TypeError:
        raise Malformed(f"not a whole {kind}") from None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_text_by_name(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for pair in value.items() for each in pair)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "list[str]": _is_texts,
    "dict[str, str]": _is_text_by_name,
}
