"""Trends: what is in fashion on this server. Clients ask for it when they start, and on their page of what is new."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.paging import Slice
from ...domain.tags import trends
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_statuses
from ...entities.tags.tag import render_hashtags
from ...entities.tags.trends import render_links
from ...settings import settings
from ...web.auth import optional, public
from ...web.endpoint import endpoint
from ...web.paging import Page, Sizes

Few = Annotated[Page, Sizes(default=10, most=20)]


@endpoint("GET", "/api/v1/trends/tags", auth=optional("read", open=True))
@endpoint("GET", "/api/v1/trends", auth=optional("read", open=True))
def tags(viewer: Viewer | None, page: Few) -> list[entities.Hashtag]:
    """Hashtags that most accounts used in the last days."""
    return render_hashtags(trends.tags(Slice(page.limit, page.offset), viewer))


@endpoint("GET", "/api/v1/trends/statuses", auth=optional("read:statuses", open=True))
def statuses(viewer: Viewer | None, page: Page) -> list[entities.Status]:
    """Public statuses of the last days with most favourites and reblogs, of authors who want to be found."""
    if viewer is None and (settings.restrict_timelines or not settings.public):
        return []
    found = trends.list_statuses(Slice(page.limit, page.offset), viewer)
    return render_statuses(found.statuses, viewer, found.around, context=found.context)


@endpoint("GET", "/api/v1/trends/links", auth=public())
def links(page: Few) -> list[entities.TrendingLink]:
    """Links that most accounts posted in the last days, with their previews."""
    return render_links(trends.links(Slice(page.limit, page.offset)))
