"""The second step of signing in. A code of the authenticator app, or a backup code, brings tokens or a code of OAuth.

The first step left an *MFA token*, which stands for account, app and scopes for 300 seconds (`oauth.MfaRequired`). It
is used up together with the proof (a step of the TOTP secret, or a backup code), so that each counts once.

There are three limits on guessing: the tries of one MFA token, the guesses at one account, and the sign-ins from one
IP address.
"""

from __future__ import annotations

import time
from typing import Any

from ...store import ephemeral
from ...store.accounts import accounts
from ...store.dynamo.parallel import together
from ...store.signing_in import mfa as store
from ...store.signing_in.mfa import MFA_TOKEN, Proof, Waiting
from ...store.signing_in.tokens import hash_of
from ..refusals import BadRequest, Throttled
from . import mfa, totp
from .apps import check_secret
from .oauth import CODE_SECONDS, Client, Granted, may_redirect
from .signing_in import mfa_enabled

TOTP, RECOVERY = "totp", "recovery"
MOST_TRIES = 10
MOST_GUESSES = 20
GUESSES_WINDOW_MS = 3_600_000
LONGEST = 100


class WrongCode(BadRequest):
    """Something was wrong. It does not tell what."""

    default = "Invalid code"


def grant(client: Client, mfa_token: str, kind: str, code: str) -> Granted:
    """Tokens for the app and the scopes of the first step. Raises WrongCode; Throttled after many guesses."""
    doc = _pending(mfa_token)
    if doc["app"] != client.id:
        raise WrongCode
    at = time.time()
    found, guesses = _look(doc, kind, at)
    try:
        check_secret(found.app, client.secret)
    except BadRequest:
        raise WrongCode from None
    minted = store.exchange(mfa_token, _proof(doc, found, kind, code, guesses, at), doc, GUESSES_WINDOW_MS)
    if minted is None:
        raise WrongCode
    return Granted(minted, found.account)


def authorize(mfa_token: str, kind: str, code: str, redirect_uri: str) -> str:
    """An authorization code, to be sent to an address that the app has registered. Raises the same as `grant`."""
    doc = _pending(mfa_token)
    at = time.time()
    found, guesses = _look(doc, kind, at)
    if found.app is None or not may_redirect(found.app, redirect_uri):
        raise WrongCode
    proof = _proof(doc, found, kind, code, guesses, at)
    bound = {**doc, "uri": redirect_uri}
    granted = store.exchange_for_code(mfa_token, proof, bound, GUESSES_WINDOW_MS, CODE_SECONDS)
    if granted is None:
        raise WrongCode
    return granted


def prove(mfa_token: str, kind: str, code: str, purpose: str) -> str:
    """Answers the id of the account that the first step was for, which brings neither token nor code.

    `purpose`: what the first step was for, in the place of an app. Raises the same as `grant`.
    """
    doc = _pending(mfa_token)
    if doc["app"] != purpose:
        raise WrongCode
    at = time.time()
    found, guesses = _look(doc, kind, at)
    if not store.use(mfa_token, _proof(doc, found, kind, code, guesses, at), GUESSES_WINDOW_MS):
        raise WrongCode
    return str(doc["account"])


def grant_to_pages(mfa_token: str, kind: str, code: str, purpose: str) -> Granted:
    """A session for the account that the first step was for. `purpose`, and what is raised: as `prove`."""
    doc = _pending(mfa_token)
    if doc["app"] != purpose:
        raise WrongCode
    at = time.time()
    found, guesses = _look(doc, kind, at)
    minted = store.exchange(mfa_token, _proof(doc, found, kind, code, guesses, at), doc, GUESSES_WINDOW_MS)
    if minted is None:
        raise WrongCode
    return Granted(minted, found.account)


def find_nickname(mfa_token: str) -> str:
    """Whom the first step was for. Empty if it is not known, or too long ago. Counts no try."""
    doc = ephemeral.look(MFA_TOKEN, mfa_token) if 0 < len(mfa_token) <= LONGEST else None
    account = accounts.find(doc["account"]) if doc is not None else None
    return str(account.nickname) if account is not None else ""


def _pending(mfa_token: str) -> dict[str, Any]:
    """What the first step left. Counts this try."""
    doc = store.count_try(mfa_token, MOST_TRIES) if 0 < len(mfa_token) <= LONGEST else None
    if doc is None:
        raise WrongCode
    return doc


def _look(doc: dict[str, Any], kind: str, at: float) -> tuple[Waiting, int]:
    """The present state, and how many guesses at the account there were. Backup codes are too long to be guessed."""
    if kind != TOTP:
        return store.waiting(doc["account"], doc["app"]), 0
    found, guesses = together(lambda: store.waiting(doc["account"], doc["app"]),
                              lambda: store.count_guess(doc["account"], GUESSES_WINDOW_MS, at))
    return found, guesses


def _proof(doc: dict[str, Any], found: Waiting, kind: str, code: str, guesses: int, at: float) -> Proof:
    """What the code proves. Raises WrongCode, also if the account has changed since the first step."""
    account, secret = found.account, found.secret
    if account is None or account.status != "active" or account.token_generation != doc["gen"]:
        raise WrongCode
    if secret is None or not mfa_enabled(secret) or len(code) > LONGEST:
        raise WrongCode
    if kind == RECOVERY:
        hashed = hash_of("".join(code.split()).lower())
        if hashed not in (secret.backup_hashes or ()):
            raise WrongCode
        return Proof(account.id, backup_hash=hashed)
    if guesses > MOST_GUESSES:
        raise Throttled
    kept = store.kept_in(secret)
    sealed: str = kept.get("secret", "") if kind == TOTP else ""
    key = mfa.open_secret(sealed, account.id) if sealed else None
    step = totp.step_of(code, key, at) if key else None
    if key is None or step is None or step <= kept.get("step", -1):
        raise WrongCode
    return Proof(account.id, sealed=sealed, step=step, renewed=mfa.renew(sealed, key, account.id), at=at)
