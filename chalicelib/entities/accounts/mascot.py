"""Mascot: an attachment, or the instance's own picture, which has fewer keys."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from ..media.attachment import AttachmentExtra, AttachmentMeta, render_attachment


class Mascot(TypedDict):
    id: str
    type: str
    url: str
    preview_url: str
    pleroma: AttachmentExtra
    remote_url: NotRequired[str]
    text_url: NotRequired[str]
    description: NotRequired[str | None]
    blurhash: NotRequired[str | None]
    meta: NotRequired[AttachmentMeta | None]
    preview_remote_url: NotRequired[str | None]


def render_mascot(kept: dict[str, Any]) -> Mascot:
    if "object" in kept:
        return Mascot(**render_attachment(kept))
    return {"id": kept["id"], "type": "image", "url": kept["url"], "preview_url": kept["url"],
            "pleroma": {"mime_type": kept["mime"]}}
