"""Steps of an account on its way in: each is left once, together with the job of what comes next."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from ..dynamo.attributes import BooleanAttribute
from ..dynamo.table import ConditionFailed, transaction
from ..jobs import Job
from .accounts import PROFILE, SECRET, Account, Secret


def confirm(account: Account, token: str, job: Job | None) -> bool:
    """Nothing to confirm any more; False when the account is not as it was read, or the token another."""
    try:
        with transaction() as write:
            write.update(Account.stub(account.id, PROFILE), [Account.confirmation_pending.remove()],
                         _stands(Account.confirmation_pending, True) & _stands(
                             Account.approval_pending, bool(account.approval_pending)))
            write.update(Secret.stub(account.id, SECRET), [Secret.confirm_token.remove()],
                         Secret.confirm_token == token)
            if job is not None:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def approve(account: Account, job: Job | None) -> bool:
    """Approved; False when the account is not as it was read."""
    try:
        with transaction() as write:
            write.update(Account.stub(account.id, PROFILE), [Account.approval_pending.remove()],
                         _stands(Account.approval_pending, True) & _stands(
                             Account.confirmation_pending, bool(account.confirmation_pending)))
            if job is not None:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def _stands(flag: BooleanAttribute, value: bool) -> Condition:
    """The flag has this value; one that is not there is false."""
    return (flag == True) if value else (flag.does_not_exist() | (flag == False))  # noqa: E712 - an expression
