"""Steps of a new account: confirmation and approval. Each is done once, together with the job of what comes next."""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from ..dynamo.attributes import BooleanAttribute
from ..dynamo.table import ConditionFailed, transaction
from ..jobs import Job
from .accounts import PROFILE, SECRET, Account, Secret


def confirm(account: Account, token: str, job: Job | None) -> bool:
    """Note that the address is confirmed. False when the account or the token has changed since it was read."""
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
    """Note that the account is approved. False when it has changed since it was read."""
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
    """The condition that the flag has this value. An absent flag is false."""
    return (flag == True) if value else (flag.does_not_exist() | (flag == False))  # noqa: E712 - an expression
