"""Notifications: what others did that concerns the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from ... import entities
from ...domain.notifications import reading
from ...domain.notifications.reading import DEFAULT_TYPES, NotificationWishes
from ...domain.viewer import Viewer
from ...entities.notifications.notification import render_notification, render_notifications
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.paging import Page, Paged
from ...web.params import Flag, FlakeId, Flat, InvalidParameters

READ, WRITE = signed_in("read:notifications"), signed_in("write:notifications")
Visibility = Literal["direct", "private", "unlisted", "public", "local"]


@dataclass(frozen=True)
class ListFields:
    include_types: Annotated[list[str] | None, f"Only these; if absent: {', '.join(DEFAULT_TYPES)}."] = None
    types: Annotated[list[str] | None, "Another name of `include_types`."] = None
    exclude_types: Annotated[list[str] | None, "Not these. Unknown types are ignored."] = None
    account_id: Annotated[FlakeId | None, "Only what this account did."] = None
    exclude_visibilities: Annotated[list[Visibility] | None, "Leave out those about statuses of these visibilities."
                                    ] = None
    with_muted: Annotated[Flag, "Keep those of muted accounts and threads."] = False

    @property
    def wishes(self) -> NotificationWishes:
        return NotificationWishes(
            (self.include_types or []) + (self.types or []), self.exclude_types or (), self.account_id,
            self.exclude_visibilities or (), self.with_muted,
        )


@endpoint("GET", "/api/v1/notifications", auth=READ, ahead=reading.ahead, refuses=(404,))
def index(viewer: Viewer, page: Page, fields: Flat[ListFields]) -> Paged[entities.Notification]:
    """The viewer's notifications, newest first. This marks none as read."""
    listed = reading.list_of(viewer, page, fields.wishes)
    return page.reply(render_notifications(listed, viewer), continues=listed.continues)


@endpoint("GET", "/api/v1/notifications/{id}", auth=READ, ahead=reading.ahead)
def show(viewer: Viewer, id: FlakeId) -> entities.Notification:
    """One of the viewer's notifications, even if the list hides it."""
    return render_notification(reading.get(id, viewer), viewer)


@endpoint("POST", "/api/v1/notifications/{id}/dismiss", auth=WRITE, ahead=reading.ahead)
def dismiss(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a notification."""
    reading.dismiss(id, viewer)
    return {}


@endpoint("POST", "/api/v1/notifications/dismiss", auth=WRITE, ahead=reading.ahead)
def dismiss_by_field(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a notification: the older form."""
    reading.dismiss(id, viewer)
    return {}


@endpoint("POST", "/api/v1/notifications/clear", auth=WRITE)
def clear(viewer: Viewer) -> dict[str, Any]:
    """Delete all notifications."""
    reading.clear(viewer)
    return {}


@endpoint("DELETE", "/api/v1/notifications/destroy_multiple", auth=WRITE)
def destroy_multiple(viewer: Viewer, ids: list[FlakeId]) -> dict[str, Any]:
    """Delete several notifications. Unknown ones are no fault."""
    reading.dismiss_many(ids, viewer)
    return {}


@endpoint("POST", "/api/v1/pleroma/notifications/read", auth=WRITE, ahead=reading.ahead)
def mark_read(viewer: Viewer, id: Annotated[FlakeId | None, "Mark this one."] = None,
              max_id: Annotated[FlakeId | None, "Or all up to this one."] = None,
              ) -> entities.Notification | list[entities.Notification]:
    """Mark one as read, or all up to one. In the second case answers the newest eighty that were unread."""
    if id is not None:
        return render_notification(reading.mark_read(id, viewer), viewer)
    if max_id is None:
        raise InvalidParameters([ParameterFault(("id",), "Missing field: id")])
    return render_notifications(reading.mark_all_read(max_id, viewer), viewer)
