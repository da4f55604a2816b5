"""Hashtags: what is known of one, and having it on one's profile."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.tags import featured, known
from ...domain.viewer import Viewer
from ...entities.tags.tag import render_hashtag
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint

WRITE = signed_in("write:accounts")
Name = Annotated[str, "In any spelling, with or without `#`."]


@endpoint("GET", "/api/v1/tags/{name}", auth=optional("read:follows"), ahead=known.ahead, refuses=(404,))
def show(viewer: Viewer | None, name: Name) -> entities.Hashtag:
    """A hashtag, with how often it was used in the last seven days."""
    return render_hashtag(known.get(name, viewer))


@endpoint("POST", "/api/v1/tags/{name}/feature", auth=WRITE, ahead=known.ahead, refuses=(404,))
def feature(viewer: Viewer, name: Name) -> entities.Hashtag:
    """Feature a hashtag on the viewer's profile. At most 10 can be featured, each once."""
    return render_hashtag(featured.feature(name, viewer))


@endpoint("POST", "/api/v1/tags/{name}/unfeature", auth=WRITE, ahead=known.ahead, refuses=(404,))
def unfeature(viewer: Viewer, name: Name) -> entities.Hashtag:
    """Feature a hashtag no more."""
    return render_hashtag(featured.unfeature(name, viewer))
