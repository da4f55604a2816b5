"""Featured hashtags: those on a profile."""

from __future__ import annotations

from typing import Any

from ... import entities
from ...domain import lookup
from ...domain.tags import featured
from ...domain.viewer import Viewer
from ...entities.tags.featured_tag import render_featured_tag, render_featured_tags
from ...entities.tags.tag import render_hashtags
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from .tags import Name

READ, WRITE = signed_in("read:accounts"), signed_in("write:accounts")


@endpoint("GET", "/api/v1/featured_tags", auth=READ)
def index(viewer: Viewer) -> list[entities.FeaturedTag]:
    """What the viewer features, the first one first."""
    return render_featured_tags(featured.featured_by(viewer.account))


@endpoint("POST", "/api/v1/featured_tags", auth=WRITE)
def create(viewer: Viewer, name: Name = "") -> entities.FeaturedTag:
    """Feature a hashtag on the viewer's profile. At most 10 can be featured, each once."""
    return render_featured_tag(featured.add(name, viewer))


@endpoint("DELETE", "/api/v1/featured_tags/{id}", auth=WRITE, refuses=(404,))
def delete(viewer: Viewer, id: str) -> dict[str, Any]:
    """Feature a hashtag no more."""
    featured.remove(id, viewer)
    return {}


@endpoint("GET", "/api/v1/featured_tags/suggestions", auth=READ)
def suggestions(viewer: Viewer) -> list[entities.Hashtag]:
    """The hashtags that the viewer uses most and does not feature, at most 10."""
    return render_hashtags(featured.suggest(viewer))


@endpoint("GET", "/api/v1/accounts/{id}/featured_tags", auth=optional("read:accounts", open=True), ahead=lookup.ahead,
          refuses=(401, 404))
def of_account(viewer: Viewer | None, id: str) -> list[entities.FeaturedTag]:
    """What an account features, by id or nickname, the first one first."""
    return render_featured_tags(featured.list_of(id, viewer))
