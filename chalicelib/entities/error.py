"""The form of errors, for the OpenAPI document. `web/errors.py` makes the bodies."""

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
    """`error` says for people what went wrong; `identifier` says it for programs, if the reference has one."""

    error: str
    errors: NotRequired[list[Fault]]
    identifier: NotRequired[str]
