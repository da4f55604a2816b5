"""Looking at accounts: one's own, and others'."""

from __future__ import annotations

from ... import entities
from ...domain import lookup as accounts
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_account, render_own_account
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/accounts/verify_credentials", auth=signed_in("read:accounts"),
          ahead=accounts.ahead_of_own)
def verify_credentials(viewer: Viewer) -> entities.Account:
    """The viewer's own account, with what frontends stored in it."""
    return render_own_account(viewer, with_settings_store=True, with_chat_token=True)


@endpoint("GET", "/api/v1/accounts/lookup", auth=optional("read:accounts", open=True))
def lookup(viewer: Viewer | None, acct: str = "") -> entities.Account:
    """An account by its nickname, with or without this server's host."""
    return render_account(accounts.get_visible(acct.removeprefix("@"), viewer, id_ok=False), viewer)


@endpoint("GET", "/api/v1/accounts/{id}", auth=optional("read:accounts", open=True), ahead=accounts.ahead)
def show(viewer: Viewer | None, id: str) -> entities.Account:
    """An account by its id or nickname."""
    return render_account(accounts.get_visible(id, viewer), viewer)
