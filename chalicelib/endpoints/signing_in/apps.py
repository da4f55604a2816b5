"""Apps: OAuth clients. Each one has to be registered."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.signing_in import apps
from ...domain.viewer import Viewer
from ...entities.signing_in.app import render_app, render_app_name
from ...web.auth import public, signed_in
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


@endpoint("GET", "/api/v1/apps/verify_credentials", auth=signed_in("read"), refuses=(404,))
def verify_credentials(viewer: Viewer) -> entities.AppName:
    """The app that the viewer's token belongs to."""
    return render_app_name(apps.get_of_token(viewer))
