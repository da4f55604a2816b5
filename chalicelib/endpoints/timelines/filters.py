"""Filters: phrases that one does not want to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.timelines import filters
from ...domain.timelines.filters import CONTEXTS, WantedFilter
from ...domain.viewer import Viewer
from ...entities.timelines.filter import render_filter
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import Flag, FlakeId, Flat, InvalidParameters

READ, WRITE = signed_in("read:filters"), signed_in("write:filters")


@dataclass(frozen=True)
class FilterFields:
    phrase: Annotated[str, "Text to hide, taken literally."]
    context: Annotated[list[str], "Where: home, notifications, public, thread."]
    irreversible: Annotated[Flag | None, "Whether the server leaves out what matches, everywhere."] = None
    whole_word: Annotated[Flag | None, "Whether only whole words match. Only clients use it."] = None

    def __post_init__(self) -> None:
        faults = [ParameterFault(("context", str(index)), "Invalid value for enum", word[:100])
                  for index, word in enumerate(self.context) if word not in CONTEXTS]
        if faults:
            raise InvalidParameters(faults)

    @property
    def wanted(self) -> WantedFilter:
        return WantedFilter(self.phrase, self.context, self.irreversible, self.whole_word)


@endpoint("GET", "/api/v1/filters", auth=READ, ahead=filters.ahead)
def index(viewer: Viewer) -> list[entities.Filter]:
    """The viewer's filters, newest first, at most two hundred."""
    return [render_filter(each) for each in filters.list_of(viewer)]


@endpoint("POST", "/api/v1/filters", auth=WRITE, ahead=filters.ahead)
def create(viewer: Viewer, fields: Flat[FilterFields]) -> entities.Filter:
    """Make a filter. It does not expire."""
    return render_filter(filters.create(fields.wanted, viewer))


@endpoint("GET", "/api/v1/filters/{id}", auth=READ, ahead=filters.ahead)
def show(viewer: Viewer, id: FlakeId) -> entities.Filter:
    """One of the viewer's filters."""
    return render_filter(filters.get(id, viewer))


@endpoint("PUT", "/api/v1/filters/{id}", auth=WRITE, ahead=filters.ahead)
def update(viewer: Viewer, id: FlakeId, fields: Flat[FilterFields]) -> entities.Filter:
    """Change a filter. Switches that are not sent stay as they are."""
    return render_filter(filters.update(id, fields.wanted, viewer))


@endpoint("DELETE", "/api/v1/filters/{id}", auth=WRITE, ahead=filters.ahead)
def remove(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a filter."""
    filters.remove(id, viewer)
    return {}
