"""Notifications: what others did that concerns the viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from ... import entities
from ...domain.notifications import counting, groups, reading
from ...domain.notifications.grouping import GROUPED
from ...domain.notifications.reading import DEFAULT_TYPES, NotificationWishes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.notifications.notification import render_notification, render_notifications
from ...entities.notifications.notification_groups import render_groups
from ...entities.notifications.unread_count import UnreadCount
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.paging import Page, Paged, Sizes
from ...web.params import Flag, FlakeId, Flat, InvalidParameters
from ...web.replies import Reply

READ, WRITE = signed_in("read:notifications"), signed_in("write:notifications")
MOST_COUNTED = 1000
GROUPED_TYPES = f"Group only these. If absent: {', '.join(GROUPED)}."
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
    include_filtered: Annotated[Flag, "Also those that the viewer's policy holds back."] = False

    @property
    def wishes(self) -> NotificationWishes:
        return NotificationWishes(
            (self.include_types or []) + (self.types or []), self.exclude_types or (), self.account_id,
            self.exclude_visibilities or (), self.with_muted, self.include_filtered,
        )


@dataclass(frozen=True)
class CountFields:
    limit: Annotated[int, "Count no further, from 1 to 1,000."] = 100
    types: Annotated[list[str] | None, "Only these."] = None
    exclude_types: Annotated[list[str] | None, "Not these."] = None
    account_id: Annotated[FlakeId | None, "Only what this account did."] = None
    grouped_types: Annotated[list[str] | None, GROUPED_TYPES] = None

    @property
    def wishes(self) -> NotificationWishes:
        return NotificationWishes(self.types or (), self.exclude_types or (), self.account_id)

    @property
    def most(self) -> int:
        return max(1, min(self.limit, MOST_COUNTED))


@endpoint("GET", "/api/v1/notifications", auth=READ, ahead=reading.ahead, refuses=(404,))
def index(viewer: Viewer, page: Page, fields: Flat[ListFields]) -> Paged[entities.Notification]:
    """The viewer's notifications, newest first. This marks none as read."""
    listed = reading.list_of(viewer, page, fields.wishes)
    return page.reply(render_notifications(listed, viewer), continues=listed.continues)


@endpoint("GET", "/api/v1/notifications/unread_count", auth=READ, ahead=reading.ahead, refuses=(404,))
def unread_count(viewer: Viewer, fields: Flat[CountFields]) -> entities.UnreadCount:
    """How many are newer than the marker of notifications."""
    return UnreadCount(count=counting.count_unread(viewer, fields.wishes, fields.most))


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


# In groups.


@dataclass(frozen=True)
class GroupFields:
    expand_accounts: Annotated[Literal["full", "partial_avatars"],
                               "`partial_avatars`: only the latest account of each group in full."] = "full"
    grouped_types: Annotated[list[str] | None, GROUPED_TYPES] = None


@endpoint("GET", "/api/v2/notifications", auth=READ, ahead=reading.ahead, refuses=(404,))
def index_of_groups(viewer: Viewer, page: Annotated[Page, Sizes(default=40, most=80)], fields: Flat[ListFields],
                    how: Flat[GroupFields]) -> Reply[entities.GroupedNotifications]:
    """The viewer's notifications in groups of one type, target and half day, newest first."""
    listed = groups.list_of(viewer, page, fields.wishes, how.grouped_types)
    link = page.link(listed.ends, continues=listed.continues)
    return Reply(render_groups(listed, viewer, how.expand_accounts), headers={"Link": link} if link else {})


@endpoint("GET", "/api/v2/notifications/unread_count", auth=READ, ahead=reading.ahead, refuses=(404,))
def unread_count_of_groups(viewer: Viewer, fields: Flat[CountFields]) -> entities.UnreadCount:
    """How many groups have something that is newer than the marker of notifications."""
    return UnreadCount(count=counting.count_unread_groups(viewer, fields.wishes, fields.most, fields.grouped_types))


@endpoint("GET", "/api/v2/notifications/{group_key}", auth=READ, ahead=reading.ahead_of_group,
          refuses=(404,))
def show_group(viewer: Viewer, group_key: str) -> entities.GroupedNotifications:
    """One group."""
    return render_groups(groups.get(group_key, viewer), viewer)


@endpoint("POST", "/api/v2/notifications/{group_key}/dismiss", auth=WRITE)
def dismiss_group(viewer: Viewer, group_key: str) -> dict[str, Any]:
    """Delete all of a group."""
    groups.dismiss(group_key, viewer)
    return {}


@endpoint("GET", "/api/v2/notifications/{group_key}/accounts", auth=READ, ahead=reading.ahead_of_group,
          refuses=(404,))
def accounts_of_group(viewer: Viewer, group_key: str,
                      page: Annotated[Page, Sizes(default=40, most=80)]) -> Paged[entities.Account]:
    """Who caused the notifications of a group, the latest first."""
    found = groups.list_accounts(group_key, viewer, page)
    return page.reply(render_accounts(found.accounts, viewer), ids=found.ids, continues=found.continues)
