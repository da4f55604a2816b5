"""Letters without their accents: what people type who have no key for them, or do not care.

The Latin and the Greek script lose all of them: `naïve` is `naive`, `Łódź` is `lodz`, `άλφα` is `αλφα`. Cyrillic loses
what people leave out in writing too: the dots of `ё`, and marks of stress; `й`, `ї` and `ў` are letters of their own.
All other scripts stay as they are, because their marks are vowels, tones or other letters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Combining marks of no script in particular: the blocks of diacritical marks.
_MARKS = frozenset(map(chr, [*range(0x300, 0x370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00),
                             *range(0x20D0, 0x2100), *range(0xFE20, 0xFE30)]))
_LATIN, _GREEK, _WITH = "LATIN SMALL LETTER ", "GREEK SMALL LETTER ", " WITH "
# Letters that are none of `a` to `z` with something added, as Lucene's ASCIIFoldingFilter writes them.
_BY_SOUND = {
    "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n", "ĸ": "q", "ə": "a", "ɛ": "e", "ɔ": "o", "ǝ": "e",
    "ʒ": "z", "ß": "ss", "ё": "е", "ѐ": "е", "ѝ": "и",
}


def without_accents(word: str) -> str:
    """The word, in lower case and composed, without accents."""
    return word if word.isascii() else "".join(map(_plain, word))


@lru_cache(maxsize=8192)
def _plain(letter: str) -> str:
    if letter in _MARKS:
        return ""
    known = _BY_SOUND.get(letter)
    if known is not None:
        return known
    name = unicodedata.name(letter, "")
    if not name.startswith((_LATIN, _GREEK)):
        return letter
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) > 1:
        return without_accents(parts)
    base, added, _ = name.removeprefix(_LATIN).partition(_WITH)  # as in LATIN SMALL LETTER L WITH STROKE
    return base.lower() if added and len(base) == 1 else letter
