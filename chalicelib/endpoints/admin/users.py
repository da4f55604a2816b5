"""What administrators do with accounts."""

from __future__ import annotations

from ... import entities
from ...domain import lookup
from ...domain.signing_in import mfa, password_reset
from ...web.auth import admin, refuse_forged
from ...web.endpoint import endpoint
from ...web.replies import Reply, unkept
from ...web.request import Request


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/password_reset", auth=admin("admin:write:accounts"),
          refuses=(404,))
def reset_password(request: Request, nickname: str) -> Reply[entities.PasswordReset]:
    """A link to a new password for an account of this server, to hand over. It works once; there may be several."""
    refuse_forged(request)
    token, link = password_reset.link_for(lookup.get_any(nickname))
    return unkept(Reply({"token": token, "link": link}))


@endpoint("PUT", "/api/pleroma/admin/users/disable_mfa", auth=admin("admin:write:accounts"), refuses=(404,))
def disable_mfa(nickname: str) -> str:
    """Switch off the second factor of an account. Answers the nickname. Harmless if it was off."""
    account = lookup.get_any(nickname)
    mfa.disable_for(account.id)
    return account.nickname
