"""How the files of a frontend are sent: type and caching follow from the name."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePosixPath

HTML = "text/html; charset=utf-8"
TYPES = {
    ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".html": HTML, ".json": "application/json; charset=utf-8",
    ".map": "application/json; charset=utf-8", ".webmanifest": "application/manifest+json; charset=utf-8",
    ".wasm": "application/wasm", ".svg": "image/svg+xml; charset=utf-8", ".txt": "text/plain; charset=utf-8",
    ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
    ".eot": "application/vnd.ms-fontobject", ".ico": "image/x-icon", ".webp": "image/webp", ".avif": "image/avif",
}
OF_AN_INDEX = "public, no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
NOT_WITHOUT_ASKING = "no-cache"
_HASHED = re.compile(r"[.\-_][A-Za-z0-9]{8,}\.[A-Za-z0-9]+$")


def type_of(path: str) -> str:
    return TYPES.get(PurePosixPath(path).suffix.lower()) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def is_text(path: str) -> bool:
    return "charset" in type_of(path)


def caching_of(path: str) -> str:
    """Who may keep a copy, and for how long. A service worker that is kept too long is a fault that lasts."""
    name = path.rpartition("/")[2]
    if name == "index.html":
        return OF_AN_INDEX
    if name.endswith(".json") or (name.startswith("sw") and name.endswith(".js")):
        return NOT_WITHOUT_ASKING
    return FOR_EVER if _HASHED.search(name) else FOR_A_WHILE
