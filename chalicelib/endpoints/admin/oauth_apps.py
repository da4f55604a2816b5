"""OAuth apps of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from ... import entities
from ...domain.staff import apps
from ...domain.staff.apps import AppWishes, joined
from ...entities.staff.admin_app import render_admin_app, render_admin_apps
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.params import Filled, StrictFlag
from ...web.replies import As, NoContent, Reply

WRITE = admin("admin:write")
Addresses = Annotated[Filled, "One or several, separated by white space."]
Scopes = Annotated[str | list[str] | None, "A list, or a text with blanks."]
Unknown = Annotated[Reply[str], As(400)]


@endpoint("GET", "/api/pleroma/admin/oauth_app", auth=WRITE)
def index(name: Annotated[str | None, "Exactly this name."] = None, client_id: str | None = None,
          trusted: Annotated[StrictFlag | None, "Only trusted apps, or only others."] = None,
          page: int = 1, page_size: Annotated[int, "At most 100."] = 50) -> entities.AdminApps:
    """The apps, in the order in which they were made."""
    return render_admin_apps(apps.list_page(AppWishes(name or None, client_id or None, trusted), page, page_size))


@endpoint("POST", "/api/pleroma/admin/oauth_app", auth=WRITE)
def create(name: Filled, redirect_uris: Addresses, scopes: Scopes = None, website: str | None = None,
           trusted: Annotated[StrictFlag, "Whether sign-ups by this app need no captcha."] = False,
           ) -> entities.AdminApp:
    """Make an app."""
    about = _about(name=name, redirect_uris=redirect_uris, scopes=scopes, website=website, trusted=trusted)
    return render_admin_app(apps.create(about))


@endpoint("PATCH", "/api/pleroma/admin/oauth_app/{id}", auth=WRITE)
def change(id: int, name: Filled | None = None, redirect_uris: Annotated[Filled | None, "As for a new app."] = None,
           scopes: Scopes = None, website: str | None = None,
           trusted: StrictFlag | None = None) -> entities.AdminApp | Unknown:
    """Change an app. What is not sent stays as it is."""
    app = apps.change(id, _about(name=name, redirect_uris=redirect_uris, scopes=scopes, website=website,
                                 trusted=trusted))
    return render_admin_app(app) if app is not None else Reply("", 400)


def _about(scopes: str | list[str] | None, **sent: Any) -> Mapping[str, Any]:
    """What was sent of an app."""
    about = {name: value for name, value in sent.items() if value is not None}
    return about if scopes is None else about | {"scopes": joined(scopes)}


@endpoint("DELETE", "/api/pleroma/admin/oauth_app/{id}", auth=WRITE)
def delete(id: int) -> NoContent | Unknown:
    """Delete an app, with all that was authorized for it."""
    return NoContent() if apps.delete(id) else Reply("", 400)
