"""What an account says of itself besides name and bio, and how it wants to post: rules for what newer clients send.

Each is a value in the document of the profile. An empty one takes it out of there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ...settings import settings
from ..text import fits
from . import ages

QUOTE_POLICIES = frozenset({"public", "followers", "nobody"})
LONGEST_DESCRIPTION = 1_500
MOST_DOMAINS = 100
MOST_DAYS = 36_500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_DOMAIN = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")


def are_right(sayings: Mapping[str, Any]) -> bool:
    """Whether each is known, and is as it should be."""
    return all(name in _RULES and (_may_be_empty(name) if value in ("", []) else _RULES[name](value))
               for name, value in sayings.items())


def _may_be_empty(name: str) -> bool:
    return name != "birthday" or not settings.birthday_required


def is_language(text: str) -> bool:
    """Whether it is the code of a language: `de`, `pt-BR`, `zh-Hant`."""
    return bool(_LANGUAGE.fullmatch(text))


def spelt_domain(domain: str) -> str:
    """A domain as it is kept: without the scheme, a path, and capitals."""
    text = domain.strip().casefold()
    return text.removeprefix("https://").removeprefix("http://").partition("/")[0]


def _is_birthday(text: str) -> bool:
    return ages.is_day(text) and ages.is_old_enough(text)


def _are_domains(domains: list[str]) -> bool:
    return len(domains) <= MOST_DOMAINS and all(len(each) <= 253 and _DOMAIN.fullmatch(each) for each in domains)


_RULES: dict[str, Callable[[Any], bool]] = {
    "avatar_description": lambda text: fits(LONGEST_DESCRIPTION, text),
    "header_description": lambda text: fits(LONGEST_DESCRIPTION, text),
    "attribution_domains": _are_domains,
    "language": is_language,
    "quote_policy": lambda word: word in QUOTE_POLICIES,
    "birthday": _is_birthday,
    "status_ttl_days": lambda days: 0 < days <= MOST_DAYS,
}
