"""Documents: what is stored as one JSON text of a status, a message or an account, and how large it may be.

An item of DynamoDB holds 400 KB, and a reply six megabytes, in which a page of forty messages must find room. Limits
that clients are told count characters. A text within its limit may still make a document too large: links and mentions
become longer, and there may be many descriptions.
"""

from __future__ import annotations

import json
from typing import Any

# Bytes of JSON.
LARGEST_STATUS = 300_000
"""The rest of an item is for its card, counters and reactions, and for the ids of those whom it addresses."""
LARGEST_MESSAGE = 150_000
LARGEST_SCHEDULED = 150_000
LARGEST_PROFILE = 256_000
LARGEST_SETTINGS_STORE = 200_000


def size(document: Any) -> int:
    """The bytes of a document as JSON. Raises TypeError if it cannot be JSON."""
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
