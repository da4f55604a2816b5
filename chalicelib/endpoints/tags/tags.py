"""Hashtags: what is known of one."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.tags import known
from ...domain.viewer import Viewer
from ...entities.tags.tag import render_hashtag
from ...web.auth import optional
from ...web.endpoint import endpoint

Name = Annotated[str, "In any spelling, with or without `#`."]


@endpoint("GET", "/api/v1/tags/{name}", auth=optional("read:follows"), ahead=known.ahead, refuses=(404,))
def show(viewer: Viewer | None, name: Name) -> entities.Hashtag:
    """A hashtag, with how often it was used in the last seven days."""
    return render_hashtag(known.get(name, viewer))
