"""Accounts: signing up, the letter that confirms an address, and looking at one's own account or another."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain import lookup as accounts
from ...domain.accounts import confirmation, registration
from ...domain.accounts.registration import SignUp
from ...domain.signing_in.signing_in import Caller
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_account, render_accounts, render_own_account
from ...entities.accounts.signed_up import render_signed_up
from ...entities.signing_in.token import render_token
from ...web.auth import app_token, optional, public, signed_in
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.limits import ACCOUNT_CONFIRMATION_RESEND, APP_ACCOUNT_CREATION
from ...web.params import Flag, FlakeId, Flat
from ...web.replies import NoContent, Reply

NEWER = frozenset({"alias", "birthdays", "delete", "move", "suggestions", "themes"})
"""Words that other versions of the API have where ours has a name. An account of such a name is found all the same."""


@endpoint("POST", "/api/v1/accounts", auth=app_token(), limits=(APP_ACCOUNT_CREATION,))
def register(caller: Caller, wanted: Flat[SignUp],
             agreement: Annotated[Flag, "Must be sent. Its value is ignored."],
             ) -> Reply[entities.Token | entities.SignedUp]:
    """Sign up for an account. Answers a token, unless the account has to be approved or confirmed first."""
    assert caller.app_token is not None
    done = registration.sign_up(wanted, caller.app_token.app)
    if done.minted is None:
        return Reply(render_signed_up(done.account))
    return Reply(render_token(done.minted, done.account), headers={"Cache-Control": "no-store"},
                 session=done.minted.access_token)


@endpoint("POST", "/api/v1/pleroma/accounts/confirmation_resend", auth=public(), limits=(ACCOUNT_CONFIRMATION_RESEND,))
def resend_confirmation(email: str | None = None,
                        nickname: Annotated[str | None, "Or the nickname."] = None) -> NoContent:
    """Send the letter again. The reply is the same whether or not anybody has this address or nickname."""
    confirmation.resend(email or nickname)
    return NoContent()


@endpoint("GET", "/api/v1/accounts/verify_credentials", auth=signed_in("read:accounts", newer="profile"),
          ahead=accounts.ahead_of_own)
def verify_credentials(viewer: Viewer) -> entities.Account:
    """The viewer's own account, with what frontends have stored in it."""
    return render_own_account(viewer, with_settings_store=True, with_chat_token=True)


@endpoint("GET", "/api/v1/accounts", auth=optional("read:accounts", open=True), refuses=(401,))
def index(viewer: Viewer | None, id: Annotated[list[FlakeId] | None, "At most 40."] = None) -> list[entities.Account]:
    """Several accounts, in the order asked. Unknown ones are left out."""
    return render_accounts(accounts.list_visible(id or [], viewer), viewer)


@endpoint("GET", "/api/v1/accounts/lookup", auth=optional("read:accounts", open=True), refuses=(401, 404))
def lookup(viewer: Viewer | None, acct: str = "",
           with_relationships: Annotated[Flag, "Say how the viewer stands to it."] = False) -> entities.Account:
    """An account by its nickname, with or without this server's host."""
    account = accounts.get_visible(acct.removeprefix("@"), viewer, id_ok=False)
    return render_account(account, viewer, with_relationship=with_relationships)


@endpoint("GET", "/api/v1/accounts/{id}", auth=optional("read:accounts", open=True), ahead=accounts.ahead,
          refuses=(401, 404))
def show(viewer: Viewer | None, id: str) -> entities.Account:
    """An account by its id or nickname."""
    unknown = NOT_IMPLEMENTED if id in NEWER else accounts.UNKNOWN
    return render_account(accounts.get_visible(id, viewer, unknown=unknown), viewer)


@endpoint("GET", "/api/v1/accounts/{id}/identity_proofs", auth=signed_in("read:accounts"))
def identity_proofs(viewer: Viewer, id: str) -> list[Any]:
    """Proofs of an account's identity elsewhere. There are none."""
    return []
