"""Follows that administrators make and end for others."""

from __future__ import annotations

from typing import Literal

from ...domain.staff import follows
from ...domain.staff.acting import acting
from ...domain.viewer import Viewer
from ...web.auth import admin
from ...web.endpoint import endpoint


@endpoint("POST", "/api/pleroma/admin/users/follow", auth=admin("admin:write:follows"))
def follow(viewer: Viewer | None, follower: str, followed: str) -> Literal["ok"]:
    """Let an account follow another at once, even a locked one. Always `ok`, also if it cannot."""
    follows.follow(follower, followed, acting(viewer))
    return "ok"


@endpoint("POST", "/api/pleroma/admin/users/unfollow", auth=admin("admin:write:follows"))
def unfollow(viewer: Viewer | None, follower: str, followed: str) -> Literal["ok"]:
    """End a follow, or a request for one. Always `ok`, also if there is none."""
    follows.unfollow(follower, followed, acting(viewer))
    return "ok"
