"""JSON from other servers, read with more care than JSON asks for: what comes out can be walked, stored and sent.

The top is an object. It is neither deep nor long. Its numbers are finite and its texts are valid Unicode without NUL.
Of a key given twice the last one counts.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

DEEPEST = 32
MOST_VALUES = 10_000


class NotADocument(ValueError):
    """It is not JSON, or more than we take."""


def read(body: bytes) -> dict[str, Any]:
    """The object that the text holds. Raises NotADocument."""
    try:
        value = json.loads(body.decode(), parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError):
        raise NotADocument from None
    if not isinstance(value, dict):
        raise NotADocument
    return _Walk().cleaned(value, 1)  # type: ignore[no-any-return]


class _Walk:
    """Counts the values of a document while it makes them fit to be stored."""

    def __init__(self) -> None:
        self.left = MOST_VALUES

    def cleaned(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            raise NotADocument
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, list):
            return [self.cleaned(each, depth + 1) for each in value]
        if isinstance(value, dict):
            return {_text(name): self.cleaned(each, depth + 1) for name, each in value.items()}
        return value


def _text(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            raise NotADocument from None
    return text.replace("\x00", "")


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    _finite(text)
    return int(text)
