"""What an e-mail address looks like."""

from __future__ import annotations

import re

LONGEST = 254
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")


def is_email(text: str) -> bool:
    """Whether it looks like an e-mail address. Whether letters arrive there is not known."""
    return len(text) <= LONGEST and _EMAIL.fullmatch(text) is not None
