"""TOTP: the six digits that an authenticator app and this server both compute from a shared secret and the time.

Time is cut into steps of thirty seconds, and a code belongs to one step. The code of the present step fits, and that of
the step before, for people who type slowly. Which steps were used already is not known here.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from urllib.parse import quote

from ...settings import settings

SECRET_BYTES = 20
"""As RFC 4226 recommends. Older secrets of 10 bytes still work."""
STEPS_BEFORE = 1


def new_secret() -> str:
    """32 characters of base32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def provisioning_uri(secret: str, label: str) -> str:
    """The text in the QR code that an authenticator app reads."""
    issuer = settings.totp_issuer or settings.instance_name
    query = {"digits": str(settings.totp_digits), "issuer": issuer, "period": str(settings.totp_period),
             "secret": secret}
    parameters = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return f"otpauth://totp/{quote(label, safe='@')}?{parameters}"


def step_of(code: str, secret: str, at: float | None = None) -> int | None:
    """The step that a code belongs to: the present one or the one before. None: the code is of neither."""
    from pyotp.totp import TOTP

    typed = "".join(code.split())
    if len(typed) != settings.totp_digits or not (typed.isascii() and typed.isdigit()):
        return None
    present = int(time.time() if at is None else at) // settings.totp_period
    codes = TOTP(secret, digits=settings.totp_digits, interval=settings.totp_period)
    fitting = [step for step in range(present - STEPS_BEFORE, present + 1)
               if hmac.compare_digest(codes.generate_otp(step), typed)]
    return fitting[-1] if fitting else None
