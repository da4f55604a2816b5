"""Whether texts have a phrase, in any spelling and letter case: anywhere, or only where words begin and end.

A word has letters and digits of any script, with their marks and joiners, and low lines. The boundaries of words become
characters of their own, in the texts and in the phrase. Then the phrase is there if it is a part of the text, which
Python finds in time that grows with the length, whatever the phrase looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from chalicelib.domain.text.addresses import is_mark
from chalicelib.domain.text.hashtags import fold

# Lone surrogates: no text that clients send has any.
_BEGIN, _END, _BETWEEN_TEXTS = "\ud800", "\udfff", "\udffe"
_BETWEEN_WORDS = re.compile(r"\W+")
_JOINERS = "\u200c\u200d"


class Phrase:
    """What is looked for: a text as somebody typed it, made ready once for any number of texts."""

    def __init__(self, typed: str, *, whole_word: bool = True) -> None:
        self.typed, self.whole_word = typed, whole_word
        self.folded = fold(typed)

    @cached_property
    def marked(self) -> str:
        return _mark(self.folded)


class Texts:
    """The texts of one thing, in which phrases are looked for. None goes from one text into the next."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._folded = fold(_BETWEEN_TEXTS.join(texts))

    @cached_property
    def _marked(self) -> str:
        return _mark(self._folded)

    def find(self, phrases: Iterable[Phrase]) -> list[Phrase]:
        """Those that the texts have. A blank one is in no text."""
        folded = self._folded
        return [each for each in phrases if each.folded in folded and each.folded and (
            not each.whole_word or each.marked in self._marked)]


def have_any(texts: Iterable[str], phrases: Iterable[str]) -> bool:
    """Whether one of the texts has one of the phrases as whole words."""
    return bool(Texts(texts).find(map(Phrase, phrases)))


def _mark(text: str) -> str:
    """The text with a mark wherever a phrase may begin or end: beside everything that is not part of a word."""
    return _BEGIN + _BETWEEN_WORDS.sub(_set_apart, text) + _END


def _set_apart(found: re.Match[str]) -> str:
    """What is between words, each character by itself. What the word before goes on with stays with the word."""
    text, begun = found[0], 0
    while found.start() and begun < len(text) and (text[begun] in _JOINERS or is_mark(text[begun])):
        begun += 1
    return text[:begun] + "".join(f"{_END}{each}{_BEGIN}" for each in text[begun:])
