"""Notification requests: deciding about what the policy holds back."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.notifications import requests
from ...domain.viewer import Viewer
from ...entities.notifications.notification_request import render_request, render_requests
from ...entities.notifications.requests_merged import RequestsMerged
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged, Sizes
from ...web.params import FlakeId

READ, WRITE = signed_in("read:notifications"), signed_in("write:notifications")


@endpoint("GET", "/api/v1/notifications/requests", auth=READ)
def index(viewer: Viewer, page: Annotated[Page, Sizes(default=40, most=80)]) -> Paged[entities.NotificationRequest]:
    """The accounts of whom notifications are held back, the latest request first."""
    listed = requests.list_of(viewer, page)
    return page.reply(render_requests(listed, viewer), continues=listed.continues)


@endpoint("GET", "/api/v1/notifications/requests/merged", auth=READ, ahead=requests.ahead)
def merged(viewer: Viewer) -> entities.RequestsMerged:
    """Whether the notifications of accepted accounts are in the list by now."""
    return RequestsMerged(merged=requests.is_merged(viewer))


@endpoint("GET", "/api/v1/notifications/requests/{id}", auth=READ)
def show(viewer: Viewer, id: FlakeId) -> entities.NotificationRequest:
    """One request."""
    return render_request(requests.get(id, viewer), viewer)


@endpoint("POST", "/api/v1/notifications/requests/accept", auth=WRITE)
def accept_many(viewer: Viewer, id: list[FlakeId] | None = None) -> dict[str, Any]:
    """Accept several requests, forty at most. Unknown ones are no fault, nor is none at all."""
    requests.accept_many(id or (), viewer)
    return {}


@endpoint("POST", "/api/v1/notifications/requests/dismiss", auth=WRITE)
def dismiss_many(viewer: Viewer, id: list[FlakeId] | None = None) -> dict[str, Any]:
    """Dismiss several requests, forty at most. Unknown ones are no fault, nor is none at all."""
    requests.dismiss_many(id or (), viewer)
    return {}


@endpoint("POST", "/api/v1/notifications/requests/{id}/accept", auth=WRITE)
def accept(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Let an account's notifications through from now on, and those that are held back. A job brings these."""
    requests.accept(id, viewer)
    return {}


@endpoint("POST", "/api/v1/notifications/requests/{id}/dismiss", auth=WRITE)
def dismiss(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete what is held back of an account. What it does later is held back again."""
    requests.dismiss(id, viewer)
    return {}
