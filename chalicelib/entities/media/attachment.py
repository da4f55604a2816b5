"""Attachment: media on a status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ...settings import settings
from ...store.media.uploads import Upload


class AttachmentExtra(TypedDict):
    mime_type: str


class Attachment(TypedDict):
    id: str
    type: str
    url: str
    remote_url: str
    preview_url: str
    text_url: str
    description: str | None
    pleroma: AttachmentExtra
    blurhash: str | None


SHOWN = frozenset({"image", "video", "audio"})


def render_upload(upload: Upload) -> Attachment:
    return render_attachment({
        "id": upload.id, "object": upload.object, "mime": upload.mime, "description": upload.description or "",
    })


def render_attachment(kept: Mapping[str, Any]) -> Attachment:
    """An attachment, from what a status keeps of it: its object's name, media type and description.

    One of another server has an address (`url`) instead, and perhaps a `preview`. It is linked, not copied.
    """
    url: str = kept.get("url") or f"{settings.base_url}/media/{kept['object']}"
    kind = kept["mime"].partition("/")[0]
    return {
        "id": kept["id"],
        "type": kind if kind in SHOWN else "unknown",
        "url": url,
        "remote_url": url,
        "preview_url": kept.get("preview") or url,
        "text_url": url,
        "description": kept["description"],
        "pleroma": {"mime_type": kept["mime"]},
        "blurhash": kept.get("blurhash"),
    }
