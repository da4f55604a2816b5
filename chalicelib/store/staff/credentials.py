"""Changing an account as an administrator may: its profile, what frontends keep, its address and its password."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..accounts import accounts, profiles, users
from ..accounts.accounts import PREFERENCES, SECRET, Account, Preferences, Secret
from ..accounts.creating import EMAIL, Taken
from ..accounts.profiles import AccountGone, Known, Writing
from ..dynamo.failures import Overtaken
from ..dynamo.keys import key
from ..dynamo.table import ConditionFailed, fetch, transaction
from ..jobs import Job
from . import log
from .log import LoggedAct


@dataclass(frozen=True)
class Kept:
    """An account as it was read. `secret`: None for an account of another server."""

    known: Known
    secret: Secret | None

    @property
    def account(self) -> Account:
        return self.known.account


@dataclass(frozen=True)
class NewSecrets:
    """None: stays as it is."""

    email: str | None = None
    password_hash: str | None = None


def get(account_id: str) -> Kept:
    """The account with its secrets and what frontends keep, in one round. Raises AccountGone."""
    found = fetch(strong=[accounts.profile_key(account_id), key(Secret, account_id, SECRET),
                          key(Preferences, account_id, PREFERENCES)])
    account = accounts.in_found(found, account_id)
    if account is None or account.deleted:
        raise AccountGone
    known = Known(account, found.get(Preferences, account_id, PREFERENCES))
    return Kept(known, found.get(Secret, account_id, SECRET))


def change(held: Kept, writing: Writing, new: NewSecrets, *, jobs: Iterable[Job],
           entries: Iterable[LoggedAct]) -> Account:
    """Write all of it or nothing. A new password ends all tokens and codes. Answers the changed profile.

    Raises Taken for an address that somebody else has, Overtaken.
    """
    ends_tokens = [Account.token_generation.add(1)] if new.password_hash is not None else []
    try:
        with transaction() as write:
            profiles.write_in(write, held.known, writing, ends_tokens, users.OWNER)
            if held.secret is not None and (new.email is not None or new.password_hash is not None):
                users.change_in(write, held.secret, email=new.email, password_hash=new.password_hash)
            for job in jobs:
                write.put(job)
            log.add(write, *entries)
    except ConditionFailed as failed:
        if users.OWNER in failed.labels:
            raise Overtaken from failed
        raise Taken(EMAIL) from failed
    return profiles.changed(held.account, writing.values)
