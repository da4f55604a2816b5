"""Visibilities: the API's words for whom a status is for, and the letters under which the tables hold them.

Only this file knows the letters. A status for a list has the visibility `list:`id; clients are told `list`.
"""

from __future__ import annotations

from ..dynamo.attributes import UnicodeAttribute

PUBLIC, UNLISTED, LOCAL, PRIVATE, DIRECT = "public", "unlisted", "local", "private", "direct"
FOR_LIST = "list:"
OPEN = frozenset({PUBLIC, UNLISTED, LOCAL})
FOR_FOLLOWERS = OPEN | {PRIVATE}

_LETTERS = {PUBLIC: "p", UNLISTED: "u", LOCAL: "l", PRIVATE: "f", DIRECT: "d"}
_LETTERS_FOR_LIST = "L:"


STATISTICS = (PUBLIC, UNLISTED, PRIVATE, DIRECT)
"""The words under which statistics count statuses."""


class _Words(dict[str, str]):
    """The words by letter. Anything else that is stored names a list."""

    def __missing__(self, stored: str) -> str:
        id = stored.removeprefix(_LETTERS_FOR_LIST)
        return FOR_LIST + id if id != stored else stored


_WORDS = _Words({letter: word for word, letter in _LETTERS.items()})


class VisibilityAttribute(UnicodeAttribute):
    """A visibility, which is stored as a letter and read as a word."""

    def serialize(self, value: str) -> str:
        letter = _LETTERS.get(value)
        if letter is not None:
            return letter
        list_id = list_in(value)
        if list_id is None:
            raise ValueError(f"no visibility: {value!r}")
        return _LETTERS_FOR_LIST + list_id

    def deserialize(self, value: str) -> str:
        return _WORDS[value]


def word_of(stored: str) -> str:
    """The word for a visibility in an item as DynamoDB spells it."""
    return _WORDS[stored]


def list_in(visibility: str) -> str | None:
    """The list that a visibility names, if it names one."""
    return visibility.removeprefix(FOR_LIST) if visibility.startswith(FOR_LIST) else None


def statistic_of(visibility: str) -> str:
    """The word under which statistics count a visibility: `local` is for few, as `private` is; a list is `direct`."""
    if list_in(visibility) is not None:
        return DIRECT
    return PRIVATE if visibility == LOCAL else visibility
