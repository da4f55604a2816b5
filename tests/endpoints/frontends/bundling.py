"""A tiny frontend, as a zip."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.cast import Person, Reply

ADMIN = "/api/pleroma/admin/frontends"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
INDEX = (b"<!DOCTYPE html><html><head><title>Tiny</title><!--server-generated-meta--></head>"
         b"<body><script src=/app.0123abcd.js></script></body></html>")
FILES = {
    "index.html": INDEX, "app.0123abcd.js": b"console.log('tiny')", "style.css": b"body{}", "sw.js": b"//",
    "static/config.json": b'{"theme":"tiny"}', "manifest.json": b'{"name":"Tiny"}', "img/logo-abcdefgh.svg": b"<svg/>",
    "favicon.png": b"\x89PNG tiny", "users/alice": b"not theirs", "api/v1/instance": b"not theirs",
}


def zipped(files: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]] = FILES, *, top: str = "") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(top + name if isinstance(name, str) else name, data)
    return whole.getvalue()


def installs(by: Person, name: str = "tiny", ref: str | None = "1", data: bytes | None = None) -> Reply:
    form: dict[str, Any] = {"name": name, **({"ref": ref} if ref else {})}
    return by.post(f"{ADMIN}/install", form=form,
                   files={"file": ("tiny.zip", zipped() if data is None else data, "application/zip")})


def chooses(by: Person, name: str | None = "tiny", ref: str | None = None, part: str = "primary") -> Reply:
    return by.put(f"{ADMIN}/{part}", json={"name": name, "ref": ref})
