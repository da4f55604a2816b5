"""Aliases: other accounts of the same person, which may move to this one."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import moving
from ...domain.viewer import Viewer
from ...entities.accounts.aliases import render_aliases
from ...entities.success import SUCCESS
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/aliases", auth=signed_in("read:accounts"))
def index(viewer: Viewer) -> entities.Aliases:
    """The names of the viewer's aliases."""
    return render_aliases(moving.list_aliases(viewer.account))


@endpoint("PUT", "/api/pleroma/aliases", auth=signed_in("write:accounts"), refuses=(404,))
def add(viewer: Viewer, alias: Annotated[str, "`nick@host`, or the nickname of an account here."]) -> entities.Success:
    """Name an account as the viewer's, so that it may move here."""
    moving.add_alias(viewer, alias)
    return SUCCESS


@endpoint("DELETE", "/api/pleroma/aliases", auth=signed_in("write:accounts"), refuses=(404,))
def remove(viewer: Viewer, alias: str) -> entities.Success:
    """Do not name an account as the viewer's any more."""
    moving.remove_alias(viewer, alias)
    return SUCCESS
