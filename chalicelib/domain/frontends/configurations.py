"""What each frontend finds configured for it on this server."""

from __future__ import annotations

from typing import Any

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "pleroma_fe": {
        "alwaysShowSubjectInput": True, "background": "/images/city.jpg", "collapseMessageWithSubject": False,
        "disableChat": False, "greentext": False, "hideFilteredStatuses": False, "hideMutedPosts": False,
        "hidePostStats": False, "hideSitename": False, "hideUserStats": False, "loginMethod": "password",
        "logo": "/static/logo.svg", "logoMargin": ".1em", "logoMask": True, "minimalScopesMode": False,
        "noAttachmentLinks": False, "nsfwCensorImage": "", "postContentType": "text/plain",
        "redirectRootLogin": "/main/friends", "redirectRootNoLogin": "/main/all", "scopeCopy": True,
        "sidebarRight": False, "showFeaturesPanel": True, "showInstanceSpecificPanel": False,
        "subjectLineBehavior": "email", "theme": "pleroma-dark", "webPushNotifications": False,
    },
    "masto_fe": {"showInstanceSpecificPanel": True},
}
