"""What is wrong with a change, field by field."""

from __future__ import annotations

from typing import TypedDict


class FieldErrors(TypedDict):
    """Nothing has changed. `errors`: what is wrong, by field."""

    errors: dict[str, str]
