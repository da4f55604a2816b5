"""Tags of accounts."""

from __future__ import annotations

from typing import Annotated

from ...domain.staff import tagging
from ...domain.staff.acting import acting
from ...domain.viewer import Viewer
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.params import MaxLength, MinItems, MinLength
from ...web.replies import NoContent
from .users import Names

Tags = Annotated[list[Annotated[str, MinLength(1), MaxLength(100)]], "In any letter case.", MinItems(1)]


@endpoint("PUT", "/api/pleroma/admin/users/tag", auth=admin("admin:write:accounts"), refuses=(404,))
def tag(viewer: Viewer | None, nicknames: Names, tags: Tags) -> NoContent:
    """Give accounts tags."""
    tagging.tag(nicknames, tags, acting(viewer))
    return NoContent()


@endpoint("DELETE", "/api/pleroma/admin/users/tag", auth=admin("admin:write:accounts"), refuses=(404,))
def untag(viewer: Viewer | None, nicknames: Names, tags: Tags) -> NoContent:
    """Take tags from accounts."""
    tagging.untag(nicknames, tags, acting(viewer))
    return NoContent()
