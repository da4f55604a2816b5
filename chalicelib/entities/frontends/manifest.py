"""The manifest of a web app."""

from __future__ import annotations

from typing import TypedDict

from ...domain import text
from ...settings import settings

LONGEST_SHORT_NAME = 12
GROUND = "#fbfaf8"
"""What is behind everything on the pages of this server, where it is light."""


class ManifestIcon(TypedDict):
    src: str
    type: str
    sizes: str
    purpose: str


class SharedFields(TypedDict):
    text: str
    url: str


class ShareTarget(TypedDict):
    """Where a browser leads what another app shares. `params`: the names of the page's parameters."""

    action: str
    method: str
    params: SharedFields


class Manifest(TypedDict):
    name: str
    short_name: str
    description: str
    start_url: str
    scope: str
    display: str
    icons: list[ManifestIcon]
    theme_color: str
    background_color: str
    share_target: ShareTarget


def render_manifest() -> Manifest:
    name = settings.instance_name
    return {
        "name": name, "short_name": name[:LONGEST_SHORT_NAME],
        "description": text.strip_tags(settings.instance_description),
        "start_url": "/", "scope": "/", "display": "browser",
        "icons": [{"src": f"/static/icon-{size}.png", "type": "image/png", "sizes": f"{size}x{size}",
                   "purpose": "any maskable"} for size in (192, 512)],
        "theme_color": GROUND, "background_color": GROUND,
        "share_target": {"action": "/account/write", "method": "GET", "params": {"text": "text", "url": "url"}},
    }
