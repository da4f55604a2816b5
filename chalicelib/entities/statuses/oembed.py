"""oEmbed: what other pages are told that want to show a status."""

from __future__ import annotations

from html import escape
from typing import Any, TypedDict
from xml.etree import ElementTree

from ...domain.text.plain import cut, one_line
from ...settings import settings
from .status import Status

KEPT = 86_400
LONGEST_TEXT = 200
USUAL, LEAST_WIDTH, MOST_WIDTH = 400, 220, 800
_SANDBOX = {"loading": "lazy", "sandbox": "allow-popups allow-popups-to-escape-sandbox", "style": "border:0"}


class OEmbed(TypedDict):
    """`cache_age` in seconds, sizes in pixels."""

    type: str
    version: str
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int | None


def render_oembed(status: Status, width: int | None, height: int | None) -> OEmbed:
    """`width`, `height`: the most that there is room for."""
    author: Any = status["account"]
    name = author["display_name"] or author["username"]
    wide = min(max(width or USUAL, LEAST_WIDTH), MOST_WIDTH)
    frame = ElementTree.Element("iframe", {
        "src": f"{settings.base_url}/embed/{status['id']}", "title": f"Post by {name}", "width": str(wide),
        "height": str(height or USUAL), **_SANDBOX})
    return {
        "type": "rich", "version": "1.0", "title": _title(status, name), "author_name": name,
        "author_url": author["url"], "provider_name": settings.instance_name, "provider_url": settings.base_url,
        "cache_age": KEPT, "width": wide, "height": height,
        "html": ElementTree.tostring(frame, encoding="unicode", short_empty_elements=False),
    }


def _title(status: Status, name: str) -> str:
    """A content warning stands for the text."""
    warning = one_line(escape(status["spoiler_text"], quote=False))
    text = f"CW: {warning}" if warning else one_line(status["content"])
    return f"{name}: “{cut(text, LONGEST_TEXT)}”" if text else name
