"""Apps: OAuth clients. Each one has to be registered."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.signing_in import apps, oauth
from ...domain.signing_in.signing_in import Caller
from ...domain.viewer import Viewer
from ...entities.signing_in.app import render_app, render_app_name, render_app_names
from ...web.auth import either, public, signed_in
from ...web.endpoint import endpoint


@endpoint("POST", "/api/v1/apps", auth=public(), refuses=(422,))
def register(client_name: str,
             redirect_uris: Annotated[str | list[str],
                                      "A text or a list; urn:ietf:wg:oauth:2.0:oob shows the code instead."],
             scopes: Annotated[str | None, "Separated by blanks or commas; `read` if left out."] = None,
             scope: Annotated[str | None, "The same as `scopes`."] = None,
             website: str | None = None) -> entities.App:
    """Register an app. Each call makes another."""
    return render_app(apps.register(client_name, _joined(redirect_uris), scopes or scope, website or None))


def _joined(redirect_uris: str | list[str]) -> str:
    return redirect_uris if isinstance(redirect_uris, str) else "\n".join(redirect_uris)


@endpoint("GET", "/api/v1/apps/verify_credentials", auth=either("read"), refuses=(404,))
def verify_credentials(caller: Caller) -> entities.AppName:
    """The app that the token belongs to, which is somebody's or the app's own."""
    return render_app_name(apps.get_of_caller(caller))


@endpoint("GET", "/api/v1/pleroma/apps", auth=signed_in("read"))
def index(viewer: Viewer) -> list[entities.AppName]:
    """The apps that the viewer has signed in to."""
    return render_app_names(oauth.list_apps(viewer))
