"""Nodeinfo: where it is, and the document itself."""

from __future__ import annotations

from ... import entities
from ...domain.instance import about, features
from ...domain.refusals import NotFound
from ...entities.instance.nodeinfo import VERSIONS, content_type, render_links, render_nodeinfo
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Reply
from .instance import served


@endpoint("GET", "/.well-known/nodeinfo", auth=public(), shared=60)
def links() -> entities.NodeInfoLinks:
    """The versions of nodeinfo that are served."""
    return render_links()


@endpoint("GET", "/nodeinfo/{version}", auth=public(), shared=60, refuses=(404,))
def show(version: str) -> Reply[entities.NodeInfo]:
    """Nodeinfo 2.0 or 2.1, with or without `.json`."""
    number = version.removesuffix(".json")
    if number not in VERSIONS:
        raise NotFound("Nodeinfo schema version not handled")
    shown = render_nodeinfo(number, about.get_statistics(), about.list_staff_nicknames(),
                            features.list_features(served()))
    return Reply(shown, headers={"Content-Type": content_type(number)})
