"""An account in the words of OpenID."""

from __future__ import annotations

from typing import TypedDict

from ...store.accounts.accounts import Account as Record
from ..accounts.account import arrange_account
from .authorization_server import issuer


class Userinfo(TypedDict):
    """`sub` is the account's uri, `profile` its page."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str
    picture: str


def render_userinfo(account: Record) -> Userinfo:
    shown = arrange_account(account, None)
    return {
        "iss": issuer(), "sub": shown["pleroma"]["ap_id"], "name": shown["display_name"],
        "preferred_username": shown["username"], "profile": shown["url"], "picture": shown["avatar"],
    }
