"""Domain blocks: hosts whose accounts one does not want to hear of."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.relationships import domain_blocks
from ...domain.viewer import Viewer
from ...entities.relationships.domain_block_preview import render_preview
from ...web.auth import signed_in
from ...web.endpoint import endpoint

WRITE = signed_in("follow", "write:blocks")
Domain = Annotated[str, "d.example, or *.d.example for it and everything below."]


@endpoint("GET", "/api/v1/domain_blocks", auth=signed_in("follow", "read:blocks"), ahead=domain_blocks.ahead)
def index(viewer: Viewer) -> list[str]:
    """The domains that the viewer blocks, newest first."""
    return domain_blocks.list_of(viewer)


@endpoint("GET", "/api/v1/domain_blocks/preview", auth=signed_in("follow", "read:blocks", "write:blocks"),
          refuses=(422,))
def preview(viewer: Viewer, domain: Domain) -> entities.DomainBlockPreview:
    """How many of the viewer's followers, and of those they follow, are of a domain; the newest thousand count."""
    return render_preview(domain_blocks.count_affected(domain, viewer))


@endpoint("POST", "/api/v1/domain_blocks", auth=WRITE, ahead=domain_blocks.ahead)
def add(viewer: Viewer, domain: Domain) -> dict[str, Any]:
    """Block a domain: follows to and from there end, and nothing is heard of it but of whom one follows afterwards."""
    domain_blocks.add(domain, viewer)
    return {}


@endpoint("DELETE", "/api/v1/domain_blocks", auth=WRITE, ahead=domain_blocks.ahead)
def remove(viewer: Viewer, domain: Domain) -> dict[str, Any]:
    """Unblock a domain. Unknown ones are no fault."""
    domain_blocks.remove(domain, viewer)
    return {}
