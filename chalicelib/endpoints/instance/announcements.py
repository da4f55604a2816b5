"""What administrators announce to everybody. Clients ask when they start."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ... import entities
from ...domain.instance import announcements
from ...domain.instance.announcements import AnnouncementChange
from ...domain.viewer import Viewer
from ...entities.instance.announcement import render_announcements, render_for_staff
from ...web.auth import admin, signed_in
from ...web.endpoint import endpoint
from ...web.params import DateTime, Flag

Content = Annotated[str | None, "Plain text."]
Time = DateTime | None


@endpoint("GET", "/api/v1/announcements", auth=signed_in(), ahead=announcements.ahead)
def index(viewer: Viewer, with_dismissed: Annotated[Flag, "Also what the viewer has dismissed."] = False,
          ) -> list[entities.Announcement]:
    """What is announced now, the oldest first."""
    return render_announcements(announcements.list_for(viewer, with_dismissed=with_dismissed))


@endpoint("POST", "/api/v1/announcements/{id}/dismiss", auth=signed_in("write:accounts"), refuses=(404,))
def dismiss(viewer: Viewer, id: str) -> dict[str, Any]:
    """Mark an announcement as read."""
    announcements.dismiss(id, viewer)
    return {}


@endpoint("PUT", "/api/v1/announcements/{id}/reactions/{name}", auth=signed_in("write:favourites"), refuses=(404,))
def react(viewer: Viewer, id: str, name: str) -> dict[str, Any]:
    """Put an emoji on an announcement: Unicode, or a shortcode of this server."""
    announcements.react(id, name, viewer)
    return {}


@endpoint("DELETE", "/api/v1/announcements/{id}/reactions/{name}", auth=signed_in("write:favourites"), refuses=(404,))
def take_back(viewer: Viewer, id: str, name: str) -> dict[str, Any]:
    """Take an emoji away again."""
    announcements.take_back(id, name, viewer)
    return {}


# For administrators.


@endpoint("GET", "/api/v1/pleroma/admin/announcements", auth=admin("admin:read"))
def index_for_staff(limit: int = 20, offset: int = 0) -> list[entities.Announcement]:
    """All announcements, the newest first."""
    found = announcements.list_for_staff(max(offset, 0), min(max(limit, 0), announcements.MOST))
    return [render_for_staff(each) for each in found]


@endpoint("GET", "/api/v1/pleroma/admin/announcements/{id}", auth=admin("admin:read"), refuses=(404,))
def show(id: str) -> entities.Announcement:
    """One announcement."""
    return render_for_staff(announcements.get(id))


@endpoint("POST", "/api/v1/pleroma/admin/announcements", auth=admin("admin:write"))
def add(content: Content = None, starts_at: Time = None, ends_at: Time = None,
        all_day: Flag = False) -> entities.Announcement:
    """Announce something. Without times it is shown at once and for good."""
    return render_for_staff(announcements.add(_change(content, starts_at, ends_at, all_day)))


@endpoint("PATCH", "/api/v1/pleroma/admin/announcements/{id}", auth=admin("admin:write"), refuses=(404,))
def change(id: str, content: Content = None, starts_at: Time = None, ends_at: Time = None,
           all_day: Flag | None = None) -> entities.Announcement:
    """Change an announcement. What is not sent stays."""
    return render_for_staff(announcements.change(id, _change(content, starts_at, ends_at, all_day)))


@endpoint("DELETE", "/api/v1/pleroma/admin/announcements/{id}", auth=admin("admin:write"), refuses=(404,))
def remove(id: str) -> dict[str, Any]:
    """Take an announcement back."""
    announcements.remove(id)
    return {}


def _change(content: str | None, starts_at: datetime | None, ends_at: datetime | None,
            all_day: bool | None) -> AnnouncementChange:
    return AnnouncementChange(content, _seconds(starts_at), _seconds(ends_at), all_day)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
