"""Users: the credentials behind an account, in its part `S`, and how their owner changes them."""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.expressions.condition import Condition

from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key
from ..dynamo.table import ConditionFailed, Writes, transaction, update
from ..jobs import Job
from ..signing_in import mfa
from . import accounts, claims
from .accounts import PROFILE, Account, Secret
from .claims import Claim
from .creating import EMAIL, Taken

OWNER = "owner"

find = mfa.find
"""Gets the secrets of an account, read ahead where an endpoint expects them."""


def keys(account_id: str) -> list[Key]:
    """The items that `find` reads. They may be read ahead, with the token."""
    return [mfa.secret_key(account_id)]


def change_email(secret: Secret, email: str, jobs: Iterable[Job] = ()) -> None:
    """Give the account another address, with jobs that tell of it. The old one becomes free. Raises Taken, Overtaken.
    """
    try:
        with transaction() as write:
            for job in jobs:
                write.put(job)
            _update_secret(write, secret, email=email, email_lower=email.casefold())
            write.check(Account.stub(secret.id, PROFILE), _in_use(), label=OWNER)
            _claim(write, secret, email)
    except ConditionFailed as failed:
        if OWNER in failed.labels:
            raise Overtaken from failed
        raise Taken(EMAIL) from failed


def change_password(secret: Secret, password_hash: str) -> None:
    """Set the password, and end all tokens and codes of the account. Raises Overtaken."""
    try:
        with transaction() as write:
            _update_secret(write, secret, password_hash=password_hash)
            write.update(Account.stub(secret.id, PROFILE), [Account.token_generation.add(1)], _in_use(), label=OWNER)
    except ConditionFailed as failed:
        raise Overtaken from failed


def end_tokens(account_id: str) -> bool:
    """End all tokens and codes of the account. False: it is gone."""
    return update(Account.stub(account_id, PROFILE), [Account.token_generation.add(1)], _in_use())


def change_in(write: Writes, secret: Secret, *, email: str | None = None, password_hash: str | None = None) -> None:
    """Change either or both within a transaction.

    It fails with label OWNER if the secrets are no longer as they were read, with EMAIL if the address is taken. The
    profile has to be written there too: its tokens end with the password.
    """
    values = {"email": email, "email_lower": email and email.casefold(), "password_hash": password_hash}
    _update_secret(write, secret, **{name: value for name, value in values.items() if value is not None})
    if email is not None:
        _claim(write, secret, email)


def _claim(write: Writes, secret: Secret, email: str) -> None:
    """Claim the new address and free the old one, which may be the same but for its spelling."""
    old = claims.email_claim(secret.email).hash if secret.email else None
    new = claims.email_claim(email).hash
    mine = Claim.id == secret.id
    if new == old:
        write.update(Claim.stub(new), [Claim.spelling.set(email)], mine, label=OWNER)
        return
    write.put(Claim(new, id=secret.id, spelling=email), Claim.key.does_not_exist(), label=EMAIL)
    if old is not None:
        write.delete(Claim.stub(old), mine, label=OWNER)


def _update_secret(write: Writes, secret: Secret, **values: str) -> None:
    """Write the secrets, if they are still those that the password was compared with."""
    unchanged = Secret.password_hash == secret.password_hash
    unchanged &= Secret.email == secret.email if secret.email else Secret.email.does_not_exist()
    write.update(Secret.stub(secret.id, accounts.SECRET),
                 [getattr(Secret, name).set(value) for name, value in values.items()], unchanged, label=OWNER)


def _in_use() -> Condition:
    in_use: Condition = Account.id.exists() & Account.deleted.does_not_exist()
    return in_use
