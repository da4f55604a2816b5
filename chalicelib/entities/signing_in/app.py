"""OAuth apps: as their developers get them, and as anybody sees the app of a token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict

from ...domain.notifications import vapid
from ...store.signing_in.apps import App as Record


class App(TypedDict):
    """A freshly registered app, with its secret, which never expires (0). `redirect_uri` is the text as it was sent.

    `vapid_key` is there where notifications are pushed.
    """

    id: str
    name: str
    client_id: str
    client_secret: str
    client_secret_expires_at: int
    redirect_uri: str
    redirect_uris: list[str]
    scopes: list[str]
    website: str | None
    vapid_key: NotRequired[str]


class AppName(TypedDict):
    """The app that a token belongs to."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uri: str
    redirect_uris: list[str]
    vapid_key: NotRequired[str]


def render_app(app: Record) -> App:
    shown: App = {
        "id": str(int(app.number)),
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": app.secret,
        "client_secret_expires_at": 0,
        "redirect_uri": app.redirect_uris,
        "redirect_uris": list(app.redirect_list),
        "scopes": list(app.scope_list),
        "website": app.website,
    }
    vapid_key = vapid.public_key()
    if vapid_key is not None:
        shown["vapid_key"] = vapid_key
    return shown


def render_app_name(app: Record) -> AppName:
    shown: AppName = {
        "id": str(int(app.number)), "name": app.name, "website": app.website, "scopes": list(app.scope_list),
        "redirect_uri": app.redirect_uris, "redirect_uris": list(app.redirect_list),
    }
    vapid_key = vapid.public_key()
    if vapid_key is not None:
        shown["vapid_key"] = vapid_key
    return shown


def render_app_names(apps: Iterable[Record]) -> list[AppName]:
    return [render_app_name(app) for app in apps]
