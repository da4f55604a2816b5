"""OAuth app, as administrators see it."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ...domain.notifications import vapid
from ...domain.staff.apps import AppPage
from ...store.signing_in.apps import App as Record


class AdminApp(TypedDict):
    """An app with its secret and, in `redirect_uri`, all its addresses. `vapid_key`: where notifications are pushed."""

    id: int
    name: str
    client_id: str
    client_secret: str
    redirect_uri: str
    website: str | None
    trusted: bool
    vapid_key: NotRequired[str]


class AdminApps(TypedDict):
    """A page of apps. `count`: how many match in all."""

    apps: list[AdminApp]
    count: int
    page_size: int


def render_admin_apps(page: AppPage) -> AdminApps:
    return {"apps": [render_admin_app(app) for app in page.listed], "count": page.count, "page_size": page.size}


def render_admin_app(app: Record) -> AdminApp:
    shown: AdminApp = {
        "id": int(app.number),
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": app.secret,
        "redirect_uri": app.redirect_uris,
        "website": app.website,
        "trusted": bool(app.trusted),
    }
    vapid_key = vapid.public_key()
    if vapid_key is not None:
        shown["vapid_key"] = vapid_key
    return shown
