"""Media: files that accounts upload, to be shown with statuses.

The bytes of a file tell what it is; the name and type that a client sends are never looked at. Files are kept byte for
byte. Only the place where they were taken is removed from photographs and films.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from . import measuring, pictures
from .location import NotUnderstood, without_place

TEXT = ("text/plain", "txt")
UNKNOWN = ("application/octet-stream", "bin")
NAMED = {"audio/x-flac": "audio/flac", "audio/x-wav": "audio/wav", "audio/m4a": "audio/mp4", "video/x-m4v": "video/mp4"}
LOOKED_AT = 8192
TOO_LONG = "description_too_long"
IN_USE = "Media attachment is currently used"
_POINT = re.compile(r"\s*([+-]?[0-9]{1,9}(?:\.[0-9]{0,20})?)\s*,\s*([+-]?[0-9]{1,9}(?:\.[0-9]{0,20})?)\s*")
LARGEST: Mapping[type[Any], int] = {
    Status: documents.LARGEST_STATUS, ChatMessage: documents.LARGEST_MESSAGE, Scheduled: documents.LARGEST_SCHEDULED,
}
R = TypeVar("R")


@dataclass(frozen=True)
class MediaChange:
    """What its owner says of an upload. None: nothing.

    `focus`: the point of a picture that is always shown: two numbers from -1 to 1, from left and from below.
    `thumbnail`: a picture that stands for what is not shown at once.
    """

    id: str = ""
    description: str | None = None
    focus: str | None = None
    thumbnail: bytes | None = None


def add(data: bytes, said: MediaChange, by: Viewer) -> Upload:
    """Keep a file of the viewer's."""
    if len(data) > settings.upload_limit:
        raise BadRequest("file_too_large")
    _check(said.description)
    mime, extension = kind_of(data)
    try:
        data = without_place(data, mime)
    except NotUnderstood:
        raise Unacceptable("file_not_understood") from None
    name = f"{hashlib.sha256(data).hexdigest()}.{extension}"
    measured = measuring.measure(data, mime)
    meta = {**(measured.meta or {}), **_focus(said.focus)}
    preview = _add_preview(said.thumbnail, by)
    (upload,) = media.keep(by.id, [NewFile(name, mime, data, said.description, meta, measured.blurhash, preview)])
    return upload


def _add_preview(thumbnail: bytes | None, by: Viewer) -> Upload | None:
    """Keep a thumbnail, which is drawn anew. Raises Unacceptable for what is no picture."""
    if not thumbnail:
        return None
    try:
        picture = pictures.read(thumbnail, settings.upload_limit)
    except pictures.NotAnImage:
        raise Unacceptable("thumbnail_not_understood") from None
    (preview,) = media.keep(by.id, [NewFile(picture.name, picture.type, picture.data)])
    return preview


def _focus(said: str | None) -> dict[str, Any]:
    """The point, with what lies outside of the picture moved to its edge. Nothing for what names no point."""
    found = _POINT.fullmatch(said or "")
    if found is None:
        return {}
    x, y = (max(-1.0, min(1.0, float(each))) for each in found.groups())
    return {"focus": {"x": x, "y": y}}


def revise(upload: Upload, said: MediaChange | None) -> bool:
    """Let the record of an upload say what its owner says now. Whether that is something else. Nothing is stored."""
    if said is None:
        return False
    _check(said.description)
    before = upload.description, upload.meta
    upload.description = upload.description if said.description is None else said.description
    upload.meta = {**(upload.meta or {}), **_focus(said.focus)} or None
    return (upload.description, upload.meta) != before


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


def describe(said: MediaChange, viewer: Viewer) -> Upload:
    """Say something else of an upload, also where it is shown already. What nothing is said of stays as it is."""
    if said.description is None and said.focus is None and said.thumbnail is None:
        return get(said.id, viewer)
    _check(said.description)
    if said.thumbnail is not None:
        get(said.id, viewer)  # before a file is kept for what is not theirs
    preview = _add_preview(said.thumbnail, viewer)
    return retried(lambda: _describe(said, preview, viewer))


def _describe(said: MediaChange, preview: Upload | None, viewer: Viewer) -> Upload:
    upload = get(said.id, viewer)
    shown = places.find(upload)
    revise(upload, said)
    if preview is not None:
        upload.preview = preview.as_preview
    (kept,) = attached([upload])
    changed = [Showing(each.record, _with(each.document, kept)) for each in shown]
    if any(documents.size(each.document) > LARGEST[type(each.record)] for each in changed):
        raise BadRequest(TOO_LONG)
    expect(places.describe(upload, changed))
    return upload


def _with(document: Mapping[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """The document of a status, message or scheduled status, with what it keeps of this upload now."""
    def now(old: dict[str, Any]) -> dict[str, Any]:
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


def attached(uploads: Sequence[Upload]) -> list[dict[str, Any]]:
    """What a status keeps of its uploads, even if they are deleted later."""
    return [each.kept for each in uploads]


# Deleting.


def delete(id: str, viewer: Viewer) -> None:
    """Delete an upload of one's own that is shown nowhere. Raises Unacceptable if it is."""
    def attempt() -> None:
        upload = get(id, viewer)
        if _is_shown(upload):
            raise Unacceptable(IN_USE)
        expect(media.remove(upload))

    retried(attempt)


def delete_unused(ids: Sequence[str], viewer: Viewer) -> None:
    """Delete those of these uploads of one's own that nothing shows any more."""
    for upload in own(ids, viewer):
        if not _is_shown(upload):
            media.remove(upload)


def _is_shown(upload: Upload) -> bool:
    """Whether one of the places that it knows still shows it."""
    return any(each["id"] == upload.id for place in places.find(upload)
               for each in [*place.document.get("attachments", ()),
                            *([place.document["attachment"]] if place.document.get("attachment") else [])])
