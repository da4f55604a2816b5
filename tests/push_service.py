"""A push service, and a browser behind it that reads what is pushed.

It follows RFC 8291 and RFC 8188 step by step, and RFC 8292 for the signature, and also the drafts before them. None of
its code is what the application encrypts and signs with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra import vapid
from tests.other_server import Answer, Other, serving

PUBLIC_KEY, PRIVATE_KEY = vapid.make()
URL = "/api/v1/push/subscription"
TYPES = ("follow", "favourite", "mention", "reblog", "pleroma:chat_mention", "pleroma:emoji_reaction")


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Browser:
    """A browser, which has the private key of one subscription."""

    endpoint: str = "https://push.example.org/one"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"sixteen letters!"

    @property
    def subscription(self) -> dict[str, Any]:
        return {"endpoint": self.endpoint,
                "keys": {"p256dh": encoded(point_of(self.key.public_key())), "auth": encoded(self.secret)}}

    def subscribes(self, person: Any, *types: str) -> dict[str, Any]:
        """Subscribe with the person's token, to all types if none is named."""
        reply = person.post(URL, json={"subscription": self.subscription,
                                       "data": {"alerts": dict.fromkeys(types or TYPES, True)}})
        assert reply.status == 200, reply.body
        shown: dict[str, Any] = reply.json
        return shown

    def reads(self, body: bytes) -> dict[str, Any]:
        """Decrypt what was pushed to this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, record = body[21:21 + length], body[21 + length:]
        assert length == 65
        assert len(record) <= size <= 4096
        assert len(body) <= 4096
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        info = b"WebPush: info\x00" + point_of(self.key.public_key()) + sender
        secret = _hkdf(self.secret, shared, info, 32)
        content_key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\x00", 12)
        padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\x00")
        assert padded.endswith(b"\x02")
        read: dict[str, Any] = json.loads(padded[:-1])
        return read


    def reads_draft(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """Decrypt `aesgcm`, as a relay does that knows nothing else."""
        salt = decoded(headers["encryption"].removeprefix("salt="))
        values = dict(each.split("=", 1) for each in headers["crypto-key"].split(";"))
        assert values["p256ecdsa"] == PUBLIC_KEY
        own, sender = point_of(self.key.public_key()), decoded(values["dh"])
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = _hkdf(self.secret, shared, b"Content-Encoding: auth\x00", 32)
        context = b"P-256\x00\x00\x41" + own + b"\x00\x41" + sender
        content_key = _hkdf(salt, secret, b"Content-Encoding: aesgcm\x00" + context, 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\x00" + context, 12)
        padded = AESGCM(content_key).decrypt(nonce, body, None)
        read: dict[str, Any] = json.loads(padded[2 + int.from_bytes(padded[:2]):])
        return read


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 for at most one block."""
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:length]


def claims_of(authorization: str) -> dict[str, Any]:
    """What the server signed. Checks the signature."""
    scheme, _, values = authorization.partition(" ")
    assert scheme in ("vapid", "WebPush")
    parts = dict(value.strip().split("=", 1) for value in values.split(",")) if scheme == "vapid" else {"t": values}
    assert parts.get("k", PUBLIC_KEY) == PUBLIC_KEY
    signed, _, signature = parts["t"].rpartition(".")
    raw = decoded(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(PUBLIC_KEY))
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(both, signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(decoded(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, Any] = claims
    return found


@dataclass
class Service:
    """What the push service got. `answer` may be changed at any time."""

    other: Other
    browser: Browser
    answers: dict[str, Answer]

    def answers_with(self, status: int) -> None:
        self.answers["/one"] = (status, b"")

    @property
    def got(self) -> list[dict[str, Any]]:
        """Everything that was pushed, decrypted, in order."""
        return [self.browser.reads(body) for body in self.other.bodies]

    @property
    def headers(self) -> list[dict[str, str]]:
        return [headers for _, headers in self.other.asked]


@contextmanager
def push_service() -> Iterator[Service]:
    answers: dict[str, Answer] = {"/one": (201, b""), "/two": (201, b"")}
    with serving(answers) as other:
        yield Service(other, Browser(other.url + "/one"), answers)
