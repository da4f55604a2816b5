"""The other servers that this one knows."""

from __future__ import annotations

from typing import Annotated

from ...domain.instance import about
from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/instance/peers", auth=public())
def peers() -> list[str]:
    """The other servers of which this one knows accounts."""
    return about.list_peers()


@endpoint("GET", "/api/v1/peers/search", auth=public())
def search(q: Annotated[str, "Part of a name."] = "") -> list[str]:
    """Those of them whose name has this text, at most ten."""
    return about.find_peers(q)
