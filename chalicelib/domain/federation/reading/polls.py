"""The poll of a foreign Question, with the counts that its server tells."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...text import foreign
from . import values
from .values import Document

MOST_OPTIONS = 50
LONGEST_OPTION = 500


@dataclass(frozen=True)
class ForeignPoll:
    """`ends`: seconds since 1970, None: it has no end. `voters`: None: nobody knows."""

    options: Sequence[str]
    counts: Sequence[int]
    multiple: bool
    ends: int | None
    voters: int | None

    @property
    def document(self) -> dict[str, Any]:
        """The part that a status keeps in its document."""
        kept: dict[str, Any] = {"options": list(self.options), "ends": self.ends, "multiple": self.multiple}
        if self.voters is None:
            kept["voters_unknown"] = True
        return kept


def read_poll(document: Document) -> ForeignPoll | None:
    """The poll of an object, if it has one with options."""
    one, several = _options(document.get("oneOf")), _options(document.get("anyOf"))
    options = one or several
    if not options:
        return None
    counts = [count for _, count in options]
    voters = values.number(document.get("votersCount"))
    if voters is None and one:
        voters = sum(counts)
    return ForeignPoll([name for name, _ in options], counts, not one, _end(document), voters)


def _options(value: object) -> list[tuple[str, int]]:
    found = []
    for each in values.maps(value):
        name = " ".join(foreign.plain(values.text_in(each, "name")).split())[:LONGEST_OPTION]
        replies = each.get("replies")
        total = values.number(replies.get("totalItems")) if isinstance(replies, Mapping) else None
        if name:
            found.append((name, total or 0))
    return found[:MOST_OPTIONS]


def _end(document: Document) -> int | None:
    """When it is over: `closed` says that it is, or as older servers write it, that it will be."""
    closed = document.get("closed")
    if closed is True:
        return int(time.time())
    end = values.moment(closed)
    if end is None:
        end = values.moment(document.get("endTime"))
    return None if end is None else math.floor(max(end, 0))
