"""Hashtags that the viewer follows."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.tags import following
from ...domain.viewer import Viewer
from ...entities.tags.tag import render_hashtags
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged, Sizes


@endpoint("GET", "/api/v1/followed_tags", auth=signed_in("follow", "read:follows"))
def followed_tags(viewer: Viewer, page: Annotated[Page, Sizes(default=100, most=200)]) -> Paged[entities.Hashtag]:
    """The hashtags that the viewer follows, the latest first. Page them with the Link header only."""
    found = following.list_of(viewer, page)
    return page.reply(render_hashtags(found.tags), ids=found.cursors)
