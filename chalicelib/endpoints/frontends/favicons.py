"""The icon of this server in the tabs of browsers."""

from __future__ import annotations

from typing import Annotated

from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, FileReply
from .icons import A_DAY, PNG, picture

ICO = "image/x-icon"


@endpoint("GET", "/favicon.ico", auth=public(), head=True)
def favicon_ico() -> Annotated[FileReply, As(kinds=(ICO,))]:
    """The icon of this server, as older browsers want it."""
    return FileReply(picture("favicon.ico"), ICO, A_DAY)


@endpoint("GET", "/favicon.png", auth=public(), head=True)
def favicon_png() -> Annotated[FileReply, As(kinds=(PNG,))]:
    """The icon of this server, 32 pixels wide."""
    return FileReply(picture("favicon.png"), PNG, A_DAY)
