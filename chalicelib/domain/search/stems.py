"""Words and stems: what people can find in a text.

A *word* is a run of letters and digits in lower case. A run of Chinese characters or Japanese kana is one word, because
nothing in these scripts tells where a word ends. A *stem* is a word without its English ending, so that `cats` finds
`cat`. Words of other languages are their own stems, and words that stand in every text have none.

Accents make no difference. Only a word that its accent tells from one that stands in every text keeps it: `thé` is tea.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from ..text.accents import without_accents
from ..text.normalising import normalise

MOST_STEMS = 100
LONGEST_STEM = 40
REMEMBERED = 20_000

STOP_WORDS = frozenset(re.findall(r"\S+", """
    a about above after again against all am an and any are as at be because been before being below between both but
    by can did do does doing don down during each few for from further had has have having he her here hers herself him
    himself his how i if in into is it its itself just me more most my myself no nor not now of off on once only or
    other our ours ourselves out over own s same she should so some such t than that the their theirs them themselves
    then there these they this those through to too under until up very was we were what when where which while who
    whom why will with you your yours yourself yourselves
"""))

_WORD = re.compile(r"[^\W_]+")
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff" \
       "\uf900-\ufaff\U00020000-\U0003ffff"
_FIRST_CJK = "\u2e80"
_FIRST_MARK = "\u0300"
_UNSEEN = dict.fromkeys([0xAD, 0x20E3, *range(0xFE00, 0xFE10)])


def words(text: str) -> list[str]:
    """Every word of the text, in order, without accents that make no difference."""
    return [_without_accents(word) for word in words_as_written(text)]


def words_of_name(name: str) -> list[str]:
    """Every word of a name, in order, without accents. No word stands in every name."""
    return list(map(without_accents, words_as_written(name)))


def words_as_written(text: str) -> list[str]:
    """Every word of the text, in order, with accents."""
    if not text.isascii():
        text = normalise("NFKC", visible(text))
    text = text.casefold()
    if text.isascii():
        return _WORD.findall(text)
    text = normalise("NFKC", text)  # casefold may have split characters into parts
    characters = set(text)
    found = (_word_with_marks() if any(map(is_mark, characters)) else _WORD).findall(text)
    if max(characters) >= _FIRST_CJK:
        found = [run for word in found for run in _runs_of_one_script().findall(word)]
    return found


def _without_accents(word: str) -> str:
    plain = without_accents(word)
    return word if plain in STOP_WORDS else plain


def visible(text: str) -> str:
    """The text without characters that only say how to draw others, or where a line may break."""
    return text.translate(_UNSEEN)


def is_mark(character: str) -> bool:
    """Whether the character belongs to the letter before it."""
    return character >= _FIRST_MARK and unicodedata.category(character).startswith("M")


@cache
def _runs_of_one_script() -> re.Pattern[str]:
    return re.compile(f"[{_CJK}]+|[^{_CJK}]+")


@cache
def _word_with_marks() -> re.Pattern[str]:
    """Words of scripts that write vowels as marks. `re` has no class for these."""
    import regex  # type: ignore[import-untyped]

    pattern: re.Pattern[str] = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")
    return pattern


def stem(word: str) -> str | None:
    """The stem of a word as `words` gives it. None for a word that stands in every text."""
    return None if word in STOP_WORDS else _stem(word[:LONGEST_STEM])


@lru_cache(maxsize=REMEMBERED)
def _stem(word: str) -> str:
    return _english()(word) if word.isascii() and word.isalpha() else word


@cache
def _english() -> Callable[[str], str]:
    from snowballstemmer import stemmer  # type: ignore[import-untyped]

    stem_word: Callable[[str], str] = stemmer("english").stemWord
    return stem_word


def stems(text: str, most: int = MOST_STEMS) -> list[str]:
    """The first different stems of the text, in order."""
    return distinct(map(stem, words(text)))[:most]


def distinct(found: Iterable[str | None]) -> list[str]:
    return [each for each in dict.fromkeys(found) if each is not None]
