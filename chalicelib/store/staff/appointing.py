"""Staff as it is stored: the role in the account's profile, and the list of all staff, for telling them something."""

from __future__ import annotations

from ..accounts.accounts import PROFILE, Account
from ..dynamo.table import ConditionFailed, transaction
from ..instance import counters


def appoint(account_id: str) -> bool:
    """Make an account of this server an administrator who may sign in. False: deactivated, deleted or not of here."""
    here = Account.id.exists() & Account.host.does_not_exist() & Account.deleted.does_not_exist()
    try:
        with transaction() as write:
            write.update(Account.stub(account_id, PROFILE), [
                Account.is_admin.set(True), Account.approval_pending.remove(), Account.confirmation_pending.remove(),
            ], here & Account.deactivated.does_not_exist())
            counters.list_staff(write, account_id)
            return True
    except ConditionFailed:
        return False
