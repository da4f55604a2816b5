"""How alike two names are: the share of three-letter pieces that they have in common, as `pg_trgm` computes it."""

from __future__ import annotations

from functools import lru_cache

from .stems import words_of_name


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1. Letter case and the order of words make no difference."""
    mine, theirs = _pieces(one), _pieces(other)
    together = len(mine | theirs)
    return len(mine & theirs) / together if together else 0.0


@lru_cache(maxsize=1024)
def _pieces(text: str) -> frozenset[str]:
    """The pieces of each word, with two blanks before and one after it: so its beginning counts more than its end."""
    padded = [f"  {word} " for word in words_of_name(text)]
    return frozenset(word[start:start + 3] for word in padded for start in range(len(word) - 2))
