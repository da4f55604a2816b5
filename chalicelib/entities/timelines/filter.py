"""Filter: a phrase that its owner does not want to read, and where."""

from __future__ import annotations

from typing import TypedDict

from ...store.timelines.filters import Filter as Record


class Filter(TypedDict):
    id: str
    phrase: str
    context: list[str]
    expires_at: str | None
    irreversible: bool
    whole_word: bool


def render_filter(filter: Record) -> Filter:
    return {
        "id": str(filter.id), "phrase": filter.phrase, "context": filter.context, "expires_at": None,
        "irreversible": filter.irreversible, "whole_word": filter.whole_word,
    }
