"""Password resets: the tokens that open the page for a new password, and setting it. Only token hashes are stored."""

from __future__ import annotations

import base64
import secrets

from pynamodb.expressions.condition import Condition

from .. import ephemeral
from ..accounts import accounts
from ..accounts.accounts import PROFILE, SECRET, Account, Secret
from ..dynamo.table import ConditionFailed, transaction, update

KIND = "r"


def add(account: Account, seconds: int) -> str:
    """Make a token for an account, which may have several. All end with the account's present token generation."""
    token = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    ephemeral.keep(KIND, token, {"account": account.id, "gen": int(account.token_generation)}, seconds)
    return token


def find_account(token: str) -> tuple[Account | None, int]:
    """The account of a token that is still valid, and the generation of the token."""
    doc = ephemeral.look(KIND, token)
    return (None, 0) if doc is None else (accounts.find(doc["account"]), doc.get("gen", 0))


def spend(token: str, account_id: str, generation: int, password_hash: str) -> bool:
    """Set the password, end all tokens and codes of the account, and demand a new password no longer.

    False: the token was spent, or has ended with its generation.
    """
    try:
        with transaction() as write:
            ephemeral.spend_in(write, KIND, token)
            write.update(Secret.stub(account_id, SECRET), [Secret.password_hash.set(password_hash)],
                         Secret.id.exists())
            write.update(Account.stub(account_id, PROFILE),
                         [Account.token_generation.add(1), Account.reset_pending.remove()],
                         _is_of(generation))
            return True
    except ConditionFailed:
        return False


def demand(account_id: str, generation: int) -> bool:
    """Make the account wait for a new password. False: no such account here, or its tokens are of another generation.
    """
    return update(Account.stub(account_id, PROFILE), [Account.reset_pending.set(True)],
                  _is_of(generation) & Account.host.does_not_exist())


def _is_of(generation: int) -> Condition:
    """The condition that the account exists, and that its tokens are of this generation."""
    same: Condition = Account.token_generation == generation
    if generation == 0:
        same |= Account.token_generation.does_not_exist()
    there: Condition = Account.id.exists() & Account.deleted.does_not_exist() & same
    return there
