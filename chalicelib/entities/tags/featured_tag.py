"""FeaturedTag: a hashtag on a profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ...domain.tags import featured
from .tag import url_of_tag


class FeaturedTag(TypedDict):
    """A hashtag on a profile, with how often the account used it lately, and the day of the last time."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


def render_featured_tags(tags: Sequence[featured.CountedTag]) -> list[FeaturedTag]:
    """The tags in the order given. Reads nothing."""
    return [render_featured_tag(tag) for tag in tags]


def render_featured_tag(tag: featured.CountedTag) -> FeaturedTag:
    return {"id": tag.id, "name": tag.name, "url": url_of_tag(tag.name), "statuses_count": str(tag.times),
            "last_status_at": tag.last}
