"""The manifest of a web app: what a browser calls this server when people put it on their screen."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...entities.frontends.manifest import render_manifest
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply

MANIFEST = "application/manifest+json"


@endpoint("GET", "/manifest.json", auth=public(), head=True, also=("/manifest.webmanifest",))
def manifest() -> Annotated[Reply[entities.Manifest], As(kinds=(MANIFEST,))]:
    """Name and looks of this server as a web app."""
    return Reply(render_manifest(), headers={"Content-Type": f"{MANIFEST}; charset=utf-8"})
