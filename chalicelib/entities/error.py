"""Errors, for the document: `web/errors.py` makes the bodies."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Source(TypedDict):
    pointer: str


class Fault(TypedDict):
    """One thing wrong with a parameter."""

    title: str
    source: Source
    message: str


class Error(TypedDict):
    """What went wrong, for people; `identifier` for programs, where the reference gives one."""

    error: str
    errors: NotRequired[list[Fault]]
    identifier: NotRequired[str]
