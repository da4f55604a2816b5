"""Operators: what a search asks of statuses besides their words.

    from:me  from:nick@host       by whom
    has:media  is:reply           what they have or are: audio, embed, image, link, media, poll, reply, sensitive, video
    language:de                   in which language
    before:2024-05-01  after:  during:    on which days, in UTC; neither `before` nor `after` means the day itself
    in:library                    what one wrote, is named in, or did something with; `in:all`, `in:public`: any

A dash turns the first three around. Whatever only looks like an operator is words: `note:this`, `is:fun`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from ...ids import flake_at
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ..statuses import cards
from ..text import languages

FROM, HAS, IS, LANGUAGE = "from", "has", "is", "language"
BEFORE, AFTER, DURING, IN = "before", "after", "during", "in"
ME = "me"
LIBRARY = "library"
PLACES = frozenset({LIBRARY, "all", "public"})
OF_MEDIA = frozenset({"audio", "image", "video"})
PROPERTIES = OF_MEDIA | {"embed", "link", "media", "poll", "reply", "sensitive"}
_TURNED_AROUND = frozenset({FROM, HAS, IS, LANGUAGE})


class Operator(NamedTuple):
    name: str
    value: str
    negated: bool = False


def read(text: str, *, negated: bool = False) -> Operator | None:
    """The operator that a word of a query is. None: it is a word. `negated`: a dash stands before it."""
    name, colon, value = text.partition(":")
    name, value = name.casefold(), value.casefold()
    if not colon or not value or (negated and name not in _TURNED_AROUND) or not _is_value(name, value):
        return None
    return Operator(name, value, negated)


def _is_value(name: str, value: str) -> bool:
    if name in (HAS, IS):
        return value in PROPERTIES
    if name in (BEFORE, AFTER, DURING):
        return _day(value) is not None
    return name in (FROM, LANGUAGE) or (name == IN and value in PLACES)


def _day(text: str) -> date | None:
    """A day that has another one before and behind it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min < day < date.max and day.year >= 1970 else None


@dataclass(frozen=True)
class Conditions:
    """All that the operators of one side of a query ask for.

    `authors`, `others`: by whom, and by whom not: names as typed, and ids once they are `known`. `above`, `below`: ids.
    """

    authors: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    other_languages: frozenset[str] = frozenset()
    above: str | None = None
    below: str | None = None
    in_library: bool = False

    @property
    def author(self) -> str | None:
        """The one who wrote it, once they are known."""
        return next(iter(self.authors), None)

    @property
    def names(self) -> frozenset[str]:
        return self.authors | self.others

    @property
    def is_of_media(self) -> bool:
        return bool(self.has & (OF_MEDIA | {"media"}))

    @property
    def is_about_content(self) -> bool:
        """Whether a status has to be read to know if it fits."""
        return bool(self.has or self.lacks or self.languages or self.other_languages or self.in_library)

    def known(self, ids: Mapping[str, str]) -> Conditions | None:
        """With the ids of those who are named. None: nothing can fit. Whom nobody knows has written nothing."""
        if len({ids.get(name) for name in self.authors}) > 1 or not self.authors <= ids.keys():
            return None
        return replace(self, authors=frozenset(ids[name] for name in self.authors),
                       others=frozenset(ids[name] for name in self.others if name in ids))

    def hold_of(self, status: Status, viewer_id: str | None, mark: Mark | None) -> bool:
        """`mark`: what the viewer did with the status."""
        return (
            (not self.authors or status.account_id in self.authors) and status.account_id not in self.others
            and (self.above is None or status.id > self.above) and (self.below is None or status.id < self.below)
            and (not self.is_about_content or self._are_said_by(status, viewer_id, mark))
        )

    def _are_said_by(self, status: Status, viewer_id: str | None, mark: Mark | None) -> bool:
        found, language = properties_of(status), str(status.content.get("language") or "")
        return (
            self.has <= found and self.lacks.isdisjoint(found)
            and all(languages.is_kind_of(language, each) for each in self.languages)
            and not any(languages.is_kind_of(language, each) for each in self.other_languages)
            and (not self.in_library or _is_in_library(status, viewer_id, mark))
        )


ANYTHING = Conditions()


def conditions(found: Iterable[Operator]) -> Conditions:
    """What these operators ask for together."""
    asked = list(found)

    def values(*names: str, negated: bool = False) -> frozenset[str]:
        return frozenset(each.value for each in asked if each.name in names and each.negated is negated)

    return Conditions(
        values(FROM), values(FROM, negated=True), values(HAS, IS), values(HAS, IS, negated=True), values(LANGUAGE),
        values(LANGUAGE, negated=True), *_bounds(asked), in_library=LIBRARY in values(IN)) if asked else ANYTHING


def _bounds(asked: Sequence[Operator]) -> tuple[str | None, str | None]:
    """The ids between which a status is."""
    above: list[str] = []
    below: list[str] = []
    for each in asked:
        day = _day(each.value) if each.name in (BEFORE, AFTER, DURING) else None
        if day is None:
            continue
        if each.name != BEFORE:
            above.append(_begin(day + timedelta(days=each.name == AFTER)))
        if each.name != AFTER:
            below.append(_begin(day + timedelta(days=each.name == DURING)))
    return max(above, default=None), min(below, default=None)


def _begin(day: date) -> str:
    return flake_at(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000))


def properties_of(status: Status) -> frozenset[str]:
    """What may be asked of a status by `has:` and `is:`."""
    attachments, card = status.content.get("attachments") or [], status.content.get("card")
    kinds = {str(each.get("mime", "")).partition("/")[0] for each in attachments}
    said = {
        "media": bool(attachments), "poll": bool(status.content.get("poll")), "embed": card is not None,
        "link": card is not None or cards.link_of(status) is not None, "sensitive": bool(status.sensitive),
        "reply": bool(status.parent_id),
    }
    return frozenset({name for name, is_so in said.items() if is_so} | (kinds & OF_MEDIA))


def _is_in_library(status: Status, viewer_id: str | None, mark: Mark | None) -> bool:
    did = mark is not None and any((mark.favourite, mark.bookmark, mark.reblog, mark.reactions, mark.ballot))
    return viewer_id is not None and (status.account_id == viewer_id or viewer_id in status.addressed or did)
