"""The pages for a new password."""

from __future__ import annotations

from typing import Any

from ...domain.signing_in import password_reset
from ...pages import password_reset as pages
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import private_page
from ...web.params import Loose
from ...web.replies import Html


@endpoint("GET", "/api/pleroma/password_reset/{token}", auth=public())
def password_reset_page(token: str) -> Html:
    """The form for a new password, or a page that says that the link does not work."""
    account = password_reset.find_account(token)
    return private_page(pages.invalid_token() if account is None else pages.new_password(account.nickname, token))


@endpoint("POST", "/api/pleroma/password_reset", auth=public())
def reset_password(data: Loose[dict[str, Any]]) -> Html:
    """Set the new password: `data[password]`, `data[password_confirmation]`, `data[token]`.

    This ends all tokens and codes of the account. After a failure, which also has status 200, the link still works.
    """
    sent = data or {}
    token = sent.get("token")
    if password_reset.reset(token, sent.get("password"), sent.get("password_confirmation")):
        return private_page(pages.password_changed())
    return private_page(pages.reset_failed(token if isinstance(token, str) and token.isascii() else ""))
