"""Notification requests: of whom notifications are held back."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ...domain.notifications.requests import RequestPage
from ...domain.timelines.filtering import NOTIFICATIONS
from ...domain.viewer import Viewer
from ...ids import iso, milliseconds_of
from ..accounts.account import Account, arrange_account
from ..statuses.status import Status, render_statuses


class NotificationRequest(TypedDict):
    """`notifications_count` is a text. `last_status` is missing if the account has written nothing to the viewer."""

    id: str
    created_at: str
    updated_at: str
    account: Account
    notifications_count: str
    last_status: NotRequired[Status]


def render_requests(listed: RequestPage, viewer: Viewer) -> list[NotificationRequest]:
    """The requests in the order given. Reads nothing."""
    known, shown = listed.around, []
    for request in listed.requests:
        entry: NotificationRequest = {
            "id": str(request.number),
            "created_at": iso(milliseconds_of(request.number) / 1000),
            "updated_at": iso(int(request.at)),
            "account": arrange_account(known.accounts[request.sender], viewer),
            "notifications_count": str(int(request.waiting)),
        }
        if request.status in known.statuses:
            entry["last_status"] = render_statuses([known.statuses[request.status]], viewer, known,
                                                    context=NOTIFICATIONS)[0]
        shown.append(entry)
    return shown


def render_request(listed: RequestPage, viewer: Viewer) -> NotificationRequest:
    return render_requests(listed, viewer)[0]
