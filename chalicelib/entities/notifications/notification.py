"""Notification: what another account did that concerns the viewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from ...domain.notifications.grouping import key_of
from ...domain.notifications.reading import OF_CHAT, OF_REPORT, NotificationPage
from ...domain.timelines.filtering import NOTIFICATIONS
from ...domain.viewer import Viewer
from ...ids import iso
from ...store.notifications.notifications import Notification as Record
from ..accounts.account import Account, arrange_account
from ..chat_message import ChatMessage, render_chat_message
from ..staff.admin_report import AdminReport, render_admin_report
from ..statuses.status import Status, render_statuses


class NotificationPleroma(TypedDict):
    is_seen: bool
    is_muted: bool


class Notification(TypedDict):
    """The type decides which of the last keys are there. A missing key is never null.

    `filtered` is there, and true, if the viewer's policy holds the notification back.
    """

    id: str
    type: str
    group_key: str
    created_at: str
    account: Account
    pleroma: NotificationPleroma
    filtered: NotRequired[bool]
    status: NotRequired[Status]
    emoji: NotRequired[str]
    emoji_url: NotRequired[str]
    target: NotRequired[Account]
    chat_message: NotRequired[ChatMessage]
    report: NotRequired[AdminReport]


def render_notifications(listed: NotificationPage, viewer: Viewer) -> list[Notification]:
    """The notifications as their owner sees them, in the order given. Reads nothing.

    A status or account of several of them is arranged once.
    """
    known = listed.around.known
    people = {id: arrange_account(known.accounts[id], viewer)
              for id in {row.by for row in listed.rows} | {row.target for row in listed.rows if row.target}}
    told_of = list({row.status for row in listed.rows if row.status})
    shown = render_statuses([known.statuses[id] for id in told_of], viewer, known, context=NOTIFICATIONS)
    statuses = dict(zip(told_of, shown, strict=True))
    return [_arrange(row, listed, people, statuses, viewer) for row in listed.rows]


def render_notification(listed: NotificationPage, viewer: Viewer) -> Notification:
    return render_notifications(listed, viewer)[0]


def _arrange(row: Record, listed: NotificationPage, people: Mapping[str, Account], statuses: Mapping[str, Status],
             viewer: Viewer) -> Notification:
    around = listed.around
    shown: Notification = {
        "id": str(int(row.id)),
        "type": listed.names[row.type],
        "group_key": key_of(row),
        "created_at": iso(row.at),
        "account": people[row.by],
        "pleroma": {"is_seen": row.is_seen(listed.watermark), "is_muted": viewer.mutes(row.by)},
    }
    if row.is_held:
        shown["filtered"] = True
    if row.status:
        shown["status"] = statuses[row.status]
    if row.emoji:
        shown["emoji"] = row.emoji
    if row.emoji_url:
        shown["emoji_url"] = row.emoji_url
    if row.target:
        shown["target"] = people[row.target]
    if row.type == OF_CHAT:
        shown["chat_message"] = render_chat_message(around.messages[row.cause], viewer)
    if row.type == OF_REPORT:
        shown["report"] = render_admin_report(around.reported.reports[row.cause], around.reported)
    return shown
