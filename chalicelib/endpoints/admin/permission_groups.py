"""Permission groups: who is an administrator, who is a moderator."""

from __future__ import annotations

from ... import entities
from ...domain.staff import roles
from ...domain.staff.acting import acting
from ...domain.viewer import Viewer
from ...entities.staff.permission_groups import render_group, render_groups
from ...web.auth import admin
from ...web.endpoint import endpoint
from .users import Names


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/permission_group", auth=admin("admin:read:accounts"),
          refuses=(404,))
def show_all(nickname: str) -> entities.PermissionGroups:
    """Which groups an account is in."""
    return render_groups(roles.get(nickname))


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/permission_group/{group}", auth=admin("admin:read:accounts"),
          refuses=(404,))
def show(nickname: str, group: str) -> entities.PermissionGroups:
    """Which groups an account is in, if there is such a group."""
    return render_groups(roles.get(nickname, group))


@endpoint("POST", "/api/pleroma/admin/users/{nickname}/permission_group/{group}", auth=admin("admin:write:accounts"),
          refuses=(404,))
def grant_one(viewer: Viewer | None, nickname: str, group: str) -> entities.PermissionGroup:
    """Take an account into a group."""
    roles.grant([nickname], group, acting(viewer))
    return render_group(group, True)


@endpoint("DELETE", "/api/pleroma/admin/users/{nickname}/permission_group/{group}", auth=admin("admin:write:accounts"),
          refuses=(404,))
def revoke_one(viewer: Viewer | None, nickname: str, group: str) -> entities.PermissionGroup:
    """Take an account out of a group. Nobody can do that to themselves."""
    roles.revoke([nickname], group, acting(viewer), own=roles.OWN_ROLE)
    return render_group(group, False)


@endpoint("POST", "/api/pleroma/admin/users/permission_group/{group}", auth=admin("admin:write:accounts"),
          refuses=(404,))
def grant(viewer: Viewer | None, group: str, nicknames: Names) -> entities.PermissionGroup:
    """Take accounts into a group."""
    roles.grant(nicknames, group, acting(viewer))
    return render_group(group, True)


@endpoint("DELETE", "/api/pleroma/admin/users/permission_group/{group}", auth=admin("admin:write:accounts"),
          refuses=(404,))
def revoke(viewer: Viewer | None, group: str, nicknames: Names) -> entities.PermissionGroup:
    """Take accounts out of a group. Nobody can do that to themselves."""
    roles.revoke(nicknames, group, acting(viewer))
    return render_group(group, False)
