"""The mascot that frontends show."""

from __future__ import annotations

from ... import entities
from ...domain.accounts import mascots
from ...domain.viewer import Viewer
from ...entities.accounts.mascot import render_mascot
from ...entities.media.attachment import render_upload
from ...web.auth import signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ..media.media import bytes_of


@endpoint("GET", "/api/v1/pleroma/mascot", auth=signed_in("read:accounts"))
def show(viewer: Viewer) -> entities.Mascot:
    """The viewer's own mascot, or the instance's."""
    return render_mascot(mascots.get(viewer))


@endpoint("PUT", "/api/v1/pleroma/mascot", auth=signed_in("write:accounts"), refuses=(415,))
def replace(viewer: Viewer, file: str | SentFile) -> entities.Attachment:
    """Replace the viewer's mascot with another picture."""
    return render_upload(mascots.put(bytes_of(file), viewer))
