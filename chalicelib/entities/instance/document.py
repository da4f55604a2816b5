"""Where a document of the instance is shown."""

from __future__ import annotations

from typing import TypedDict


class DocumentUrl(TypedDict):
    url: str


def render_document_url(url: str) -> DocumentUrl:
    return {"url": url}
