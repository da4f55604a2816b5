"""The tokens that the viewer's apps hold: listed, and ended one by one."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.signing_in import oauth
from ...domain.viewer import Viewer
from ...entities.signing_in.token import render_token_entries
from ...web.auth import sent_session, signed_in
from ...web.endpoint import endpoint
from ...web.replies import END, LEAVE, As, Empty
from ...web.request import Request


@endpoint("GET", "/api/oauth_tokens", auth=signed_in(), also=("/api/oauth_tokens.json",))
def tokens(viewer: Viewer) -> list[entities.TokenEntry]:
    """All tokens of the viewer, latest first."""
    return render_token_entries(*oauth.list_tokens(viewer))


@endpoint("DELETE", "/api/oauth_tokens/{id}", auth=signed_in())
def revoke_token(request: Request, viewer: Viewer, id: str) -> Annotated[Empty, As(201)]:
    """End one of the viewer's tokens. If it is unknown or of somebody else, nothing happens; the reply is the same."""
    ended = oauth.revoke_by_number(viewer, int(id)) if id.isdecimal() and len(id) < 20 else None
    if ended is None or viewer.token is None or ended.k != viewer.token.k:
        return Empty(201)
    return Empty(201, session=END if sent_session(request) == request.token else LEAVE)
