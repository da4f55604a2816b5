"""Invites: made, listed, revoked and mailed by administrators."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ... import entities
from ...domain.accounts import invites
from ...domain.viewer import Viewer
from ...entities.staff.invite import render_invite, render_invites
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.params import EmailAddress
from ...web.replies import NoContent

READ, WRITE = admin("admin:read:invites"), admin("admin:write:invites")


@endpoint("POST", "/api/pleroma/admin/users/invite_token", auth=WRITE)
def create(max_use: Annotated[int | None, "How often it may be used. With neither parameter: once."] = None,
           expires_at: Annotated[date | None, "The last day, UTC, on which it may be used."] = None,
           ) -> entities.Invite:
    """Make an invite."""
    return render_invite(invites.create(max_use, expires_at))


@endpoint("GET", "/api/pleroma/admin/users/invites", auth=READ)
def index() -> entities.Invites:
    """The latest thousand invites, oldest first, with those that are used up."""
    return render_invites(invites.list_latest())


@endpoint("POST", "/api/pleroma/admin/users/revoke_invite", auth=WRITE, refuses=(404,))
def revoke(token: str) -> entities.Invite:
    """Allow no more uses of an invite. A second time changes nothing."""
    return render_invite(invites.revoke(token))


@endpoint("POST", "/api/pleroma/admin/users/email_invite", auth=WRITE)
def email(viewer: Viewer | None, email: EmailAddress,
          name: Annotated[str | None, "Whom the letter greets."] = None) -> NoContent:
    """Mail an invite for one use, where nobody may sign up without one."""
    invites.mail_one(email, name or "", by=viewer)
    return NoContent()
