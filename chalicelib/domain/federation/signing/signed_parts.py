"""What both kinds of signatures have in common: what is stated about a signature, its time, and digests of bodies."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

OLDEST_SECONDS = 12 * 3600
SKEW_SECONDS = 3600
"""How far a clock may be ahead of ours, and how long after its end a signature is still taken."""
LONGEST_KEY_ID = 2_048
_DATES = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")


class BadSignature(Exception):
    """The signature does not count. The text says why, in a few words."""


@dataclass(frozen=True)
class Stated:
    """What a request says about its signature. `times`: when it says that it was made, at least one.

    `text` gives what was signed, if the request's target (path and query) is this one.
    """

    key_id: str
    signature: str
    times: tuple[float, ...]
    expires: float | None
    text: Callable[[str], str]


def check_time(stated: Stated, now: float) -> None:
    """Raises BadSignature if it is too old, from the future, or over."""
    if not stated.times:
        raise BadSignature("no date is signed")
    if min(stated.times) < now - OLDEST_SECONDS:
        raise BadSignature("too old")
    if max(stated.times) > now + SKEW_SECONDS:
        raise BadSignature("from the future")
    if stated.expires is not None and stated.expires < now - SKEW_SECONDS:
        raise BadSignature("expired")


def seconds_of_date(text: str) -> float:
    """The time of a header Date, in one of the three forms that HTTP knows. Raises BadSignature."""
    for form in _DATES:
        try:
            return datetime.strptime(" ".join(text.split()), form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    raise BadSignature("no usable Date")


def seconds_of_number(text: str) -> float:
    """A time in seconds since 1970. Raises BadSignature."""
    if not _NUMBER.fullmatch(text):
        raise BadSignature("no usable time")
    return float(text)


def check_digest(body: bytes, found: list[str]) -> None:
    """Raises BadSignature unless every one of the SHA-256 digests (in base64) is that of the body."""
    if not body:
        raise BadSignature("no body")
    if not found:
        raise BadSignature("no SHA-256 digest")
    wanted = hashlib.sha256(body).digest()
    for text in found:
        try:
            digest = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise BadSignature("the digest is no base64") from None
        if digest != wanted:
            raise BadSignature("the digest does not fit the body")
