"""Nicknames: what they look like, and which nobody may have."""

from __future__ import annotations

import re

from ...settings import settings

RESERVED = frozenset(re.findall(r"\S+", """
    .well-known ~ about activities api auth check_password dev friend-requests inbox internal main media nodeinfo
    notice oauth objects ostatus_subscribe pleroma proxy push registration relay settings status tag user-search
    user_exists users web verify_credentials update_credentials relationships search confirmation_resend lookup mfa
    account embed feed tags static images instance emoji manifest.json
"""))
LONGEST = 255
_NICKNAME = re.compile(r"[A-Za-z0-9]+")
_EXTENDED_NICKNAME = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*")
"""Other servers refuse a name that begins or ends with `-`."""


def is_nickname(text: str) -> bool:
    """Whether it has the form of a nickname."""
    form = _EXTENDED_NICKNAME if settings.extended_nickname_format else _NICKNAME
    return len(text) <= LONGEST and form.fullmatch(text) is not None
