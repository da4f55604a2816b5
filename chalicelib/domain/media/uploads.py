"""Media: files that accounts upload, to be shown with statuses.

The bytes of a file tell what it is; the name and type that a client sends are never looked at. Files are kept byte for
byte. Only the place where they were taken is removed from photographs and films.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ...ids import is_flake
from ...settings import settings
from ...store.chats import ChatMessage
from ...store.dynamo.failures import Overtaken
from ...store.media import places
from ...store.media import uploads as media
from ...store.media.places import Showing
from ...store.media.uploads import NewFile, Upload, UploadsChanged
from ...store.statuses.scheduled import Scheduled
from ...store.statuses.statuses import Status
from .. import documents
from ..refusals import BadRequest, Forbidden, NotFound, Unacceptable
from ..retrying import expect, retried
from ..text import fits
from ..viewer import Viewer
from .location import NotUnderstood, without_place

TEXT = ("text/plain", "txt")
UNKNOWN = ("application/octet-stream", "bin")
NAMED = {"audio/x-flac": "audio/flac", "audio/x-wav": "audio/wav", "audio/m4a": "audio/mp4", "video/x-m4v": "video/mp4"}
LOOKED_AT = 8192
TOO_LONG = "description_too_long"
LARGEST: Mapping[type[Any], int] = {
    Status: documents.LARGEST_STATUS, ChatMessage: documents.LARGEST_MESSAGE, Scheduled: documents.LARGEST_SCHEDULED,
}
R = TypeVar("R")


def add(data: bytes, description: str | None, by: Viewer) -> Upload:
    """Keep a file of the viewer's."""
    if len(data) > settings.upload_limit:
        raise BadRequest("file_too_large")
    _check(description)
    mime, extension = kind_of(data)
    try:
        data = without_place(data, mime)
    except NotUnderstood:
        raise Unacceptable("file_not_understood") from None
    name = f"{hashlib.sha256(data).hexdigest()}.{extension}"
    (upload,) = media.keep(by.id, [NewFile(name, mime, data, description)])
    return upload


def _check(description: str | None) -> None:
    if description is not None and not fits(settings.description_limit, description):
        raise BadRequest(TOO_LONG)


def kind_of(data: bytes) -> tuple[str, str]:
    """Media type and extension of a file, by its bytes. All text is plain text, even if it is HTML or SVG."""
    import filetype  # type: ignore[import-untyped]  # most containers never see an upload

    found = filetype.guess(data[:LOOKED_AT])
    if found is not None:
        return NAMED.get(found.mime, found.mime), found.extension
    try:
        data[:LOOKED_AT].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < min(len(data), LOOKED_AT) - 4:  # an error in the last bytes may be a character cut in two
            return UNKNOWN
    return UNKNOWN if b"\0" in data[:LOOKED_AT] else TEXT


def get(id: str, viewer: Viewer) -> Upload:
    """An upload of the viewer's own."""
    upload = media.find(id) if is_flake(id) else None
    if upload is None:
        raise NotFound
    if upload.owner != viewer.id:
        raise Forbidden
    return upload


def own(ids: Sequence[str], viewer: Viewer) -> list[Upload]:
    """Those of the uploads that exist and belong to the viewer, in the order asked."""
    return [upload for upload in media.find_many([id for id in ids if is_flake(id)]) if upload.owner == viewer.id]


def describe(id: str, description: str | None, viewer: Viewer) -> Upload:
    """Give an upload another description, also where it is shown already. None leaves it as it is."""
    if description is None:
        return get(id, viewer)
    _check(description)
    return retried(lambda: _describe(id, description, viewer))


def _describe(id: str, description: str, viewer: Viewer) -> Upload:
    upload = get(id, viewer)
    shown = places.find(upload)
    upload.description = description
    (kept,) = attached([upload])
    changed = [Showing(each.record, _with(each.document, kept)) for each in shown]
    if any(documents.size(each.document) > LARGEST[type(each.record)] for each in changed):
        raise BadRequest(TOO_LONG)
    expect(places.describe(upload, description, changed))
    return upload


def _with(document: Mapping[str, Any], kept: dict[str, str]) -> dict[str, Any]:
    """The document of a status, message or scheduled status, with what it keeps of this upload now."""
    def now(old: dict[str, str]) -> dict[str, str]:
        return kept if old["id"] == kept["id"] else old

    found = dict(document)
    if "attachments" in found:
        found["attachments"] = [now(each) for each in found["attachments"]]
    if "attachment" in found:
        found["attachment"] = now(found["attachment"])
    return found


def retried_if_changed(attempt: Callable[[], R]) -> R:
    """What `attempt` answers. It reads uploads and shows them, and does so again if one was described in between."""
    def once() -> R:
        try:
            return attempt()
        except UploadsChanged:
            raise Overtaken from None

    return retried(once)


def attached(uploads: Sequence[Upload]) -> list[dict[str, str]]:
    """What a status keeps of its uploads, even if they are deleted later."""
    return [{"id": each.id, "object": each.object, "mime": each.mime, "description": each.description or ""}
            for each in uploads]
