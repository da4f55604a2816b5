"""Web Push: one text to one subscription, encrypted for it alone (RFC 8291) and signed by this server (RFC 8292).

Only jobs use this, because the libraries take 16 MB, and an answer may take seconds.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ... import outside
from ...settings import settings
from .. import hosts
from . import vapid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from py_vapid import Vapid02  # type: ignore[import-untyped]

SECONDS = 4
MOST_BYTES = 100_000
KEPT_SECONDS = 86_400
SIGNED_SECONDS = 43_200
POINT_BYTES, SECRET_BYTES = 65, 16
RECORD_BYTES = 4096
"""Every browser can read a record of this size. A message is shorter (`push_jobs`), so it is one record."""
LAST_RECORD = b"\2"


class Outcome(Enum):
    SENT = "sent"
    GONE = "gone"
    """Nothing will ever arrive: it was refused, or the subscription cannot be sent to."""
    LATER = "later"
    BUSY = "busy"
    """Another push to this service is under way, or it has not answered lately. Nothing was sent."""


class Unusable(Exception):
    """The subscription's address or keys cannot be used."""


class Misconfigured(Exception):
    """The server's own keys, or its contact address, are not valid."""


def send(text: str, *, endpoint: str, p256dh: str, auth: str, topic: str) -> Outcome:
    """Push a text. Of several with one `topic` that wait for a browser, only the last is kept. Raises Misconfigured."""
    try:
        headers = {
            "Authorization": _authorization(_origin(endpoint)), "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm", "TTL": str(KEPT_SECONDS), "Urgency": "normal", "Topic": topic,
        }
        body = _encrypted(text.encode(), _raw(p256dh, POINT_BYTES), _raw(auth, SECRET_BYTES))
    except Unusable:
        return Outcome.GONE
    try:
        with hosts.asking(endpoint):
            answer = outside.post(endpoint, body, headers, most_bytes=MOST_BYTES, seconds=SECONDS)
    except hosts.NotNow:
        return Outcome.BUSY
    except outside.Unreachable:
        return Outcome.LATER
    if 200 <= answer.status < 300:
        return Outcome.SENT
    return Outcome.GONE if 400 <= answer.status < 500 else Outcome.LATER


def _origin(endpoint: str) -> str:
    """Scheme and host of the address, which the signature is for. A push service must have a certificate."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Unusable from error
    secure = parts.scheme == "https" or (settings.is_local and parts.scheme == "http" and host == "127.0.0.1")
    if not secure or not host or ":" in host or parts.username is not None:
        raise Unusable
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _raw(key: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unusable from error
    if len(raw) != length:
        raise Unusable
    return raw


def _encrypted(content: bytes, point: bytes, secret: bytes, *, once: EllipticCurvePrivateKey | None = None,
               salt: bytes | None = None) -> bytes:
    """One record of `aes128gcm` (RFC 8188) for the browser that has this point and secret.

    `once` and `salt` must be new for each message. Only a test gives them, to compare with the RFC's example.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise Unusable from error
    once = once or ec.generate_private_key(ec.SECP256R1())
    salt = salt or secrets.token_bytes(16)
    sender = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = _derived(once.exchange(ec.ECDH(), browser), secret, b"WebPush: info\0" + point + sender, 32)
    key = _derived(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4) + len(sender).to_bytes(1) + sender
    return head + AESGCM(key).encrypt(nonce, content + LAST_RECORD, None)


def _derived(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt, info).derive(key)


def _authorization(origin: str) -> str:
    from py_vapid import VapidException

    claims = {"aud": origin, "exp": int(time.time()) + SIGNED_SECONDS, "sub": f"mailto:{settings.instance_email}"}
    try:
        return str(_vapid(settings.vapid_private_key, vapid.public_key()).sign(claims)["Authorization"])
    except VapidException as error:
        raise Misconfigured("instance_email is no address") from error


@lru_cache(maxsize=2)
def _vapid(private_key: str, public_key: str | None) -> Vapid02:
    """The server's key. With the public half of another key every push service would refuse and end subscriptions."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from py_vapid import Vapid02

    try:
        key = Vapid02.from_raw(vapid.url_safe(private_key).encode())
    except ValueError as error:
        raise Misconfigured("vapid_private_key is no key") from error
    point = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    if base64.urlsafe_b64encode(point).decode().rstrip("=") != public_key:
        raise Misconfigured("vapid_public_key is not that of vapid_private_key")
    return key
