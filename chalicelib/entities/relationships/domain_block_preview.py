"""What a block of a domain would concern."""

from __future__ import annotations

from typing import TypedDict

from ...domain.relationships.domain_blocks import Affected


class DomainBlockPreview(TypedDict):
    followers_count: int
    following_count: int


def render_preview(affected: Affected) -> DomainBlockPreview:
    return {"followers_count": affected.followers, "following_count": affected.following}
