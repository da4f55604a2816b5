"""Attachment: media on a status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ...settings import settings
from ...store.media.uploads import Upload


class AttachmentExtra(TypedDict):
    mime_type: str


class PictureSize(TypedDict):
    width: int
    height: int
    size: str
    aspect: float


class FocusPoint(TypedDict):
    x: float
    y: float


class AttachmentMeta(TypedDict, total=False):
    original: PictureSize
    small: PictureSize
    focus: FocusPoint


class Attachment(TypedDict):
    """`meta`: null where nothing is known."""

    id: str
    type: str
    url: str
    remote_url: str
    preview_url: str
    preview_remote_url: str | None
    text_url: str
    description: str | None
    meta: AttachmentMeta | None
    pleroma: AttachmentExtra
    blurhash: str | None


SHOWN = frozenset({"image", "video", "audio"})


def render_upload(upload: Upload) -> Attachment:
    return render_attachment(upload.kept)


def render_attachment(kept: Mapping[str, Any]) -> Attachment:
    """An attachment, from what a status keeps of it: its object's name, media type and description.

    One of another server has an address (`url`) instead, and perhaps a `preview`. It is linked, not copied.
    """
    url: str = kept.get("url") or _address(kept["object"])
    preview: str | None = kept.get("preview")
    if kept.get("preview_object"):
        preview = _address(kept["preview_object"])
    kind = kept["mime"].partition("/")[0]
    return {
        "id": kept["id"],
        "type": kind if kind in SHOWN else "unknown",
        "url": url,
        "remote_url": url,
        "preview_url": preview or url,
        "preview_remote_url": kept.get("preview") if kept.get("url") else None,
        "text_url": url,
        "description": kept["description"],
        "meta": _meta(kept.get("meta")),
        "pleroma": {"mime_type": kept["mime"]},
        "blurhash": kept.get("blurhash"),
    }


def _address(object: str) -> str:
    return f"{settings.base_url}/media/{object}"


def _meta(kept: Mapping[str, Any] | None) -> AttachmentMeta | None:
    """No smaller pictures are made, so the small one is the original."""
    if not kept:
        return None
    found: AttachmentMeta = {**kept}  # type: ignore[typeddict-item]  # written by us, in this form
    return {**found, "small": found["original"]} if "original" in found else found
