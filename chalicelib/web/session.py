"""The session cookie: it stands for an access token, and only this server can read it.

The token is hidden and authenticated by the server's key (a stream and a tag, both HMAC-SHA256, the tag doing
duty as the stream's nonce), so one token always makes the same cookie. Without a key there are no sessions.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from hashlib import sha256

from ..settings import settings

NAME = "_pleroma_key"
ALSO_READ = (NAME, "__Host-pleroma_key", "pleroma_key")
TAG_BYTES = 16
_LONGEST = 400


def seal(token: str) -> str:
    raw = token.encode()
    tag = _tag(raw)
    return base64.urlsafe_b64encode(tag + _streamed(raw, tag)).decode().rstrip("=")


def unseal(value: str) -> str | None:
    """The token behind a cookie's value; None for what this server's key did not make."""
    if not settings.secret_key or not value.isascii() or len(value) > _LONGEST:
        return None
    try:
        sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return None
    tag, hidden = sealed[:TAG_BYTES], sealed[TAG_BYTES:]
    raw = _streamed(hidden, tag)
    return raw.decode() if hmac.compare_digest(_tag(raw), tag) else None


def find_in(cookies: Mapping[str, str]) -> str | None:
    """The token of the first session cookie; a cookie that is not ours counts as one with a dead token."""
    for name in ALSO_READ:
        if name in cookies:
            return unseal(cookies[name]) or ""
    return None


def cookie(token: str) -> str:
    """The Set-Cookie header that starts a session; empty where the server has no key."""
    return f"{NAME}={seal(token)}{_attributes()}" if settings.secret_key else ""


def ended() -> str:
    """The Set-Cookie header that ends one."""
    return f"{NAME}=; Max-Age=0{_attributes()}"


def _attributes() -> str:
    secure = "; Secure" if settings.base_url.startswith("https:") else ""
    return f"; Path=/; HttpOnly; SameSite=Lax{secure}"


def _key() -> bytes:
    return settings.secret_key.encode()


def _tag(raw: bytes) -> bytes:
    return hmac.digest(_key(), b"session tag " + raw, "sha256")[:TAG_BYTES]


def _streamed(raw: bytes, tag: bytes) -> bytes:
    """`raw` under the stream that `tag` begins; the same again takes it off."""
    blocks = range(-(-len(raw) // sha256().digest_size))
    stream = b"".join(hmac.digest(_key(), b"session stream %d " % block + tag, "sha256") for block in blocks)
    return bytes(one ^ other for one, other in zip(raw, stream, strict=False))
