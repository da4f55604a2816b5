"""What somebody reads who is signed in: the lists of the API as pages, twenty a page.

Each stands on the domain function of the API's list, and costs as many calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from .... import pages
from ....domain.refusals import NotFound
from ....domain.timelines.browsing import BrowsedPlace, ListPart, place
from ....domain.viewer import Viewer
from ....pages import reading
from ....web.forms import Field
from ....web.pages import reading_page
from ....web.replies import Html
from ....web.request import Request

MaxId = Annotated[Field, "Only what is older than this id."]
MinId = Annotated[Field, "Only what is newer than this id."]
Row = TypeVar("Row")


def page_of(name: str, request: Request, viewer: Viewer, **values: Any) -> Html:
    """A page of the folder `reading/`."""
    return reading_page(pages.rendered(f"reading/{name}.html", visit=pages.visit_of(viewer, request.target), **values))


def list_page(name: str, request: Request, viewer: Viewer, part: ListPart[Any], **values: Any) -> Html:
    """A page of a list: `part` has its rows as entities."""
    return page_of(name, request, viewer, shown=part.rows, **reading.ways_on(request.path, part.newer, part.older),
                   **values)


def numbered(max_id: str | None, min_id: str | None) -> BrowsedPlace:
    """A part of a list that is paged by numbers."""
    return place(max_id or None, min_id or None, numbered=True)


def by_id(max_id: str | None, min_id: str | None) -> BrowsedPlace:
    """A part of a list that is paged by ids."""
    return place(max_id or None, min_id or None)


def part_after(rows: Sequence[Row], ids: Sequence[str], at: BrowsedPlace) -> list[tuple[str, Row]]:
    """Of a list that is read as a whole: the rows of a part of it, each with its id. `ids` descend."""
    if at.max_id is not None and at.max_id not in ids:
        raise NotFound
    start = ids.index(at.max_id) + 1 if at.max_id is not None else 0
    return list(zip(ids, rows, strict=True))[start:start + at.limit]
