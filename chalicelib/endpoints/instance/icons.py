"""The icons that browsers ask for at the root. Larger ones are in the bucket, where the manifest says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, FileReply

A_DAY = {"Cache-Control": "public, max-age=86400"}
PNG, ICO = "image/png", "image/x-icon"
_FOLDER = Path(__file__).with_name("pictures")


@endpoint("GET", "/favicon.ico", auth=public(), head=True)
def favicon_ico() -> Annotated[FileReply, As(kinds=(ICO,))]:
    """The icon of this server, as older browsers want it."""
    return FileReply(_file("favicon.ico"), ICO, A_DAY)


@endpoint("GET", "/favicon.png", auth=public(), head=True)
def favicon_png() -> Annotated[FileReply, As(kinds=(PNG,))]:
    """The icon of this server, 32 pixels wide."""
    return FileReply(_file("favicon.png"), PNG, A_DAY)


@endpoint("GET", "/apple-touch-icon.png", auth=public(), head=True)
def apple_touch_icon() -> Annotated[FileReply, As(kinds=(PNG,))]:
    """The icon of this server on the screen of a telephone."""
    return FileReply(_file("apple-touch-icon.png"), PNG, A_DAY)


@lru_cache(maxsize=4)
def _file(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
