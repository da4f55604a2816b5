"""Public keys of other servers' accounts: which ones are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LEAST_BITS, MOST_BITS = 2_048, 8_192
"""A larger key costs whoever verifies too much."""
LARGEST_EXPONENT = 2**32
LONGEST_PEM = 4_096
FORMS = ("-----BEGIN PUBLIC KEY-----", "-----BEGIN RSA PUBLIC KEY-----")


class BadKey(Exception):
    """It is no key that we take. The text says why."""


def load(pem: str) -> RSAPublicKey:
    """The RSA key that the text holds, as SPKI or PKCS#1. Raises BadKey."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    text = pem.strip()
    if len(text) > LONGEST_PEM or not text.startswith(FORMS):
        raise BadKey("not the PEM of a public key")
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey("malformed") from None
    if not isinstance(key, RSAPublicKey):
        raise BadKey("not an RSA key")
    if not LEAST_BITS <= key.key_size <= MOST_BITS:
        raise BadKey(f"not {LEAST_BITS} to {MOST_BITS} bits")
    exponent = key.public_numbers().e
    if exponent < 3 or not exponent % 2 or exponent > LARGEST_EXPONENT:
        raise BadKey("an exponent that is not taken")
    return key


def is_usable(pem: object) -> bool:
    """Whether it is a key that we take."""
    try:
        return isinstance(pem, str) and load(pem) is not None
    except BadKey:
        return False
