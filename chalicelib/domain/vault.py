"""The vault: encrypts texts that must be read again but must not be readable in a table, such as the secrets of TOTP
and the tokens of push subscriptions.

    sealed = vault.seal("JBSWY3DPEHPK3PXP", about=account_id)      "v1.KEY.nonce and text, encrypted"
    vault.unseal(sealed, about=account_id)

AES-256-GCM with the first key of a setting, `encryption_key` unless `under` names another. What an older key of the
list has encrypted can still be opened. A sealed text opens only for the `about` that it was made for: copied to
another account's item it is of no use.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from ..settings import settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
ENCRYPTION, FETCHING = "encryption_key", "fetching_key"
"""The settings that hold keys."""
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class NoKey(Exception):
    """This server has no encryption key, so it cannot encrypt."""


class CannotOpen(Exception):
    """Encrypted with a key that is not in the list, or for another `about`, or changed. `key`: the id that it names."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"sealed with key {key!r}")


def seal(text: str, *, about: str, under: str = ENCRYPTION) -> str:
    """Encrypt with the newest key. Raises NoKey."""
    keys = _keys_of(under)
    if not keys:
        raise NoKey
    newest = next(iter(keys))
    nonce = secrets.token_bytes(NONCE_BYTES)
    encrypted = _cipher(keys[newest]).encrypt(nonce, text.encode(), _bound(newest, about))
    return f"{FORMAT}.{newest}.{base64.urlsafe_b64encode(nonce + encrypted).decode()}"


def unseal(sealed: str, *, about: str, under: str = ENCRYPTION) -> str:
    """The text that was encrypted. Raises CannotOpen."""
    from cryptography.exceptions import InvalidTag

    form, _, rest = sealed.partition(".")
    key, _, encoded = rest.partition(".")
    known = _keys_of(under).get(key) if form == FORMAT else None
    if known is None:
        raise CannotOpen(key)
    try:
        raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
        return _cipher(known).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(key, about)).decode()
    except (InvalidTag, ValueError):
        raise CannotOpen(key) from None


def is_stale(sealed: str, *, under: str = ENCRYPTION) -> bool:
    """Whether it was encrypted with a key that is not the newest."""
    newest = next(iter(_keys_of(under)), None)
    return newest is not None and not sealed.startswith(f"{FORMAT}.{newest}.")


def _bound(key: str, about: str) -> bytes:
    return f"{FORMAT}.{key}.{about}".encode()


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _keys_of(setting: str) -> Mapping[str, bytes]:
    return _keys(getattr(settings, setting), setting)


@lru_cache(maxsize=4)
def _keys(text: str, setting: str) -> Mapping[str, bytes]:
    """The keys by id, newest first. Raises ValueError if the text is no list of keys, without showing any."""
    found: dict[str, bytes] = {}
    for entry in re.split(r"[\s,]+", text):
        if not entry:
            continue
        id, colon, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not colon or not _KEY_ID.fullmatch(id) or id in found or len(key) != KEY_BYTES:
            raise ValueError(f"{setting}: entry {len(found) + 1} is not ID:BASE64 of {KEY_BYTES} bytes, once each")
        found[id] = key
    return found
