"""Media: uploading files, and describing them."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.media import uploads
from ...domain.refusals import Forbidden
from ...domain.viewer import Viewer
from ...entities.media.attachment import render_upload
from ...web.auth import optional, signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import FlakeId, InvalidParameters
from ...web.replies import As, Reply

Description = Annotated[str | None, "What can be seen or heard."]
Focus = Annotated[str | None, "Ignored."]


@endpoint("POST", "/api/v1/media", also=("/api/v1/upload",), auth=signed_in("write:media"))
def create(viewer: Viewer, file: str | SentFile, description: Description = None,
           focus: Focus = None) -> entities.Attachment:
    """Upload a file. Its id can then stand in `media_ids` of a status."""
    return render_upload(uploads.add(bytes_of(file), description, viewer))


@endpoint("POST", "/api/v2/media", auth=optional("write:media"))
def create_at_once(viewer: Viewer | None, file: str | SentFile, description: Description = None,
                   focus: Focus = None) -> Annotated[Reply[entities.Attachment], As(202)]:
    """Upload a file. The reply is 202, but the file is ready at once."""
    if viewer is None:
        raise Forbidden("Insufficient permissions: write:media.")
    return Reply(render_upload(uploads.add(bytes_of(file), description, viewer)), status=202)


def bytes_of(file: str | SentFile) -> bytes:
    """The bytes that were uploaded. Raises InvalidParameters for a text in place of a file."""
    if isinstance(file, str):
        raise InvalidParameters([ParameterFault(("file",), "Invalid file. Got: string")])
    return file.data


@endpoint("GET", "/api/v1/media/{id}", auth=signed_in("read:media"))
def show(viewer: Viewer, id: FlakeId) -> entities.Attachment:
    """An upload of one's own."""
    return render_upload(uploads.get(id, viewer))


@endpoint("PUT", "/api/v1/media/{id}", auth=signed_in("write:media"))
def describe(viewer: Viewer, id: FlakeId, description: Description = None, focus: Focus = None) -> entities.Attachment:
    """Give an upload of one's own another description."""
    return render_upload(uploads.describe(id, description, viewer))
