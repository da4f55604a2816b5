"""The viewer's own profile, as it was typed: for clients that edit it without the rest of the account."""

from __future__ import annotations

from ... import entities
from ...domain import lookup
from ...domain.accounts import profiles
from ...domain.tags import featured
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_own_account
from ...entities.accounts.profile import render_profile
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import Flat
from .update_credentials import CredentialsForm


@endpoint("GET", "/api/v1/profile", auth=signed_in("read:accounts", newer="profile"))
def profile(viewer: Viewer) -> entities.Profile:
    """Read the viewer's own profile."""
    return _shown(viewer)


@endpoint("PUT", "/api/v1/profile", auth=signed_in("write:accounts"))
@endpoint("PATCH", "/api/v1/profile", auth=signed_in("write:accounts"))
def update_profile(viewer: Viewer, wanted: Flat[CredentialsForm]) -> entities.Profile:
    """Change the viewer's own profile: all that is asked for, or nothing."""
    return _shown(profiles.update(viewer, wanted.change()))


@endpoint("DELETE", "/api/v1/profile/avatar", auth=signed_in("write:accounts"), ahead=lookup.ahead_of_own)
def delete_avatar(viewer: Viewer) -> entities.Account:
    """Go back to the default avatar."""
    return render_own_account(profiles.set_picture(viewer, "avatar", None), with_settings_store=True)


@endpoint("DELETE", "/api/v1/profile/header", auth=signed_in("write:accounts"), ahead=lookup.ahead_of_own)
def delete_header(viewer: Viewer) -> entities.Account:
    """Go back to the default header."""
    return render_own_account(profiles.set_picture(viewer, "header", None), with_settings_store=True)


def _shown(viewer: Viewer) -> entities.Profile:
    return render_profile(viewer.account, featured.featured_by(viewer.account))
