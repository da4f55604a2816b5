"""What an app gets when it signs somebody in, and what an account sees of its tokens."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import NotRequired, TypedDict

from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.signing_in.apps import App
from ...store.signing_in.tokens import Minted
from ...store.signing_in.tokens import Token as Record
from .session import name_of


class Token(TypedDict):
    """The reply of every grant. `me` is the account's address. A token of the app by itself has none."""

    token_type: str
    access_token: str
    refresh_token: str
    expires_in: int
    scope: str
    created_at: int
    me: NotRequired[str]


class TokenEntry(TypedDict):
    """One of the viewer's own tokens, without the token."""

    id: int
    app_name: str
    valid_until: str


def render_token(minted: Minted, account: Account | None) -> Token:
    record = minted.record
    shown: Token = {
        "token_type": "Bearer",
        "access_token": minted.access_token,
        "refresh_token": minted.refresh_token,
        "expires_in": settings.token_expires_in,
        "scope": record.scopes,
        "created_at": int(record.created),
    }
    if account is not None:
        shown["me"] = account.url
    return shown


def render_token_entries(tokens: Iterable[Record], apps: Mapping[str, App]) -> list[TokenEntry]:
    """Latest first. `apps` are keyed by client id. An app that is gone has no name."""
    latest_first = sorted(tokens, key=lambda token: (-token.created, token.k))
    return [
        {
            "id": token.number,
            "app_name": name_of(token, apps),
            "valid_until": time.strftime("%Y-%m-%dT%H:%M:%S.000000", time.gmtime(int(token.expires))),
        }
        for token in latest_first
    ]
