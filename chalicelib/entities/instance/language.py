"""Languages by their codes."""

from __future__ import annotations

from typing import TypedDict

from .instance import LANGUAGES

NAMES = {"en": "English"}


class Language(TypedDict):
    code: str
    name: str


def render_languages() -> list[Language]:
    return [{"code": code, "name": NAMES[code]} for code in LANGUAGES]
