"""Hashtags: which characters they have, and when two of them are the same.

A tag is a word of any script. Many scripts write vowels as marks, and some need joiners, or dots, inside a word. Two
tags are the same if a reader sees the same letters, however these are encoded, and in whatever letter case.
"""

import re

from chalicelib.domain.text.addresses import is_mark
from chalicelib.domain.text.normalising import normalise

SIGNS = "#＃"
# Middle dots, the Tibetan tsheg, Hebrew punctuation within words, and the joiners.
BETWEEN_LETTERS = "·\u0387‧・･\u0f0b\u0f0c\u05be\u05f3\u05f4\u200c\u200d"
LONGEST = 500  # a key has at most 2,048 bytes
_RUN = re.compile(r"\w*+")


def end_of_tag(text: str, start: int) -> int:
    """The end of the tag whose first letter is at `start`. A joiner or a dot counts if a letter follows."""
    end = reached = start
    while end < len(text):
        run = _RUN.match(text, end)
        if run is not None and run.end() > end:
            end = reached = run.end()
        elif reached > start and is_mark(text[end]):
            end += 1
            reached = end
        elif text[end] in BETWEEN_LETTERS and end == reached > start:
            end += 1
        else:
            break
    return reached


def fold(text: str) -> str:
    """The one form of all spellings of a text: compatibility forms composed, without letter case."""
    return normalise("NFKC", normalise("NFKC", text).casefold())


def fold_tag(tag: str) -> str:
    """The one form of all spellings of a tag, of at most `LONGEST` characters."""
    folded = fold(tag)
    return (folded if folded.isalnum() else "".join(filter(_may_be_in_a_tag, folded)))[:LONGEST]


def is_tag(folded: str) -> bool:
    """Whether it has a letter. A number is no tag."""
    return any(character.isalpha() or character == "_" for character in folded)


def _may_be_in_a_tag(character: str) -> bool:
    return character.isalnum() or character == "_" or character in BETWEEN_LETTERS or is_mark(character)
