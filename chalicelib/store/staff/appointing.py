"""Staff as it is stored: the role in the account's profile, and the list of all staff, for telling them something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..accounts import standings
from ..accounts.accounts import Account
from ..accounts.standings import Move
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction
from . import log
from .log import LoggedAct

ROLES: Mapping[str, str] = {"admin": "is_admin", "moderator": "is_moderator"}


def appoint(account: Account) -> None:
    """Make an account an administrator who may sign in. Raises Overtaken: it has changed since it was read."""
    values = {"is_admin": True, "approval_pending": None, "confirmation_pending": None}
    _write([Move(account, values, condition=Account.deleted.does_not_exist())], None)


def set_role(accounts: Sequence[Account], role: str, has: bool, entry: LoggedAct) -> None:
    """Give accounts a role or take it, with the entry of the moderation log. Raises Overtaken."""
    _write([Move(account, {ROLES[role]: has or None}, condition=Account.deleted.does_not_exist())
            for account in accounts], entry)


def _write(moves: Sequence[Move], entry: LoggedAct | None) -> None:
    try:
        with transaction() as write:
            standings.move(write, *moves)
            if entry is not None:
                log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed
