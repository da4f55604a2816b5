"""Notification: what another account did that concerns the viewer."""

from __future__ import annotations

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
    """The notifications as their owner sees them, in the order given. Reads nothing."""
    return [_arrange(row, listed, viewer) for row in listed.rows]


def render_notification(listed: NotificationPage, viewer: Viewer) -> Notification:
    return render_notifications(listed, viewer)[0]


def _arrange(row: Record, listed: NotificationPage, viewer: Viewer) -> Notification:
    known, around = listed.around.known, listed.around
    shown: Notification = {
        "id": str(int(row.id)),
        "type": listed.names[row.type],
        "group_key": key_of(row),
        "created_at": iso(row.at),
        "account": arrange_account(known.accounts[row.by], viewer),
        "pleroma": {"is_seen": row.is_seen(listed.watermark), "is_muted": viewer.mutes(row.by)},
    }
    if row.is_held:
        shown["filtered"] = True
    if row.status:
        shown["status"] = render_statuses([known.statuses[row.status]], viewer, known, context=NOTIFICATIONS)[0]
    if row.emoji:
        shown["emoji"] = row.emoji
    if row.emoji_url:
        shown["emoji_url"] = row.emoji_url
    if row.target:
        shown["target"] = arrange_account(known.accounts[row.target], viewer)
    if row.type == OF_CHAT:
        shown["chat_message"] = render_chat_message(around.messages[row.cause], viewer)
    if row.type == OF_REPORT:
        shown["report"] = render_admin_report(around.reported.reports[row.cause], around.reported)
    return shown
