"""Tokens that open the page for a new password, and the new password itself. Only hashes of tokens are stored."""

from __future__ import annotations

import base64
import secrets

from .. import ephemeral
from ..accounts import accounts
from ..accounts.accounts import PROFILE, SECRET, Account, Secret
from ..dynamo.table import ConditionFailed, transaction, update

KIND = "r"


def add(account: Account, seconds: int) -> str:
    """A fresh token of an account; it may have several. All end with the account's present token generation."""
    token = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    ephemeral.keep(KIND, token, {"account": account.id, "gen": int(account.token_generation)}, seconds)
    return token


def find_account(token: str) -> tuple[Account | None, int]:
    """Whose living token it is, and of which generation."""
    doc = ephemeral.look(KIND, token)
    return (None, 0) if doc is None else (accounts.find(doc["account"]), doc.get("gen", 0))


def spend(token: str, account_id: str, generation: int, password_hash: str) -> bool:
    """Set the password, end all tokens and codes of the account and what was pending.

    False: the token was spent, or ended with its generation.
    """
    same = Account.token_generation == generation
    if generation == 0:
        same |= Account.token_generation.does_not_exist()
    try:
        with transaction() as write:
            ephemeral.spend_in(write, KIND, token)
            write.update(Secret.stub(account_id, SECRET), [Secret.password_hash.set(password_hash)],
                         Secret.id.exists())
            write.update(Account.stub(account_id, PROFILE),
                         [Account.token_generation.add(1), Account.reset_pending.remove()],
                         Account.id.exists() & Account.deleted.does_not_exist() & same)
            return True
    except ConditionFailed:
        return False


def demand(account_id: str) -> bool:
    """Make the account wait for a new password; False when there is no such account of this server."""
    return update(Account.stub(account_id, PROFILE), [Account.reset_pending.set(True)],
                  Account.id.exists() & Account.host.does_not_exist())
