"""Queries: what people type into a search box, and how it is understood.
    cats and dogs     all of these words, in any order
    "raining cats"    these words one after the other
    cats or dogs      either side; `or` binds less than standing side by side
    -dogs             not this word (or "phrase")
    from:me has:media     what statuses are besides their words (`operators`)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..text.hashtags import BETWEEN_LETTERS, fold
from . import operators
from .operators import ANYTHING, Conditions, Operator
from .stems import distinct, is_mark, stem, visible, words

MOST_ALTERNATIVES = 4
MOST_WORDS = 32
"""On one side of an `or`. Further words are ignored."""

Phrase = tuple[str | None, ...]
"""Stems in a row. None stands for any word, because the query has a word without a stem there."""

_TERM = re.compile(r"""(-*)(?:"([^"]*)"?|([^\s"]+))""")


@dataclass(frozen=True)
class Alternative:
    """What a text must have (all of it), and what it must not have. `stems` include those of the phrases."""

    stems: tuple[str, ...]
    phrases: tuple[Phrase, ...] = ()
    without_stems: tuple[str, ...] = ()
    without_phrases: tuple[Phrase, ...] = ()
    conditions: Conditions = ANYTHING

    @property
    def is_one_stem(self) -> bool:
        """Whether everything with this stem fits."""
        return len(self.stems) == 1 and not (self.without_stems or self.has_phrases) and self.conditions == ANYTHING

    @property
    def must_be_read(self) -> bool:
        """Whether a status has to be read to know if it fits."""
        return self.has_phrases or self.conditions.is_about_content

    @property
    def has_phrases(self) -> bool:
        return bool(self.phrases or self.without_phrases)

    def phrases_match(self, text: str) -> bool:
        """Whether a text that has the stems also has the phrases, and none of the unwanted ones."""
        if not self.has_phrases:
            return True
        text_words = words(text)
        return all(_occurs(each, text_words) for each in self.phrases) and not any(
            _occurs(each, text_words) for each in self.without_phrases)


def _occurs(phrase: Phrase, text_words: Sequence[str]) -> bool:
    return any(
        all(wanted is None or _is(text_words[start + place], wanted) for place, wanted in enumerate(phrase))
        for start in range(len(text_words) - len(phrase) + 1)
    )


def _is(word: str, wanted: str) -> bool:
    """Whether the word has this stem. Stemming is slow and changes only the end, so the beginning is compared first."""
    return word.startswith(wanted[:max(len(wanted) - 3, 1)]) and stem(word) == wanted


def alternatives(query: str) -> list[Alternative]:
    """The sides of every `or`: the first four different ones that have something to look for."""
    found: dict[Alternative, None] = {}
    for side in _sides(query):
        alternative = _alternative(side)
        if alternative.stems or alternative.conditions != ANYTHING:
            found[alternative] = None
        if len(found) == MOST_ALTERNATIVES:
            break
    return list(found)


@dataclass(frozen=True)
class _Term:
    negated: bool
    quoted: bool
    words: list[str]
    operator: Operator | None = None


def _sides(query: str) -> Iterator[list[_Term]]:
    side: list[_Term] = []
    room = MOST_WORDS
    for dashes, quoted, bare in _TERM.findall(query):
        if bare.casefold() == "or" and not dashes:
            yield side
            side, room = [], MOST_WORDS
        elif (operator := operators.read(bare, negated=bool(dashes))) is not None:
            side.append(_Term(bool(dashes), False, [], operator))
        elif room > 0:
            side.append(_Term(bool(dashes), bool(quoted), words(quoted or bare)[:room]))
            room -= len(side[-1].words)
    yield side


def _alternative(terms: Sequence[_Term]) -> Alternative:
    """What one side asks for. Words that one dash negates together, as in `-well-known`, are a phrase."""
    wanted: list[str | None] = []
    unwanted: list[str | None] = []
    phrases: dict[Phrase, None] = {}
    without_phrases: dict[Phrase, None] = {}
    for term in terms:
        phrase = _trimmed(map(stem, term.words))
        in_a_row = len(phrase) > 1 and (term.quoted or term.negated)
        if not term.negated:
            wanted += phrase
        elif not in_a_row:
            unwanted += phrase
        if in_a_row:
            (without_phrases if term.negated else phrases)[phrase] = None
    return Alternative(
        tuple(distinct(wanted)), tuple(phrases), tuple(distinct(unwanted)), tuple(without_phrases),
        operators.conditions(term.operator for term in terms if term.operator is not None))


def without_operators(query: str) -> str:
    """What a query says besides its operators, for those who have none. Without any, the query as it is."""
    found = list(_TERM.finditer(query))
    left = [each for each in found if operators.read(each[3] or "", negated=bool(each[1])) is None]
    return query if len(left) == len(found) else " ".join(each[0] for each in left)


def _trimmed(stems: Iterable[str | None]) -> Phrase:
    """The phrase without its first and last places where any word may stand."""
    phrase = list(stems)
    places = [place for place, each in enumerate(phrase) if each is not None]
    return tuple(phrase[places[0]:places[-1] + 1]) if places else ()


# Hashtags are made from the query. They are not looked up anywhere.


def hashtags(query: str) -> list[str]:
    """The hashtags that a query names. Words with `#` if there are any, else all its words and their CamelCase join.

    If the query is an address, only its last path segment counts.
    """
    text = visible(_last_segment(query))
    marks = "".join(filter(is_mark, set(text)))
    text = text.replace("＃", "#")
    parts = _unlike(part.strip(BETWEEN_LETTERS) for part in re.split(rf"[^\w#{BETWEEN_LETTERS}{marks}]+", text))
    explicit = [part for part in parts if part.startswith("#")]
    if explicit:
        return _unlike(part.lstrip("#") for part in explicit)
    return _unlike([*parts, "".join(part.capitalize() for part in parts)])


def _last_segment(query: str) -> str:
    _, scheme, rest = query.partition("https://") if "https://" in query else query.partition("http://")
    if not scheme:
        return query
    path = re.split(r"[?#]", rest, maxsplit=1)[0].rstrip("/")
    return path.rpartition("/")[2] if "/" in path else ""


def _unlike(tags: Iterable[str]) -> list[str]:
    """The tags that are not empty, each once, whatever their spelling."""
    found: dict[str, str] = {}
    for tag in filter(None, tags):
        found.setdefault(fold(tag), tag)
    return list(found.values())
