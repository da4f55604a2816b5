"""What may be asked of a queue so that people learn something: notifications, pushes, letters."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import Message


@dataclass(frozen=True)
class ClearNotifications(Message, kind="clear_notifications", queue="timelines", row=("account_id", "up_to"), lasts=60):
    """Delete the notifications up to a number that were cleared and still exist."""

    account_id: str
    up_to: int


@dataclass(frozen=True)
class DismissGroup(Message, kind="dismiss_group", queue="timelines", row=("account_id", "key"), lasts=60):
    """Delete the notifications of a group that one request did not reach."""

    account_id: str
    key: str


@dataclass(frozen=True)
class SettleRequest(Message, kind="settle_request", queue="timelines", row=("account_id", "sender_id"), lasts=60):
    """Release or delete what was held back of a sender's notifications.

    `up_to`: the number up to which they are deleted. 0: all are released.
    """

    account_id: str
    sender_id: str
    up_to: int = 0


@dataclass(frozen=True)
class PollEnded(Message, kind="poll_ended", queue="timelines", row=("status_id",), lasts=60):
    """Tell the author of a poll, and who voted in it, that it is over."""

    status_id: str


@dataclass(frozen=True)
class TellOfSignUp(Message, kind="tell_of_sign_up", queue="timelines"):
    """Tell the staff of a new account. If it is lost, only a notification is missing."""

    account_id: str


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
