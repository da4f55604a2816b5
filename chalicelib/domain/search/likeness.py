"""How alike two names are: by the share of the three-letter pieces they have in common, as `pg_trgm` measures it."""

from __future__ import annotations

from functools import lru_cache

from .stems import words


def likeness(one: str, other: str) -> float:
    """From 0, nothing in common, to 1. Letter case, and the order of words, make no difference."""
    mine, theirs = _pieces(one), _pieces(other)
    together = len(mine | theirs)
    return len(mine & theirs) / together if together else 0.0


@lru_cache(maxsize=1024)
def _pieces(text: str) -> frozenset[str]:
    """A word's beginning counts more than its end, so it is padded with two blanks before and one behind."""
    padded = [f"  {word} " for word in words(text)]
    return frozenset(word[start:start + 3] for word in padded for start in range(len(word) - 2))
