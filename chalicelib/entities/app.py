"""OAuth apps: to the developer who registers one, and to whoever asks for which app a token is."""

from __future__ import annotations

from typing import TypedDict

from ..store.apps import App as Record


class App(TypedDict):
    """A freshly registered app, with its secret."""

    id: str
    name: str
    client_id: str
    client_secret: str
    redirect_uri: str
    website: str | None


class AppName(TypedDict):
    """The app behind a token."""

    name: str
    website: str | None


def render_app(app: Record) -> App:
    return {
        "id": str(int(app.number)),
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": app.secret,
        "redirect_uri": app.redirect_uris,
        "website": app.website,
    }


def render_app_name(app: Record) -> AppName:
    return {"name": app.name, "website": app.website}
