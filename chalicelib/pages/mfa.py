"""The page that asks for the second factor."""

from __future__ import annotations

from urllib.parse import urlencode

from .engine import rendered

TOTP, RECOVERY = "totp", "recovery"
FAILED = "Two-factor authentication failed."
TOTP_EXPLAINED = "The code that your authenticator app shows now. It works once, for half a minute."
RECOVERY_EXPLAINED = "One of the recovery codes that you kept. Each works once."
AGAIN = "This page is good for five minutes. After that, begin again in the application."
THROTTLED = "Too many attempts. Wait for a while, or use a recovery code."


def two_factor(mfa_token: str, redirect_uri: str, state: str, *, kind: str = TOTP, fault: str = "",
               nickname: str = "") -> str:
    """The form for a code of the authenticator app or, if `kind` says so, for a recovery code. `nickname`: whose."""
    kind = RECOVERY if kind == RECOVERY else TOTP
    recovery = kind == RECOVERY
    kept = {"mfa_token": mfa_token, "state": state, "redirect_uri": redirect_uri, "challenge_type": kind}
    other = kept | {"challenge_type": TOTP if recovery else RECOVERY}
    return rendered(
        "signing_in/second_factor.html",
        title="Two-factor recovery" if recovery else "Two-factor authentication",
        fault=fault, nickname=nickname,
        explanation=f"{RECOVERY_EXPLAINED if recovery else TOTP_EXPLAINED} {AGAIN if fault else ''}".strip(),
        label="Recovery code" if recovery else "Authentication code",
        keyboard="text" if recovery else "numeric",
        completed="off" if recovery else "one-time-code",
        kept={f"mfa[{field}]": value for field, value in kept.items()},
        other_address="/oauth/mfa?" + urlencode(other, errors="replace"),
        other="Enter an authentication code" if recovery else "Enter a recovery code",
    )
