"""Notifications in groups: each account and each status once, and the groups, which name them by id."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ...domain.notifications.groups import GroupPage, NotificationGroup
from ...domain.notifications.reading import OF_REPORT
from ...domain.timelines.filtering import NOTIFICATIONS
from ...domain.viewer import Viewer
from ...ids import iso
from ...store.accounts.accounts import Account as Record
from ..accounts.account import Account, arrange_account
from ..staff.admin_report import AdminReport, render_admin_report
from ..statuses.status import Status, render_statuses

PARTIAL_AVATARS = "partial_avatars"


class PartialAccount(TypedDict):
    """What it takes to show a picture of an account."""

    id: str
    acct: str
    url: str
    avatar: str
    avatar_static: str
    locked: bool
    bot: bool


class GroupOfNotifications(TypedDict):
    """`most_recent_notification_id` is an integer below 2^53. The keys with `page` are there in lists only."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    sample_account_ids: list[str]
    latest_page_notification_at: str
    page_min_id: NotRequired[str]
    page_max_id: NotRequired[str]
    status_id: NotRequired[str]
    emoji: NotRequired[str]
    emoji_url: NotRequired[str]
    report: NotRequired[AdminReport]


class GroupedNotifications(TypedDict):
    """`partial_accounts` is there if it was asked for."""

    accounts: list[Account]
    partial_accounts: NotRequired[list[PartialAccount]]
    statuses: list[Status]
    notification_groups: list[GroupOfNotifications]


def render_groups(listed: GroupPage, viewer: Viewer, expand_accounts: str = "full") -> GroupedNotifications:
    """The groups as their owner sees them, in the order given. Reads nothing."""
    known = listed.around.known
    first = dict.fromkeys(group.newest.by for group in listed.groups)
    people = dict.fromkeys(row.by for group in listed.groups for row in group.shown)
    in_full = first if expand_accounts == PARTIAL_AVATARS else people
    told_of = dict.fromkeys(group.newest.status for group in listed.groups if group.newest.status)
    shown: GroupedNotifications = {
        "accounts": [arrange_account(known.accounts[id], viewer) for id in in_full],
        "statuses": render_statuses([known.statuses[id] for id in told_of], viewer, known, context=NOTIFICATIONS),
        "notification_groups": [_arrange(group, listed) for group in listed.groups],
    }
    if expand_accounts == PARTIAL_AVATARS:
        shown["partial_accounts"] = [_partial(known.accounts[id], viewer) for id in people if id not in first]
    return shown


def _arrange(group: NotificationGroup, listed: GroupPage) -> GroupOfNotifications:
    row = group.newest
    shown: GroupOfNotifications = {
        "group_key": group.key,
        "notifications_count": group.count,
        "type": listed.names[row.type],
        "most_recent_notification_id": int(row.id),
        "sample_account_ids": list(dict.fromkeys(each.by for each in group.shown)),
        "latest_page_notification_at": iso(row.at),
    }
    if group.page is not None:
        shown["page_min_id"], shown["page_max_id"] = str(group.page[0]), str(group.page[1])
    if row.status:
        shown["status_id"] = row.status
    if row.emoji:
        shown["emoji"] = row.emoji
    if row.emoji_url:
        shown["emoji_url"] = row.emoji_url
    if row.type == OF_REPORT:
        shown["report"] = render_admin_report(listed.around.reported.reports[row.cause], listed.around.reported)
    return shown


def _partial(account: Record, viewer: Viewer) -> PartialAccount:
    whole = arrange_account(account, viewer)
    return {"id": whole["id"], "acct": whole["acct"], "url": whole["url"], "avatar": whole["avatar"],
            "avatar_static": whole["avatar_static"], "locked": whole["locked"], "bot": whole["bot"]}
