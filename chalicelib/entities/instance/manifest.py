"""The manifest of a web app."""

from __future__ import annotations

from typing import TypedDict

from ...domain import text
from ...settings import settings


class ManifestIcon(TypedDict):
    src: str
    type: str
    sizes: str


class Manifest(TypedDict):
    name: str
    short_name: str
    description: str
    start_url: str
    display: str
    icons: list[ManifestIcon]


def render_manifest() -> Manifest:
    name = settings.instance_name
    return {
        "name": name, "short_name": name, "description": text.strip_tags(settings.instance_description),
        "start_url": "/", "display": "standalone",
        "icons": [{"src": "/static/logo.svg", "type": "image/svg+xml", "sizes": "any"}],
    }
