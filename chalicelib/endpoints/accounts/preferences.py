"""How the viewer likes to post and to read, as clients ask when they start."""

from __future__ import annotations

from ... import entities
from ...domain.viewer import Viewer
from ...entities.accounts.preferences import render_preferences
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/preferences", auth=signed_in("read:accounts"))
def show(viewer: Viewer) -> entities.Preferences:
    """The defaults of what one posts, and how media and spoilers are shown."""
    return render_preferences(viewer.account)
