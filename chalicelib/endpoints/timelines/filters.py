"""Filters: what one does not want to read. The older API has a phrase each, the newer one keywords and statuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.timelines import filters, older_filters
from ...domain.timelines.filtering import CONTEXTS
from ...domain.timelines.filters import WantedFilter, WantedKeyword
from ...domain.timelines.older_filters import WantedPhrase
from ...domain.viewer import Viewer
from ...entities.timelines.filter import (
    render_filter,
    render_filter_keyword,
    render_filter_status,
    render_filtered_phrase,
)
from ...web.auth import signed_in
from ...web.endpoint import SINCE_MASTODON_4, endpoint
from ...web.kinds import ParameterFault
from ...web.params import Blankable, Flag, FlakeId, Flat, InvalidParameters, Named
from ...web.request import Request

READ, WRITE = signed_in("read:filters"), signed_in("write:filters")
Seconds = Annotated[Blankable[int], "Seconds until it ends. Blank or 0: it does not end. If absent: as it was."]


def _expires_in(seconds: int | None, request: Request) -> int | None:
    """The seconds that were sent. What was sent blank, or null, is 0. None: nothing was sent."""
    return seconds if seconds is not None or "expires_in" not in request.fields else 0


# The older API.


@dataclass(frozen=True)
class PhraseFields:
    phrase: Annotated[str, "Text to hide, taken literally."]
    context: Annotated[list[str], "Where: home, notifications, public, thread, account."]
    irreversible: Annotated[Flag | None, "Whether the server leaves out what matches, everywhere."] = None
    whole_word: Annotated[Flag | None, "Whether only whole words match."] = None
    expires_in: Seconds = None

    def __post_init__(self) -> None:
        faults = [ParameterFault(("context", str(index)), "Invalid value for enum", word[:100])
                  for index, word in enumerate(self.context) if word not in CONTEXTS]
        if faults:
            raise InvalidParameters(faults)

    def wanted(self, request: Request) -> WantedPhrase:
        return WantedPhrase(self.phrase, self.context, self.irreversible, self.whole_word,
                            _expires_in(self.expires_in, request))


@endpoint("GET", "/api/v1/filters", auth=READ, ahead=filters.ahead, deprecated=SINCE_MASTODON_4)
def phrases(viewer: Viewer) -> list[entities.FilteredPhrase]:
    """The keywords of the viewer's filters, newest first, each as a filter of its own."""
    return [render_filtered_phrase(each) for each in older_filters.list_of(viewer)]


@endpoint("POST", "/api/v1/filters", auth=WRITE, ahead=filters.ahead, deprecated=SINCE_MASTODON_4)
def create_phrase(viewer: Viewer, request: Request, fields: Flat[PhraseFields]) -> entities.FilteredPhrase:
    """Make a filter of one keyword."""
    return render_filtered_phrase(older_filters.create(fields.wanted(request), viewer))


@endpoint("GET", "/api/v1/filters/{id}", auth=READ, ahead=filters.ahead, deprecated=SINCE_MASTODON_4)
def show_phrase(viewer: Viewer, id: FlakeId) -> entities.FilteredPhrase:
    """One keyword of the viewer's filters."""
    return render_filtered_phrase(older_filters.get(id, viewer))


@endpoint("PUT", "/api/v1/filters/{id}", auth=WRITE, ahead=filters.ahead, deprecated=SINCE_MASTODON_4)
def update_phrase(viewer: Viewer, request: Request, id: FlakeId,
                  fields: Flat[PhraseFields]) -> entities.FilteredPhrase:
    """Change a keyword with its filter. Switches that are not sent stay as they are."""
    return render_filtered_phrase(older_filters.update(id, fields.wanted(request), viewer))


@endpoint("DELETE", "/api/v1/filters/{id}", auth=WRITE, ahead=filters.ahead, deprecated=SINCE_MASTODON_4)
def remove_phrase(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a keyword, and its filter if there is nothing else in it."""
    older_filters.remove(id, viewer)
    return {}


# The newer API.


@dataclass(frozen=True)
class KeywordAttributes:
    """With an id: changes that keyword, or takes it out."""

    keyword: str | None = None
    whole_word: Flag | None = None
    id: FlakeId | None = None
    destroy: Annotated[Flag, Named("_destroy")] = False

    @property
    def wanted(self) -> WantedKeyword:
        return WantedKeyword(self.keyword, self.whole_word, self.id, self.destroy)


@dataclass(frozen=True)
class FilterFields:
    title: Annotated[str | None, "What it is called."] = None
    context: Annotated[list[str] | None, "Where: home, notifications, public, thread, account."] = None
    filter_action: Annotated[str | None, "What clients do: warn, hide or blur."] = None
    expires_in: Seconds = None
    keywords_attributes: Annotated[list[KeywordAttributes] | None, "Keywords to add or change."] = None

    def wanted(self, request: Request) -> WantedFilter:
        return WantedFilter(self.title, self.context, self.filter_action, _expires_in(self.expires_in, request),
                            [each.wanted for each in self.keywords_attributes or ()])


@endpoint("GET", "/api/v2/filters", auth=READ, ahead=filters.ahead)
def index(viewer: Viewer) -> list[entities.Filter]:
    """The viewer's filters, newest first, at most two hundred."""
    return [render_filter(each) for each in filters.list_of(viewer)]


@endpoint("POST", "/api/v2/filters", auth=WRITE, ahead=filters.ahead)
def create(viewer: Viewer, request: Request, fields: Flat[FilterFields]) -> entities.Filter:
    """Make a filter. It takes a title and at least one context."""
    return render_filter(filters.create(fields.wanted(request), viewer))


@endpoint("GET", "/api/v2/filters/{id}", auth=READ, ahead=filters.ahead)
def show(viewer: Viewer, id: FlakeId) -> entities.Filter:
    """One of the viewer's filters."""
    return render_filter(filters.get(id, viewer))


@endpoint("PUT", "/api/v2/filters/{id}", auth=WRITE, ahead=filters.ahead)
def update(viewer: Viewer, request: Request, id: FlakeId, fields: Flat[FilterFields]) -> entities.Filter:
    """Change a filter. What is not sent stays as it is."""
    return render_filter(filters.update(id, fields.wanted(request), viewer))


@endpoint("DELETE", "/api/v2/filters/{id}", auth=WRITE, ahead=filters.ahead)
def remove(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a filter with all its keywords and statuses."""
    filters.remove(id, viewer)
    return {}


@endpoint("GET", "/api/v2/filters/{id}/keywords", auth=READ, ahead=filters.ahead)
def keywords(viewer: Viewer, id: FlakeId) -> list[entities.FilterKeyword]:
    """The keywords of a filter, in the order they were added."""
    return [render_filter_keyword(each) for each in filters.get(id, viewer).keywords]


@endpoint("POST", "/api/v2/filters/{id}/keywords", auth=WRITE, ahead=filters.ahead)
def add_keyword(viewer: Viewer, id: FlakeId, keyword: Annotated[str | None, "Taken literally; required."] = None,
                whole_word: Flag | None = None) -> entities.FilterKeyword:
    """Add a keyword to a filter."""
    return render_filter_keyword(filters.add_keyword(id, keyword, whole_word, viewer))


@endpoint("GET", "/api/v2/filters/keywords/{id}", auth=READ, ahead=filters.ahead)
def show_keyword(viewer: Viewer, id: FlakeId) -> entities.FilterKeyword:
    """One keyword of the viewer's filters."""
    return render_filter_keyword(filters.get_keyword(id, viewer))


@endpoint("PUT", "/api/v2/filters/keywords/{id}", auth=WRITE, ahead=filters.ahead)
def update_keyword(viewer: Viewer, id: FlakeId, keyword: Annotated[str | None, "Taken literally; required."] = None,
                   whole_word: Flag | None = None) -> entities.FilterKeyword:
    """Change a keyword."""
    return render_filter_keyword(filters.update_keyword(id, keyword, whole_word, viewer))


@endpoint("DELETE", "/api/v2/filters/keywords/{id}", auth=WRITE, ahead=filters.ahead)
def remove_keyword(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Take a keyword out of its filter."""
    filters.remove_keyword(id, viewer)
    return {}


@endpoint("GET", "/api/v2/filters/{id}/statuses", auth=READ, ahead=filters.ahead)
def statuses(viewer: Viewer, id: FlakeId) -> list[entities.FilterStatus]:
    """The statuses that a filter names, in the order they were added."""
    return [render_filter_status(each) for each in filters.get(id, viewer).statuses]


@endpoint("POST", "/api/v2/filters/{id}/statuses", auth=WRITE, ahead=filters.ahead)
def add_status(viewer: Viewer, id: FlakeId,
               status_id: Annotated[FlakeId | None, "A status that the viewer may see; required."] = None,
               ) -> entities.FilterStatus:
    """Let a filter name a status. The id of a reblog names its original."""
    return render_filter_status(filters.add_status(id, status_id, viewer))


@endpoint("GET", "/api/v2/filters/statuses/{id}", auth=READ, ahead=filters.ahead)
def show_status(viewer: Viewer, id: FlakeId) -> entities.FilterStatus:
    """One status that a filter of the viewer names."""
    return render_filter_status(filters.get_status(id, viewer))


@endpoint("DELETE", "/api/v2/filters/statuses/{id}", auth=WRITE, ahead=filters.ahead)
def remove_status(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Let a filter name a status no more."""
    filters.remove_status(id, viewer)
    return {}
