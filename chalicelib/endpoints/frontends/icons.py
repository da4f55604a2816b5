"""The icon of this server on the screen of a telephone. Larger ones are in the bucket, where the manifest says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, FileReply

A_DAY = {"Cache-Control": "public, max-age=86400"}
PNG = "image/png"
_FOLDER = Path(__file__).with_name("pictures")


@endpoint("GET", "/apple-touch-icon.png", auth=public(), head=True)
def apple_touch_icon() -> Annotated[FileReply, As(kinds=(PNG,))]:
    """The icon of this server on the screen of a telephone."""
    return FileReply(picture("apple-touch-icon.png"), PNG, A_DAY)


@lru_cache(maxsize=4)
def picture(name: str) -> bytes:
    """One of the files beside this one."""
    return (_FOLDER / name).read_bytes()
