"""MFA as it is stored: the second factor among the secrets of its account, and sign-ins that wait for it.

`Secret.mfa` holds `enabled`, `secret` (sealed, in force), `pending` (sealed, set up but not confirmed) and `step` (the
last one used). A sign-in that waits is an ephemeral row. Its `hits` count the codes that were tried with it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from .. import ephemeral, limits
from ..accounts import accounts, standings
from ..accounts.accounts import Account, Secret
from ..dynamo import ahead
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction, update
from ..ephemeral import Ephemeral
from . import apps, tokens
from .apps import App
from .grants import CODE
from .tokens import Minted

MFA_TOKEN = "m"
TRIES = "mfa"


def secret_key(account_id: str) -> Key:
    return key(Secret, account_id, accounts.SECRET)


def find(account_id: str) -> Secret | None:
    """The secrets of an account."""
    wanted = [secret_key(account_id)]
    found = ahead.take(wanted)
    found = fetch(strong=wanted) if found is None else found
    return found.get(Secret, account_id, accounts.SECRET)


def kept_in(secret: Secret | None) -> Mapping[str, Any]:
    """The second factor among the secrets. Empty when none was ever set up."""
    return cast(Mapping[str, Any], secret.mfa) if secret is not None and secret.mfa is not None else {}


def _target(account_id: str) -> Secret:
    return Secret.stub(account_id, accounts.SECRET)


# Settings.


def set_pending(account_id: str, sealed: str) -> bool:
    """Store a new pending secret, in place of an earlier one not confirmed. False: that one has changed meanwhile."""
    if update(_target(account_id), [Secret.mfa["pending"].set(sealed)], Secret.mfa.exists()):
        return True
    nothing_yet = Secret.id.exists() & Secret.mfa.does_not_exist()
    return update(_target(account_id), [Secret.mfa.set({"pending": sealed})], nothing_yet)


def confirm(account_id: str, sealed: str) -> bool:
    """Put the pending secret in force, if it is still this one. None of the codes counts as used."""
    mfa = Secret.mfa
    changes = [mfa["secret"].set(sealed), mfa["enabled"].set(True), mfa["pending"].remove(), mfa["step"].remove()]
    return update(_target(account_id), changes, mfa["pending"] == sealed)


def reseal(account_id: str, name: str, sealed: str, renewed: str) -> bool:
    """Store the same secret sealed with another key. `name`: `secret` or `pending`. False: it has changed meanwhile."""
    return update(_target(account_id), [Secret.mfa[name].set(renewed)], Secret.mfa[name] == sealed)


def remove(account_id: str, *, backup_codes: bool = False) -> None:
    """Forget every second factor. Backup codes stay unless `backup_codes` is true, but they open nothing."""
    also = [Secret.backup_hashes.remove()] if backup_codes else []
    update(_target(account_id), [Secret.mfa.remove(), *also], Secret.id.exists())


def replace_backup_hashes(account_id: str, hashes: Iterable[str]) -> bool:
    """Set the backup codes, in place of all earlier ones. False: no account."""
    return update(_target(account_id), [Secret.backup_hashes.set(set(hashes))], Secret.id.exists())


def local_account_ids() -> Iterator[str]:
    """Every account of this server, page by page. For work on all secrets, never for a request."""
    for standing in standings.local_texts():
        for listed in Account.by_directory.query(standing):
            yield listed.id


# Signing in.


@dataclass(frozen=True)
class Waiting:
    """The account, secrets and app of a waiting sign-in, as they are now."""

    account: Account | None
    secret: Secret | None
    app: App | None


@dataclass(frozen=True)
class Proof:
    """What proves that the account's owner signs in: a step of a TOTP secret, or a backup code. It can be used once.

    `renewed`: the secret sealed with a newer key. `at`: the moment at which the try was counted.
    """

    account_id: str
    sealed: str = ""
    step: int = 0
    renewed: str = ""
    backup_hash: str = ""
    at: float = 0.0


def count_try(mfa_token: str, most: int) -> dict[str, Any] | None:
    """Count one more code tried with a waiting sign-in. Answers what is stored of it, None when there is none or no
    more codes may be tried.

    It counts before the code is checked, so that many tries at once are no more than many one after the other.
    """
    row = Ephemeral.stub(ephemeral.kept_key(MFA_TOKEN, mfa_token).hash)
    may_try = Ephemeral.hits.does_not_exist() | (Ephemeral.hits < most)
    if not update(row, [Ephemeral.hits.add(1)], Ephemeral.key.exists() & may_try):
        return None
    return ephemeral.alive(row)


def count_guess(account_id: str, window_ms: int, at: float) -> int:
    """Count a code that was tried for an account. Answers how many failed in this window, this one included."""
    return limits.hit(TRIES, account_id, window_ms, at)


def waiting(account_id: str, client_id: str) -> Waiting:
    found = fetch(strong=[accounts.profile_key(account_id), secret_key(account_id), apps.app_key(client_id)])
    return Waiting(accounts.in_found(found, account_id), found.get(Secret, account_id, accounts.SECRET),
                   found.get(App, client_id))


def exchange(mfa_token: str, proof: Proof, doc: dict[str, Any], window_ms: int) -> Minted | None:
    """Exchange MFA token and proof for tokens, all or nothing. None when somebody was faster."""
    try:
        with transaction() as write:
            _use_in(write, mfa_token, proof, window_ms)
            return tokens.sign_in(write, doc["account"], doc["app"], doc["scopes"], doc["gen"])
    except ConditionFailed:
        return None


def exchange_for_code(mfa_token: str, proof: Proof, doc: dict[str, Any], window_ms: int, seconds: int) -> str | None:
    """Exchange MFA token and proof for an authorization code, all or nothing. None when somebody was faster."""
    code = tokens.random_token()
    try:
        with transaction() as write:
            _use_in(write, mfa_token, proof, window_ms)
            write.put(Ephemeral(ephemeral.kept_key(CODE, code).hash, ttl=int(time.time()) + seconds, doc=doc))
            return code
    except ConditionFailed:
        return None


def use(mfa_token: str, proof: Proof, window_ms: int) -> bool:
    """Use up MFA token and proof. False when somebody was faster."""
    try:
        with transaction() as write:
            _use_in(write, mfa_token, proof, window_ms)
    except ConditionFailed:
        return False
    return True


def _use_in(write: Writes, mfa_token: str, proof: Proof, window_ms: int) -> None:
    ephemeral.spend_in(write, MFA_TOKEN, mfa_token)
    mfa, target = Secret.mfa, _target(proof.account_id)
    if proof.backup_hash:
        unused = Secret.backup_hashes.contains(proof.backup_hash)
        write.update(target, [Secret.backup_hashes.delete({proof.backup_hash})], unused & (mfa["enabled"] == True))  # noqa: E712
        return
    unused = mfa["step"].does_not_exist() | (mfa["step"] < proof.step)
    renewing = [mfa["secret"].set(proof.renewed)] if proof.renewed else []
    write.update(target, [mfa["step"].set(proof.step), *renewing], unused & (mfa["secret"] == proof.sealed))
    limits.take_back_in(write, TRIES, proof.account_id, window_ms, proof.at)
