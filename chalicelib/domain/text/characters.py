"""How many characters a text has, and whether it keeps a limit that clients are told.

A *character* is what a reader sees as one: an emoji of ten code points, or a letter with its marks. A letter may have
any number of marks, so a limit of characters alone bounds nothing. Code points and bytes are bounded as well. They are
looked at first, so that a megabyte of marks is refused before anything reads it.
"""

from __future__ import annotations

import re
from functools import cache

CODE_POINTS_EACH = 10
"""As many as the longest emoji has. A text may have so many for each of its characters, on average."""
MOST_BYTES = 200_000
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"


def length(*texts: str) -> int:
    """The number of characters in all the texts."""
    return sum(map(_length, texts))


def fits(most: int, *texts: str) -> bool:
    """Whether the texts together have at most `most` characters, and code points and bytes within reason."""
    points = sum(map(len, texts))
    if points > most * CODE_POINTS_EACH or points > MOST_BYTES:
        return False
    if sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) > MOST_BYTES:
        return False
    return points <= most or length(*texts) <= most


def _length(text: str) -> int:
    if not text or max(text) < "\u0300":  # nothing here combines, except CR and LF in a line break
        return len(text) - text.count("\r\n")
    return sum(1 for _ in _character().finditer(text))


@cache
def _character() -> re.Pattern[str]:
    r"""One character. `\X` alone looks back at all flags before a flag, so a text of flags would take for ever."""
    import regex  # type: ignore[import-untyped]  # most requests count nothing

    pattern: re.Pattern[str] = regex.compile(
        rf"{_FLAG}[\p{{GCB=Extend}}\p{{GCB=ZWJ}}\p{{GCB=SpacingMark}}]*+|\X")
    return pattern
