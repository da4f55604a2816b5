"""Following hashtags."""

from __future__ import annotations

from ... import entities
from ...domain.tags import following, known
from ...domain.viewer import Viewer
from ...entities.tags.tag import render_hashtag
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from .tags import Name

WRITE = signed_in("follow", "write:follows")


@endpoint("POST", "/api/v1/tags/{name}/follow", auth=WRITE, ahead=known.ahead, refuses=(404,))
def follow(viewer: Viewer, name: Name) -> entities.Hashtag:
    """Follow a hashtag. Public statuses with it come home from now on."""
    return render_hashtag(following.follow(name, viewer))


@endpoint("POST", "/api/v1/tags/{name}/unfollow", auth=WRITE, ahead=known.ahead, refuses=(404,))
def unfollow(viewer: Viewer, name: Name) -> entities.Hashtag:
    """Follow a hashtag no more. What only the hashtag has brought leaves the home timeline."""
    return render_hashtag(following.unfollow(name, viewer))
