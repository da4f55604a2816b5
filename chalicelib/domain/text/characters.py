"""How many characters a text has, and whether it keeps a limit that clients are told.

A *character* is what a reader sees as one: an emoji of ten code points, or a letter with its marks. A letter may have
any number of marks, so a limit of characters alone bounds nothing. Code points and bytes are bounded as well. They are
looked at first, so that a megabyte of marks is refused before anything reads it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from chalicelib.domain.text.normalising import normalise

CODE_POINTS_EACH = 10
"""As many as the longest emoji has. A text may have so many for each of its characters, on average."""
MOST_BYTES = 200_000
LINK_LENGTH = 23
"""As how many characters of a status a longer link counts. Clients are told."""
_LINK = re.compile(r"https?://\S+")
# What draws nothing, and is no joiner: those change how their neighbours look.
_UNSEEN = dict.fromkeys([0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F),
                         *range(0x2060, 0x2070), 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
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


def with_short_links(text: str) -> str:
    """The text with the beginning of each link, to count what it has. Clients count a link as `LINK_LENGTH`.

    What is too large for anything else stays as it is.
    """
    if "://" not in text or len(text) > MOST_BYTES:
        return text
    return _LINK.sub(lambda link: link[0][:LINK_LENGTH], text)


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of the text."""
    return all(each in _FILLERS or unicodedata.category(each)[0] in "CZ" for each in text.translate(_UNSEEN))


def look(text: str) -> str:
    """The one form of all texts that look the same: composed, with single blanks, without what draws nothing."""
    return " ".join(normalise("NFC", text.translate(_UNSEEN)).split())


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
