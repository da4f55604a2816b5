"""MFA: an account's second factor. Setting it up, confirming it, ending it, and backup codes for when it is lost.

A new secret is *pending* until a code of it has been shown. Until then, the secret that was confirmed earlier stays in
force. What happens when somebody signs in is in `second_factor`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from ...settings import settings
from ...store.accounts.accounts import Secret
from ...store.dynamo.keys import Key
from ...store.signing_in import mfa as store
from ...store.signing_in.tokens import hash_of
from .. import vault
from ..refusals import BadRequest, Unacceptable
from ..retrying import expect, retried
from ..viewer import Viewer
from . import passwords, totp
from .signing_in import mfa_enabled

log = logging.getLogger("kenoma.mfa")

TOTP = "totp"
ALL_METHODS = "mfa"
UNDEFINED = "undefined method"
UNDEFINED_MFA = "undefined mfa method"
WRONG_PASSWORD = "Invalid password."
WRONG_CODE = "invalid_token"
NOT_SET_UP = "invalid_secret_and_token"
NO_KEY = "Two-factor authentication is not available: this server has no encryption key."
NOT_NOW = "Something changed in the meantime. Please try again."


@dataclass(frozen=True)
class SetUp:
    """A secret that waits to be confirmed: as text, and as an address for a QR code."""

    key: str
    provisioning_uri: str


def ahead(viewer_id: str, **_: str) -> Iterable[Key]:
    """What each of these requests reads first."""
    return [store.secret_key(viewer_id)]


def is_on(viewer: Viewer) -> bool:
    """Whether a second factor is confirmed."""
    return mfa_enabled(store.find(viewer.id))


def set_up(viewer: Viewer, method: str) -> SetUp:
    """A new secret, which changes nothing until it is confirmed.

    Raises BadRequest for a method other than TOTP, Unacceptable if this server cannot keep a secret.
    """
    if method != TOTP:
        raise BadRequest(UNDEFINED)
    secret = store.find(viewer.id)
    if secret is None:
        raise Unacceptable(NOT_NOW)
    key = totp.new_secret()
    try:
        sealed = vault.seal(key, about=about(viewer.id))
    except vault.NoKey:
        raise Unacceptable(NO_KEY) from None
    retried(lambda: expect(store.set_pending(viewer.id, sealed)))
    return _shown(key, secret, viewer)


def _shown(key: str, secret: Secret, viewer: Viewer) -> SetUp:
    return SetUp(key, totp.provisioning_uri(key, secret.email or viewer.account.nickname))


def find_pending(viewer: Viewer) -> SetUp | None:
    """The secret that waits to be confirmed."""
    secret = store.find(viewer.id)
    sealed = store.kept_in(secret).get("pending")
    key = open_secret(sealed, viewer.id) if sealed else None
    return None if key is None or secret is None else _shown(key, secret, viewer)


def confirm(viewer: Viewer, method: str, password: str | None, code: str | None) -> None:
    """Put the pending secret in force: the code shows that an authenticator app has it.

    Raises BadRequest for another method or a missing parameter, Unacceptable for a wrong password or code. A repeat is
    checked against the secret in force, and changes nothing.
    """
    if method != TOTP or password is None or code is None:
        raise BadRequest(UNDEFINED_MFA)
    secret = _with_password(viewer, password)
    kept = store.kept_in(secret)
    sealed = kept.get("pending") or kept.get("secret")
    if not sealed:
        raise Unacceptable(NOT_SET_UP)
    key = open_secret(sealed, viewer.id)
    if key is None or totp.step_of(code, key) is None:
        raise Unacceptable(WRONG_CODE)
    if kept.get("pending") and not store.confirm(viewer.id, sealed):
        raise Unacceptable(NOT_NOW)


def disable(viewer: Viewer, method: str, password: str | None) -> None:
    """End the second factor. Backup codes stay stored, but are of no use.

    Raises BadRequest for an unknown method, Unacceptable for a wrong password.
    """
    if method not in (TOTP, ALL_METHODS):
        raise BadRequest(UNDEFINED_MFA)
    _with_password(viewer, password)
    store.remove(viewer.id)


def disable_for(account_id: str) -> None:
    """End the second factor of somebody who lost it, backup codes too. Only administrators decide so.

    Harmless if there is none.
    """
    store.remove(account_id, backup_codes=True)


def new_backup_codes(viewer: Viewer) -> list[str]:
    """New backup codes, which replace all earlier ones. Each works once instead of a code. Only hashes are kept."""
    length = settings.backup_codes_length
    codes = [secrets.token_hex(length // 2 + 1)[:length] for _ in range(settings.backup_codes_number)]
    if not store.replace_backup_hashes(viewer.id, map(hash_of, codes)):
        raise Unacceptable(NOT_NOW)
    return codes


def _with_password(viewer: Viewer, password: str | None) -> Secret:
    secret = store.find(viewer.id)
    if not passwords.fits(password, secret) or secret is None:
        raise Unacceptable(WRONG_PASSWORD)
    return secret


# Encrypted secrets.


def about(account_id: str) -> str:
    """What the vault binds an account's secrets to."""
    return f"totp {account_id}"


def open_secret(sealed: str, account_id: str) -> str | None:
    """The secret of TOTP. None, and a line in the log, if this server's keys do not open it."""
    try:
        return vault.unseal(sealed, about=about(account_id))
    except vault.CannotOpen as fault:
        log.error("MFA secret does not open", extra={"account": account_id, "key": fault.key})
        return None


def renew(sealed: str, key: str, account_id: str) -> str:
    """The secret, encrypted with the newest key. Empty if it is so already."""
    return vault.seal(key, about=about(account_id)) if vault.is_stale(sealed) else ""


def renew_all() -> tuple[int, int]:
    """Encrypt every secret with the newest key. Answers how many were changed, and how many do not open.

    People who sign in meanwhile are not disturbed. Running it again does what is left.
    """
    done = failed = 0
    for account_id in store.local_account_ids():
        kept = store.kept_in(store.find(account_id))
        for name in ("secret", "pending"):
            sealed = kept.get(name)
            if not sealed or not vault.is_stale(sealed):
                continue
            key = open_secret(sealed, account_id)
            if key is None:
                failed += 1
            elif store.reseal(account_id, name, sealed, renew(sealed, key, account_id)):
                done += 1
    return done, failed
