"""What others did that concerns the viewer, as a page."""

from __future__ import annotations

from typing import Annotated

from ....domain.notifications import reading
from ....domain.notifications.reading import NotificationWishes
from ....domain.signing_in import telling
from ....domain.timelines import browsing
from ....domain.timelines.browsing import ListPart
from ....domain.viewer import Viewer
from ....entities.notifications.notification import render_notifications
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.forms import Field
from ....web.replies import As, Html, Redirect
from ....web.request import Request
from . import MaxId, MinId, list_page, numbered

HERE = "/account/notifications"


@endpoint("GET", HERE, auth=session_of("read:notifications"), ahead=reading.ahead, refuses=(404,))
def notifications_page(request: Request, viewer: Viewer, max_id: MaxId, min_id: MinId) -> Html:
    """The viewer's notifications, newest first. Looking at them marks none as read."""
    at = numbered(max_id, min_id)
    found = reading.list_of(viewer, at, NotificationWishes())
    shown = render_notifications(found, viewer)
    part = browsing.cut(shown, [each["id"] for each in shown], at, found.continues)
    unread = any(not each["pleroma"]["is_seen"] for each in part.rows)
    return list_page("notifications", request, viewer, ListPart(part.rows, part.newer, part.older), unread=unread)


@endpoint("POST", HERE, auth=session_of("write:notifications"))
def mark_all_read(viewer: Viewer, max_id: Annotated[Field, "The newest that was shown."]) -> Annotated[
        Redirect, As(303)]:
    """Mark all as read up to the newest that was shown: what came since then was not seen."""
    reading.mark_all_read(max_id or "", viewer)
    telling.tell(viewer, "read")
    return Redirect(HERE, 303)
