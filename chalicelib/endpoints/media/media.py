"""Media: uploading files, saying what they show, and deleting them."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.media import uploads
from ...domain.media.uploads import MediaChange
from ...domain.refusals import Forbidden
from ...domain.viewer import Viewer
from ...entities.media.attachment import render_upload
from ...web.auth import optional, signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import FlakeId, InvalidParameters

Description = Annotated[str | None, "What can be seen or heard."]
Focus = Annotated[str | None, "Two numbers from -1 to 1: the point of a picture that is always shown."]
Thumbnail = Annotated[str | SentFile | None, "A picture that stands for a film or a sound."]


@endpoint("POST", "/api/v1/media", also=("/api/v1/upload",), auth=signed_in("write:media"))
def create(viewer: Viewer, file: str | SentFile, description: Description = None, focus: Focus = None,
           thumbnail: Thumbnail = None) -> entities.Attachment:
    """Upload a file. Its id can then stand in `media_ids` of a status."""
    said = MediaChange(description=description, focus=focus, thumbnail=_thumbnail(thumbnail))
    return render_upload(uploads.add(bytes_of(file), said, viewer))


@endpoint("POST", "/api/v2/media", auth=optional("write:media"))
def create_at_once(viewer: Viewer | None, file: str | SentFile, description: Description = None,
                   focus: Focus = None, thumbnail: Thumbnail = None) -> entities.Attachment:
    """Upload a file, which is ready at once."""
    if viewer is None:
        raise Forbidden("Insufficient permissions: write:media.")
    said = MediaChange(description=description, focus=focus, thumbnail=_thumbnail(thumbnail))
    return render_upload(uploads.add(bytes_of(file), said, viewer))


def bytes_of(file: str | SentFile) -> bytes:
    """The bytes that were uploaded. Raises InvalidParameters for a text in place of a file."""
    if isinstance(file, str):
        raise InvalidParameters([ParameterFault(("file",), "Invalid file. Got: string")])
    return file.data


def _thumbnail(sent: str | SentFile | None) -> bytes | None:
    return sent.data if isinstance(sent, SentFile) else None


@endpoint("GET", "/api/v1/media/{id}", auth=signed_in("read:media"))
def show(viewer: Viewer, id: FlakeId) -> entities.Attachment:
    """An upload of one's own."""
    return render_upload(uploads.get(id, viewer))


@endpoint("PUT", "/api/v1/media/{id}", auth=signed_in("write:media"))
def describe(viewer: Viewer, id: FlakeId, description: Description = None, focus: Focus = None,
             thumbnail: Thumbnail = None) -> entities.Attachment:
    """Say something else of an upload of one's own."""
    return render_upload(uploads.describe(MediaChange(id, description, focus, _thumbnail(thumbnail)), viewer))


@endpoint("DELETE", "/api/v1/media/{id}", auth=signed_in("write:media"))
def delete(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete an upload of one's own that nothing shows."""
    uploads.delete(id, viewer)
    return {}
