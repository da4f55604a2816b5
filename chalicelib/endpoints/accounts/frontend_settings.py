"""Akkoma's named profiles of a frontend's settings."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.accounts import frontend_settings
from ...domain.viewer import Viewer
from ...entities.accounts.frontend_profile import render_frontend_profile, render_frontend_profile_names
from ...web.auth import signed_in
from ...web.endpoint import endpoint

READ, WRITE = signed_in("read:accounts"), signed_in("write:accounts")


@endpoint("GET", "/api/v1/akkoma/frontend_settings/{frontend}", auth=READ, ahead=frontend_settings.ahead)
def index(viewer: Viewer, frontend: str) -> list[entities.FrontendProfileName]:
    """The profiles of a frontend."""
    return render_frontend_profile_names(frontend_settings.list_profiles(frontend, viewer))


@endpoint("GET", "/api/v1/akkoma/frontend_settings/{frontend}/{profile}", auth=READ, ahead=frontend_settings.ahead,
          refuses=(404,))
def show(viewer: Viewer, frontend: str, profile: str) -> entities.FrontendProfile:
    """One profile."""
    return render_frontend_profile(frontend_settings.get_profile(frontend, profile, viewer))


@endpoint("PUT", "/api/v1/akkoma/frontend_settings/{frontend}/{profile}", auth=WRITE, ahead=frontend_settings.ahead)
def put(viewer: Viewer, frontend: str, profile: str, settings: dict[str, Any],
        version: Annotated[int, "One more than before."]) -> dict[str, Any]:
    """Write a profile. Answers its settings."""
    return frontend_settings.put_profile(frontend, profile, settings, version, viewer)


@endpoint("DELETE", "/api/v1/akkoma/frontend_settings/{frontend}/{profile}", auth=WRITE, ahead=frontend_settings.ahead,
          refuses=(404,))
def delete(viewer: Viewer, frontend: str, profile: str) -> dict[str, str]:
    """Delete a profile."""
    frontend_settings.delete_profile(frontend, profile, viewer)
    return {"deleted": "ok"}
