"""`python -m infra.vapid`: make a pair of keys for push, as the two settings for it.

Browsers subscribe with the public key. With another pair, all of them have to subscribe again.
"""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def make() -> tuple[str, str]:
    """The public key (a point of P-256) and the private key (a number)."""
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point), _text(key.private_numbers().private_value.to_bytes(32))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


if __name__ == "__main__":
    public, private = make()
    print(f"KENOMA_VAPID_PUBLIC_KEY={public}\nKENOMA_VAPID_PRIVATE_KEY={private}")
