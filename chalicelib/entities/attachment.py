"""Attachment: media on a status."""

from __future__ import annotations

from typing import TypedDict


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
