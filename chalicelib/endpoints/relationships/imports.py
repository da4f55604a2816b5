"""Lists of accounts brought from elsewhere. The reply says that the work has begun; jobs do it."""

from __future__ import annotations

from typing import Annotated

from ...domain.relationships import imports
from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import InvalidParameters, Loose

STARTED = "job started"


List = Annotated[
    Loose[str | SentFile], "Names separated by white space, or a CSV whose first column names them; text or a file.",
]


@endpoint("POST", "/api/pleroma/follow_import", auth=signed_in("follow", "write:follows"))
def follow_import(viewer: Viewer, list: List = None) -> str:
    """Follow every account of a list. Accounts that cannot be followed are skipped."""
    imports.start_follows(_text(list), by=viewer)
    return STARTED


@endpoint("POST", "/api/pleroma/blocks_import", auth=signed_in("follow", "write:blocks"))
def blocks_import(viewer: Viewer, list: List = None) -> str:
    """Block every account of a list."""
    imports.start_hiding(_text(list), "block", by=viewer)
    return STARTED


@endpoint("POST", "/api/pleroma/mutes_import", auth=signed_in("follow", "write:mutes"))
def mutes_import(viewer: Viewer, list: List = None) -> str:
    """Mute every account of a list, and its notifications too."""
    imports.start_hiding(_text(list), "mute", by=viewer)
    return STARTED


def _text(list: str | SentFile | None) -> str:
    if list is None:
        raise InvalidParameters([ParameterFault(("list",), "Missing field: list")])
    return list.data.decode("utf-8", errors="replace") if isinstance(list, SentFile) else list
