"""Signing up."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import registration
from ...domain.accounts.registration import SignUp
from ...domain.signing_in.signing_in import Caller
from ...entities.accounts.account import render_signed_up
from ...entities.signing_in.token import render_token
from ...web.auth import app_token
from ...web.endpoint import endpoint
from ...web.limits import APP_ACCOUNT_CREATION
from ...web.params import Flag, Flat
from ...web.replies import Reply


@endpoint("POST", "/api/v1/accounts", auth=app_token(), limits=(APP_ACCOUNT_CREATION,))
def register(caller: Caller, wanted: Flat[SignUp],
             agreement: Annotated[Flag, "Has to be there; what it says is not looked at."],
             ) -> Reply[entities.Token | entities.SignedUp]:
    """Sign up for an account, and sign in with it if nobody has to approve or confirm anything."""
    assert caller.app_token is not None
    done = registration.sign_up(wanted, caller.app_token)
    if done.minted is None:
        return Reply(render_signed_up(done.account))
    return Reply(render_token(done.minted, done.account), headers={"Cache-Control": "no-store"},
                 session=done.minted.access_token)
