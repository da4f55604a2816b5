"""Lists of accounts brought from elsewhere. The reply says that the work has begun; jobs do it."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships.importing import imports
from ...domain.viewer import Viewer
from ...entities.relationships.imports import render_imports
from ...web.auth import signed_in
from ...web.body import SentFile
from ...web.endpoint import endpoint
from ...web.kinds import ParameterFault
from ...web.params import InvalidParameters, Loose

STARTED = "job started"


List = Annotated[
    Loose[str | SentFile],
    "A CSV of another server, or names separated by white space; text or a file. Encoding and separator are detected.",
]


@endpoint("POST", "/api/pleroma/follow_import", auth=signed_in("follow", "write:follows"))
def follow_import(viewer: Viewer, list: List = None) -> str:
    """Follow every account of a list, as its columns say. Accounts that cannot be followed are skipped."""
    imports.start(_brought(list), "following", by=viewer)
    return STARTED


@endpoint("POST", "/api/pleroma/blocks_import", auth=signed_in("follow", "write:blocks"))
def blocks_import(viewer: Viewer, list: List = None) -> str:
    """Block every account of a list."""
    imports.start(_brought(list), "blocks", by=viewer)
    return STARTED


@endpoint("POST", "/api/pleroma/mutes_import", auth=signed_in("follow", "write:mutes"))
def mutes_import(viewer: Viewer, list: List = None) -> str:
    """Mute every account of a list, and its notifications too unless the list says otherwise."""
    imports.start(_brought(list), "mutes", by=viewer)
    return STARTED


@endpoint("GET", "/api/v1/pleroma/imports", auth=signed_in("follow", "read:follows"))
def index(viewer: Viewer) -> list[entities.Import]:
    """The viewer's latest ten imports, newest first, and what has become of the accounts that they name."""
    return render_imports(*imports.list_of(viewer))


def _brought(list: str | SentFile | None) -> str | bytes:
    if list is None:
        raise InvalidParameters([ParameterFault(("list",), "Missing field: list")])
    return list.data if isinstance(list, SentFile) else list
