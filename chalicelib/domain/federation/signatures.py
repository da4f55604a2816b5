"""HTTP signatures as servers speak them: the drafts 8 to 12 of Cavage, made and read. RFC 9421 is read too.

    headers = signatures.sign(Outgoing("POST", "far.example", "/inbox", body), pair.id, pair.sign)
    signed = signatures.read(incoming)              raises BadSignature; the key is not needed yet
    signatures.verify(signed, public_pem)           raises BadSignature

Everything that needs no key is checked by `read`: the form, what is signed, the digest, the time. What it answers
consists of texts, so a queue may keep it until the key is known. Nothing here reads or fetches anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

from ...settings import settings
from .signing import cavage, message_signatures, public_keys
from .signing.signed_parts import LONGEST_KEY_ID, Stated, check_time
from .signing.signed_parts import BadSignature as BadSignature

AS_DOCUMENT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
DOCUMENT = "application/activity+json"
LEAST_BYTES, MOST_BYTES = 256, 1_024
LONGEST_HEADER = 8_192


@dataclass(frozen=True)
class Outgoing:
    """A request of ours. `target`: path and query. Without a `body` it is a GET."""

    method: str
    host: str
    target: str
    body: bytes | None = None


@dataclass(frozen=True)
class Incoming:
    """A request to us. `target`: path and query as they were sent. `headers`: by lower-case name.

    `also`: other spellings of the target, where something on the way may have written it anew. `base` is our public
    address, scheme and host. It never comes from a header.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    also: tuple[str, ...] = ()
    arrived: float = field(default_factory=time.time)
    base: str = field(default_factory=lambda: settings.base_url)


@dataclass(frozen=True)
class Signed:
    """What somebody signed: with which key, and the texts that this may be the signature of."""

    key_id: str
    signature: str
    texts: tuple[str, ...]


# Ours.


def sign(request: Outgoing, key_id: str, sign_bytes: Callable[[bytes], bytes]) -> dict[str, str]:
    """The headers of a request of ours, with the date of now. `sign_bytes` makes the signature of a text."""
    headers = {"Date": formatdate(time.time(), usegmt=True)}
    if request.body is None:
        headers["Accept"] = AS_DOCUMENT
        names = ["(request-target)", "host", "date", "accept"]
    else:
        headers["Digest"] = f"SHA-256={base64.b64encode(hashlib.sha256(request.body).digest()).decode()}"
        headers["Content-Type"] = DOCUMENT
        names = ["(request-target)", "host", "date", "digest", "content-type"]
    values = {name.lower(): value for name, value in headers.items()} | {
        "(request-target)": f"{request.method.lower()} {request.target}", "host": request.host}
    text = "\n".join(f"{name}: {values[name]}" for name in names)
    made = base64.b64encode(sign_bytes(text.encode())).decode()
    # No blanks after the commas: some servers do not trim.
    headers["Signature"] = (f'keyId="{key_id}",algorithm="rsa-sha256",headers="{" ".join(names)}",signature="{made}"')
    return headers


# Theirs.


def read(request: Incoming) -> Signed:
    """What the request's signature says. Raises BadSignature, whose text is for the peer's administrators."""
    parts = _stated(request)
    check_time(parts, request.arrived)
    signature = _decoded(parts.signature)
    if not LEAST_BYTES <= len(signature) <= MOST_BYTES:
        raise BadSignature("the signature has a wrong length")
    if not 0 < len(parts.key_id) <= LONGEST_KEY_ID:
        raise BadSignature("no usable keyId")
    targets = tuple(dict.fromkeys(_targets(request)))
    texts = tuple(dict.fromkeys(parts.text(target) for target in targets))
    return Signed(parts.key_id, base64.b64encode(signature).decode(), texts)


def verify(signed: Signed, public_pem: str) -> None:
    """Check that the key's owner made it. Raises BadSignature. The key decides how; no header may."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    try:
        key = public_keys.load(public_pem)
    except public_keys.BadKey as fault:
        raise BadSignature(f"no usable key: {fault}") from None
    signature = _decoded(signed.signature)
    for text in signed.texts:
        try:
            key.verify(signature, text.encode("utf-8", "surrogatepass"), PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return
    raise BadSignature("the signature does not fit")


def is_signed(headers: Mapping[str, str]) -> bool:
    """Whether a request has a signature, good or bad."""
    return "signature-input" in headers or bool(_header(headers))


def _header(headers: Mapping[str, str]) -> str:
    """The signature by Cavage. Some servers have it in `Authorization`."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    return headers.get("signature", "") or (rest if scheme.lower() == "signature" else "")


def _stated(request: Incoming) -> Stated:
    headers = request.headers
    if "signature-input" in headers:
        return message_signatures.read(request.method, request.base, headers, request.body)
    header = _header(headers)
    if not header:
        raise BadSignature("Request not signed")
    if len(header) > LONGEST_HEADER:
        raise BadSignature("the header Signature is too long")
    return cavage.read(header, request.method, request.base.partition("://")[2], headers, request.body)


def _targets(request: Incoming) -> Iterable[str]:
    """Path and query as sent; the path alone, as many servers sign it; then what something on the way made of both."""
    for target in (request.target, *request.also):
        yield target
        yield target.partition("?")[0]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("the signature is no base64") from None
