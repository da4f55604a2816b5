"""Steps of a new account: confirmation and approval. Each is done once, together with the job of what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pynamodb.expressions.condition import Condition

from ..dynamo.attributes import BooleanAttribute
from ..dynamo.table import ConditionFailed, transaction, update
from ..jobs import Job
from ..staff import log
from ..staff.log import LoggedAct
from . import standings
from .accounts import SECRET, Account, Secret
from .standings import Move


def confirm(account: Account, token: str, job: Job | None) -> bool:
    """Note that the address is confirmed. False when the account or the token has changed since it was read."""
    try:
        with transaction() as write:
            standings.move(write, Move(account, {"confirmation_pending": None}, condition=_stands(
                Account.confirmation_pending, True) & _stands(
                    Account.approval_pending, bool(account.approval_pending))))
            write.update(Secret.stub(account.id, SECRET), [Secret.confirm_token.remove()],
                         Secret.confirm_token == token)
            if job is not None:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def confirm_all(accounts: Sequence[Account], jobs: Iterable[Job], entry: LoggedAct) -> bool:
    """Note that the addresses of these accounts are confirmed, and the entry of the moderation log. False when one of
    them has changed since it was read.
    """
    try:
        with transaction() as write:
            standings.move(write, *(
                Move(account, {"confirmation_pending": None},
                     condition=_stands(Account.confirmation_pending, True) & _stands(
                         Account.approval_pending, bool(account.approval_pending)))
                for account in accounts
            ))
            for account in accounts:
                write.update(Secret.stub(account.id, SECRET), [Secret.confirm_token.remove()], Secret.id.exists())
            for job in jobs:
                write.put(job)
            log.add(write, entry)
    except ConditionFailed:
        return False
    return True


def give_token(account_id: str, token: str) -> bool:
    """Keep a token to confirm the address with. False when there is one by now, or no such account here."""
    return update(Secret.stub(account_id, SECRET), [Secret.confirm_token.set(token)],
                  Secret.id.exists() & Secret.confirm_token.does_not_exist())


def spend_token(account_id: str, token: str) -> bool:
    """Forget the token of an account whose address is confirmed already. False when it has changed."""
    return update(Secret.stub(account_id, SECRET), [Secret.confirm_token.remove()], Secret.confirm_token == token)


def approve(accounts: Sequence[Account], jobs: Iterable[Job], entry: LoggedAct) -> bool:
    """Note that the accounts are approved, and the entry of the moderation log. False when one of them has changed
    since it was read.
    """
    try:
        with transaction() as write:
            standings.move(write, *(
                Move(account, {"approval_pending": None}, condition=_stands(Account.approval_pending, True) & _stands(
                    Account.confirmation_pending, bool(account.confirmation_pending)))
                for account in accounts
            ))
            for job in jobs:
                write.put(job)
            log.add(write, entry)
    except ConditionFailed:
        return False
    return True


def _stands(flag: BooleanAttribute, value: bool) -> Condition:
    """The condition that the flag has this value. An absent flag is false."""
    return (flag == True) if value else (flag.does_not_exist() | (flag == False))  # noqa: E712 - an expression
