"""How other servers spell their signatures. Nothing here uses our own code, which would share our own faults."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@dataclass(frozen=True)
class Spelling:
    """One server's habits. `key`: what follows the actor's address in its keyId."""

    name: str
    post: str
    get: str
    algorithm: str = "rsa-sha256"
    key: str = "#main-key"
    with_query: bool = False
    separator: str = ","
    """What stands between the parameters."""


MASTODON = Spelling("Mastodon", "(request-target) host date digest content-type", "(request-target) host date",
                    with_query=True)
PLEROMA = Spelling("Pleroma", "(request-target) content-length date digest host", "(request-target) date host")
GOTOSOCIAL = Spelling("GoToSocial", "(request-target) host date digest", "(request-target) host date",
                      algorithm="hs2019", key="/main-key", with_query=True)
MISSKEY = Spelling("Misskey", "(request-target) date host digest", "(request-target) date host accept")
TAKAHE = Spelling("Takahe", "(request-target) host date digest content-type", "(request-target) host date accept")
SPELLINGS = (MASTODON, PLEROMA, GOTOSOCIAL, MISSKEY, TAKAHE)


@cache
def key_pair(name: str = "", bits: int = 2_048) -> rsa.RSAPrivateKey:
    """A key for each name."""
    return rsa.generate_private_key(65_537, bits)


def pem_of(key: rsa.RSAPrivateKey, *, pkcs1: bool = False) -> str:
    form = serialization.PublicFormat.PKCS1 if pkcs1 else serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def signed(key: rsa.RSAPrivateKey, text: str) -> str:
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


@dataclass(frozen=True)
class Asking:
    """A request that is to be signed. `at`: when, in seconds; None: now."""

    method: str
    host: str
    target: str
    body: bytes = b""
    accept: str = "application/activity+json"
    at: float | None = None


def headers_of(asking: Asking, key: rsa.RSAPrivateKey, key_id: str, spelling: Spelling = MASTODON) -> dict[str, str]:
    """The headers with which a server of this kind sends a request, by lower-case name."""
    headers = {"host": asking.host, "date": formatdate(time.time() if asking.at is None else asking.at, usegmt=True)}
    names = spelling.get
    if asking.method == "POST":
        digest = base64.b64encode(hashlib.sha256(asking.body).digest()).decode()
        headers |= {"digest": f"SHA-256={digest}", "content-type": "application/activity+json",
                    "content-length": str(len(asking.body))}
        names = spelling.post
    else:
        headers["accept"] = asking.accept
    target = asking.target if spelling.with_query else asking.target.partition("?")[0]
    values = headers | {"(request-target)": f"{asking.method.lower()} {target}"}
    text = "\n".join(f"{name}: {values[name]}" for name in names.split())
    parameters = [f'keyId="{key_id}"', f'algorithm="{spelling.algorithm}"', f'headers="{names}"',
                  f'signature="{signed(key, text)}"']
    return headers | {"signature": spelling.separator.join(parameters)}
