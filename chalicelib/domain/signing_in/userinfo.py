"""Who may ask whom a token belongs to, and in which words others are refused."""

from __future__ import annotations

from ..refusals import Forbidden, Unauthenticated
from ..viewer import Viewer
from .oauth import OUTSIDE
from .scopes import PROFILE, covers
from .signing_in import Caller

INVALID_TOKEN = "The access token is invalid"


def demand_viewer(caller: Caller) -> Viewer:
    """The viewer, if their token may tell who they are. Raises Unauthenticated, Forbidden."""
    if caller.viewer is None:
        raise Unauthenticated(INVALID_TOKEN)
    if caller.scopes is not None and not any(covers(caller.scopes, each) for each in (PROFILE, "read:accounts")):
        raise Forbidden(OUTSIDE)
    return caller.viewer
