"""Whether texts have a phrase at word boundaries, in any spelling and letter case.

The boundaries of words become characters of their own, in the texts and in the phrase. Then the phrase is there if it
is a part of the text, which Python finds in time that grows with the length, whatever the phrase looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from chalicelib.domain.text.hashtags import fold

# Lone surrogates: no text that clients send has any.
_BEGIN, _END, _BETWEEN_TEXTS = "\ud800", "\udfff", "\udffe"
_NOT_IN_A_WORD = re.compile(r"\W")


def have_any(texts: Iterable[str], phrases: Iterable[str]) -> bool:
    """Whether one of the texts has one of the phrases."""
    marked = _marked(fold(_BETWEEN_TEXTS.join(texts)))
    return any(_phrase(each) in marked for each in phrases)


@lru_cache(maxsize=1024)
def _phrase(phrase: str) -> str:
    return _marked(fold(phrase))


def _marked(text: str) -> str:
    """The text with a mark wherever a phrase may begin or end: beside everything that is not part of a word."""
    return _BEGIN + _NOT_IN_A_WORD.sub(rf"{_END}\g<0>{_BEGIN}", text) + _END
