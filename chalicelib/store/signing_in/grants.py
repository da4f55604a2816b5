"""What the grants of OAuth read and write together: a code or refresh token with the app, each in one round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import ephemeral
from ..accounts import accounts
from ..accounts.accounts import Account
from ..dynamo.keys import Key
from ..dynamo.table import ConditionFailed, fetch, transaction
from ..ephemeral import Ephemeral
from . import apps, tokens
from .apps import App
from .tokens import Minted, Token

CODE = "c"


@dataclass(frozen=True)
class Refreshable:
    """A refresh token, the app that presents it, and the account it belongs to. Each is None if it does not exist."""

    app: App | None
    token: Token | None = None
    account: Account | None = None


def find_code(code: str, client_id: str) -> tuple[dict[str, Any] | None, App | None]:
    """What a valid code stands for, and the app."""
    wanted = ephemeral.kept_key(CODE, code)
    found = fetch(strong=[wanted, *_app_keys(client_id)])
    return ephemeral.alive(found.get(Ephemeral, wanted.hash)), found.get(App, client_id)


def exchange_code(code: str, account: Account, app: App, scopes: list[str], generation: int) -> Minted | None:
    """Exchange the code for tokens, in one transaction. None when somebody was faster."""
    try:
        with transaction() as write:
            ephemeral.spend_in(write, CODE, code)
            return tokens.sign_in(write, account.id, app.client_id, scopes, generation)
    except ConditionFailed:
        return None


def find_refresh(refresh_token: str, client_id: str) -> Refreshable:
    wanted = tokens.refresh_key(refresh_token)
    of_token = [] if wanted is None else [wanted, accounts.profile_key(wanted.hash)]
    found = fetch(strong=[*of_token, *_app_keys(client_id)])
    app = found.get(App, client_id)
    if wanted is None:
        return Refreshable(app)
    return Refreshable(app, found.get(Token, wanted.hash, wanted.range), accounts.in_found(found, wanted.hash))


def _app_keys(client_id: str) -> list[Key]:
    return [apps.app_key(client_id)] if apps.may_be_id(client_id) else []
