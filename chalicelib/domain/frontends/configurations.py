"""Frontends: what each of them finds configured for it on this server, and which there are for administrators."""

from __future__ import annotations

from typing import Any, NoReturn

from ...settings import settings
from ..refusals import BadRequest

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


def list_available() -> list[dict[str, Any]]:
    """The frontends that administrators are shown. None is installed here: they are deployed apart from the API."""
    return settings.frontends


def install() -> NoReturn:
    """Raises BadRequest, whatever is to be installed: nothing is fetched, and no file is opened."""
    raise BadRequest("Could not install the frontend")
