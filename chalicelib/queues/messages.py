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


@dataclass(frozen=True)
class DeliverPosted(Message, kind="deliver_posted", queue="timelines"):
    """Place a new status wherever the request did not. If it is lost, the sweep finds the status undelivered."""

    status_id: str
    account_id: str


@dataclass(frozen=True)
class Deliver(Message, kind="deliver", queue="timelines", row=("status_id",)):
    """Deliver a status that should have been delivered by now."""

    status_id: str
    account_id: str = ""


@dataclass(frozen=True)
class DeliverPages(Message, kind="deliver_pages", queue="timelines", row=("status_id",), lasts=60):
    """Place a status at home of the followers that come after one, by id. The job row holds how far that is."""

    status_id: str
    account_id: str
    after: str


@dataclass(frozen=True)
class DeliverChunk(Message, kind="deliver_chunk", queue="timelines"):
    """Place a status on the home timelines of one page of followers. `DeliverPages` goes on only when it is sent."""

    status_id: str
    account_ids: list[str]
    account_id: str = ""


@dataclass(frozen=True)
class FetchCard(Message, kind="fetch_card", queue="outside"):
    """Fetch the preview of a status' first link. It may be lost. `waits`: how often the other server was not free."""

    status_id: str
    waits: int = 0


@dataclass(frozen=True)
class DescribeHost(Message, kind="describe_host", queue="outside"):
    """Ask another server what software it runs. `base`: its scheme and host. It may be lost.

    `inbox`: where an account of it, or all of them, are reached.
    """

    base: str
    inbox: str = ""


@dataclass(frozen=True)
class FetchMessageCard(Message, kind="fetch_message_card", queue="outside"):
    """Fetch the preview of a chat message's first link. `chat` has one copy of the message. It may be lost."""

    chat: str
    message_id: str
    waits: int = 0


@dataclass(frozen=True)
class StatusCascade(Message, kind="status_cascade", queue="timelines", row=("status_id",), lasts=60):
    """Delete what belonged to a deleted status. `leaves` 1: other servers that may have it are told before."""

    status_id: str
    tags: list[str] = field(default_factory=list)
    leaves: int = 0


@dataclass(frozen=True)
class Readdress(Message, kind="readdress", queue="timelines", row=("status_id", "change"), lasts=60):
    """Bring all that follows from a status' visibility in line with it. `was`: the visibility before the change."""

    status_id: str
    change: str
    was: str


@dataclass(frozen=True)
class HomeSync(Message, kind="home_sync", queue="timelines", row=("owner", "cause"), lasts=30):
    """Bring the owner's home timeline in line with whether they follow the other. `cause`: the change that asks."""

    owner: str
    other: str
    cause: str
    depth: int


@dataclass(frozen=True)
class ImportFollows(Message, kind="import_follows", queue="imports", row=("import_id", "chunk"), lasts=600):
    """Follow these names on behalf of an account: one chunk of a list. `columns`: what it says of some of them."""

    account_id: str
    import_id: str
    chunk: int
    names: list[str]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportHidden(Message, kind="import_hidden", queue="imports", row=("import_id", "chunk"), lasts=600):
    """Block or mute these names on behalf of an account: one chunk of a list. `what` is `block` or `mute`."""

    account_id: str
    import_id: str
    chunk: int
    what: str
    names: list[str]
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class UnmuteThread(Message, kind="unmute_thread", queue="timelines", row=("account_id", "thread", "until")):
    """End a mute of a thread at the moment until which it was made (in seconds)."""

    account_id: str
    thread: str
    until: int


@dataclass(frozen=True)
class Mail(Message, kind="mail", queue="outside", row=("id",)):
    """Send a letter to an account, if it is still due by then. Of two with the same id, a day sends only one."""

    id: str
    template: str
    account_id: str
    args: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MailNamed(Message, kind="mail_named", queue="outside", row=("id",)):
    """Send a letter to whoever has this nickname or address. If nobody has it, nothing is sent."""

    id: str
    template: str
    name: str


@dataclass(frozen=True)
class Arrival(Message, kind="arrival", queue="timelines", row=("account_id", "step")):
    """Do what follows from an account's sign-up, confirmation or approval. Each of them happens once."""

    account_id: str
    step: str


@dataclass(frozen=True)
class UnmuteAccount(Message, kind="unmute_account", queue="timelines", row=("account_id", "other", "until")):
    """End a mute of an account at the moment until which it was made (in seconds)."""

    account_id: str
    other: str
    until: int


@dataclass(frozen=True)
class ExpireStatus(Message, kind="expire_status", queue="timelines", row=("status_id",)):
    """Delete a status whose time is over."""

    status_id: str


@dataclass(frozen=True)
class PublishScheduled(Message, kind="publish_scheduled", queue="timelines", row=("id", "due")):
    """Post a scheduled status. `due`: the time it was scheduled for, so that a changed time is noticed."""

    account_id: str
    id: str
    due: int


@dataclass(frozen=True)
class TidyEmoji(Message, kind="tidy_emoji", queue="timelines", row=("change",), lasts=60):
    """Finish a change of an emoji pack if the function that made it died. A change that ends deletes this row."""

    change: str


@dataclass(frozen=True)
class ClearNotifications(Message, kind="clear_notifications", queue="timelines", row=("account_id", "up_to"), lasts=60):
    """Delete the notifications up to a number that were cleared and still exist."""

    account_id: str
    up_to: int


@dataclass(frozen=True)
class NotifyPush(Message, kind="notify_push", queue="outside"):
    """Push a notification to whoever subscribed to its type. It may be lost: the notification itself is in the list.

    `subscription`: push only to this one, which has not answered `tries` times, and `waits` times was not free.
    """

    account_id: str
    notification_id: int
    subscription: str = ""
    tries: int = 0
    waits: int = 0


@dataclass(frozen=True)
class ReportFiled(Message, kind="report_filed", queue="timelines", row=("report_id",)):
    """Tell the staff of a report."""

    report_id: str


@dataclass(frozen=True)
class ForcePasswordReset(Message, kind="force_password_reset", queue="timelines", row=("account_id", "generation")):
    """Demand a new password of an account. `generation`: of its tokens. Once that is over, it has got one since."""

    account_id: str
    generation: int


@dataclass(frozen=True)
class AccountDelete(Message, kind="account_delete", queue="timelines", row=("account_id",), lasts=120):
    """Delete an account with everything of its own. The job row holds how far that is."""

    account_id: str


@dataclass(frozen=True)
class AccountDisable(Message, kind="account_disable", queue="timelines", row=("account_id",), lasts=120):
    """Deactivate an account, and take it out of the counters of others."""

    account_id: str


@dataclass(frozen=True)
class AccountEnable(Message, kind="account_enable", queue="timelines", row=("account_id",), lasts=120):
    """Put an account that is active again back into the counters of others."""

    account_id: str


@dataclass(frozen=True)
class PurgeCdn(Message, kind="purge_cdn", queue="outside", row=("id",)):
    """Let the CDN forget its copies of some paths. It does so once for an id."""

    id: str
    paths: list[str]


@dataclass(frozen=True)
class EndApp(Message, kind="end_app", queue="timelines", row=("client_id",), lasts=60):
    """Delete the tokens of an app that was deleted. `last` 1: nothing is under way any more that makes tokens."""

    client_id: str
    last: int = 0


@dataclass(frozen=True)
class BackupBuild(Message, kind="backup_build", queue="archives", row=("account_id", "backup_id"), lasts=600):
    """Build an account's backup. The job row holds how far that is. `name`: the name of the file, for cleaning up."""

    account_id: str
    backup_id: int
    name: str


@dataclass(frozen=True)
class BackupPurge(Message, kind="backup_purge", queue="archives", row=("account_id", "backup_id"), lasts=60):
    """Delete a backup whose time is over."""

    account_id: str
    backup_id: int
    name: str


@dataclass(frozen=True)
class Backfill(Message, kind="backfill", queue="timelines", row=("what",), lasts=60):
    """Make derived rows again: `search`, `home`, `statistics`. The job row holds how far that is."""

    what: str


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
