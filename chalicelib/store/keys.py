"""Keys from parts that clients choose: DynamoDB takes 2,048 bytes, a client may send ten thousand."""

from __future__ import annotations

import hashlib

LONGEST = 1_000


def bounded(prefix: str, rest: str) -> str:
    """The key as it stands, or the prefix with a hash of the rest where it would be too long."""
    if len(rest.encode("utf-8", "replace")) <= LONGEST:
        return prefix + rest
    return prefix + hashlib.sha256(rest.encode("utf-8", "replace")).hexdigest()
