"""Web Push: one text to one subscription, encrypted for it alone (RFC 8291) and signed by this server (RFC 8292).

Before these there was a draft, in which keys and salt are headers (`aesgcm`). Relays of some apps for telephones read
nothing else. So it goes to whoever did not say that they read the standard, unless a browser's own service takes it.

Only jobs use this, because the libraries take 16 MB, and an answer may take seconds.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from dataclasses import dataclass
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
NO_PADDING = b"\0\0"
BROWSERS = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com", "127.0.0.1")
"""The services that browsers subscribe to, by host or what it ends with. All browsers read the standard. The last is a
stand-in on the local stage. Deployed servers never push there.
"""


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


def send(text: str, *, endpoint: str, p256dh: str, auth: str, topic: str, standard: bool) -> Outcome:
    """Push a text. Of several with one `topic` that wait for a browser, only the last is kept. Raises Misconfigured."""
    try:
        token = _signed(_origin(endpoint))
        make = _message if standard or _is_of_browser(endpoint) else _drafted_message
        proper, body = make(text.encode(), _raw(p256dh, POINT_BYTES), _raw(auth, SECRET_BYTES), token)
        headers = {"Content-Type": "application/octet-stream", "TTL": str(KEPT_SECONDS), "Urgency": "normal",
                   "Topic": topic, **proper}
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


def _is_of_browser(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    return host.endswith(tuple(f".{each}" for each in BROWSERS)) or host in BROWSERS


def _message(content: bytes, point: bytes, secret: bytes, token: str) -> tuple[dict[str, str], bytes]:
    """Headers and body, signed as RFC 8292 says."""
    return ({"Authorization": f"vapid t={token},k={vapid.public_key()}", "Content-Encoding": "aes128gcm"},
            _encrypted(content, point, secret))


def _drafted_message(content: bytes, point: bytes, secret: bytes, token: str) -> tuple[dict[str, str], bytes]:
    """Headers and body, signed as draft-ietf-webpush-vapid-01 says."""
    agreed, body = _encrypted_as_drafted(content, point, secret)
    return {
        "Authorization": f"WebPush {token}", "Content-Encoding": "aesgcm",
        "Encryption": f"salt={_encoded(agreed.salt)}",
        "Crypto-Key": f"dh={_encoded(agreed.sender)};p256ecdsa={vapid.public_key()}",
    }, body


@dataclass(frozen=True)
class Agreed:
    """What a browser can work out too: the sender's point, made for one message, the salt, and the common secret."""

    sender: bytes
    salt: bytes
    secret: bytes


def _agreed(point: bytes, once: EllipticCurvePrivateKey | None, salt: bytes | None) -> Agreed:
    """`once` and `salt` must be new for each message. Only a test gives them, to compare with an example."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise Unusable from error
    once = once or ec.generate_private_key(ec.SECP256R1())
    sender = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Agreed(sender, salt or secrets.token_bytes(16), once.exchange(ec.ECDH(), browser))


def _encrypted(content: bytes, point: bytes, secret: bytes, *, once: EllipticCurvePrivateKey | None = None,
               salt: bytes | None = None) -> bytes:
    """One record of `aes128gcm` (RFC 8188) for the browser that has this point and secret."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    agreed = _agreed(point, once, salt)
    shared = _derived(agreed.secret, secret, b"WebPush: info\0" + point + agreed.sender, 32)
    key = _derived(shared, agreed.salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, agreed.salt, b"Content-Encoding: nonce\0", 12)
    head = agreed.salt + RECORD_BYTES.to_bytes(4) + len(agreed.sender).to_bytes(1) + agreed.sender
    return head + AESGCM(key).encrypt(nonce, content + LAST_RECORD, None)


def _encrypted_as_drafted(content: bytes, point: bytes, secret: bytes, *, once: EllipticCurvePrivateKey | None = None,
                          salt: bytes | None = None) -> tuple[Agreed, bytes]:
    """One record of `aesgcm` (draft-ietf-webpush-encryption-04). What was agreed upon stands in headers."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    agreed = _agreed(point, once, salt)
    both = b"P-256\0" + b"".join(len(each).to_bytes(2) + each for each in (point, agreed.sender))
    shared = _derived(agreed.secret, secret, b"Content-Encoding: auth\0", 32)
    key = _derived(shared, agreed.salt, b"Content-Encoding: aesgcm\0" + both, 16)
    nonce = _derived(shared, agreed.salt, b"Content-Encoding: nonce\0" + both, 12)
    return agreed, AESGCM(key).encrypt(nonce, NO_PADDING + content, None)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _derived(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt, info).derive(key)


def _signed(origin: str) -> str:
    """A token that proves to the service who pushes."""
    from py_vapid import VapidException

    claims = {"aud": origin, "exp": int(time.time()) + SIGNED_SECONDS, "sub": f"mailto:{settings.instance_email}"}
    try:
        signed = str(_vapid(settings.vapid_private_key, vapid.public_key()).sign(claims)["Authorization"])
        return signed.partition("t=")[2].partition(",")[0]
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
    if _encoded(point) != public_key:
        raise Misconfigured("vapid_public_key is not that of vapid_private_key")
    return key
