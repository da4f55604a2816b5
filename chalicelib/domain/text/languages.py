"""Codes of languages, as BCP 47 has them."""

from __future__ import annotations

import re

LONGEST = 35
_CODE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def code(value: object) -> str | None:
    """A code of a language, unless it says that none is known. None for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST or not _CODE.fullmatch(value):
        return None
    return None if value.lower() == "und" else value


def is_kind_of(language: str, wanted: str) -> bool:
    """Whether a code is the wanted one, or a kind of it: `pt-BR` is in `pt`."""
    language, wanted = language.casefold(), wanted.casefold()
    return language == wanted or language.startswith(f"{wanted}-")
