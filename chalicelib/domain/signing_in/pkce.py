"""PKCE (RFC 7636): a code works only for the client that asked for it, even if somebody else has read the code.

The client sends a *challenge* when it asks for the code. With the code it shows the *verifier*, whose SHA-256 is the
challenge. Only the method `S256` is known: with `plain` the challenge would give the verifier away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from ..refusals import BadRequest

METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def check_challenge(challenge: str, method: str) -> None:
    """Refuse a challenge that no verifier can meet. A missing method means `plain`. No challenge at all is allowed."""
    if not challenge:
        return
    if method != METHOD:
        raise BadRequest("invalid_request", error_description=f"code_challenge_method must be {METHOD}")
    if not _CHALLENGE.fullmatch(challenge):
        raise BadRequest("invalid_request", error_description="code_challenge must be 43 characters of base64url")


def check_verifier(verifier: str, challenge: str) -> None:
    """Refuse a verifier that is wrong or missing, and one that comes for a code without a challenge."""
    if not challenge and not verifier:
        return
    if not challenge or not _VERIFIER.fullmatch(verifier) or not _meets(verifier, challenge):
        raise BadRequest("invalid_grant", error_description="code_verifier does not belong to this code")


def _meets(verifier: str, challenge: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest, challenge.encode())
