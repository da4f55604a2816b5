"""Filter: what its owner does not want to read, and where. Also what a status says of the filters that it matches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from ...ids import iso

if TYPE_CHECKING:  # every status has this entity, and few requests change filters
    from ...domain.timelines.filtering import FilterMatch
    from ...domain.timelines.older_filters import OwnPhrase
    from ...store.timelines.filters import Filter as Record
    from ...store.timelines.filters import FilteredStatus
    from ...store.timelines.filters import Keyword as KeywordRecord

Action = Literal["warn", "hide", "blur"]


class FilterKeyword(TypedDict):
    id: str
    keyword: str
    whole_word: bool


class FilterStatus(TypedDict):
    id: str
    status_id: str


class FilterSummary(TypedDict):
    """A filter without what it looks for."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: Action


class Filter(FilterSummary):
    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


class FilterResult(TypedDict):
    """A filter that a status matches: by these keywords, or because the filter names the status."""

    filter: FilterSummary
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class FilteredPhrase(TypedDict):
    """A filter as the older API has it: one phrase."""

    id: str
    phrase: str
    context: list[str]
    expires_at: str | None
    irreversible: bool
    whole_word: bool


def render_filter(filter: Record) -> Filter:
    return {**_summary(filter), "keywords": [render_filter_keyword(each) for each in filter.keywords],
            "statuses": [render_filter_status(each) for each in filter.statuses]}


def _summary(filter: Record) -> FilterSummary:
    return {"id": str(filter.id), "title": filter.title, "context": list(filter.context),
            "expires_at": _expires_at(filter), "filter_action": cast(Action, filter.action)}


def _expires_at(filter: Record) -> str | None:
    return None if filter.until is None else iso(filter.until)


def render_filter_keyword(keyword: KeywordRecord) -> FilterKeyword:
    return {"id": str(keyword.id), "keyword": keyword.keyword, "whole_word": keyword.whole_word}


def render_filter_status(named: FilteredStatus) -> FilterStatus:
    return {"id": str(named.id), "status_id": named.status_id}


def render_filter_results(matches: Iterable[FilterMatch]) -> list[FilterResult]:
    return [{"filter": _summary(each.filter), "keyword_matches": list(each.keywords) or None,
             "status_matches": None if each.status_id is None else [each.status_id]} for each in matches]


def render_filtered_phrase(found: OwnPhrase) -> FilteredPhrase:
    filter, keyword = found.filter, found.keyword
    return {
        "id": str(keyword.id), "phrase": keyword.keyword, "context": list(filter.context),
        "expires_at": _expires_at(filter), "irreversible": filter.action == "hide", "whole_word": keyword.whole_word,
    }
