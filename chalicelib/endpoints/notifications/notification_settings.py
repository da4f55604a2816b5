"""What the account wants to be notified of: the settings of both generations of the API."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.accounts import settings
from ...domain.viewer import Viewer
from ...entities.success import SUCCESS
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import Flat


@dataclass(frozen=True)
class NotificationSettingsForm:
    """Each is true, false, 1 or 0. What is left out stays as it is. Other values are refused, with status 200."""

    block_from_strangers: Annotated[Any, "Nothing from accounts that one does not follow."] = None
    hide_notification_contents: Annotated[Any, "Push notifications without the text of statuses."] = None
    privacy_option: Annotated[Any, "The older name of `hide_notification_contents`, which counts less."] = None
    followers: Annotated[Any, "False: nothing from followers."] = None
    follows: Annotated[Any, "False: nothing from accounts that one follows."] = None
    remote: Annotated[Any, "False: nothing from accounts of other servers."] = None
    local: Annotated[Any, "False: nothing from accounts of this server."] = None


@endpoint("PUT", "/api/pleroma/notification_settings", auth=signed_in("write:accounts"), refuses=(200,))
def update_notification_settings(viewer: Viewer, wanted: Flat[NotificationSettingsForm]) -> entities.Success:
    """Change what the account is notified of."""
    settings.update_notifications(viewer, asdict(wanted))
    return SUCCESS
