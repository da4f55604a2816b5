"""The page of sessions: which apps and browsers are signed in, and their end."""

from __future__ import annotations

from typing import Annotated

from ...domain.refusals import NotFound
from ...domain.signing_in import browsing, oauth
from ...domain.viewer import Viewer
from ...entities.signing_in.session import render_sessions
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field
from ...web.replies import As, Html, Redirect
from . import account_page
from .password import session_after

PAGE = "/account/sessions"


@endpoint("GET", "/account/sessions", auth=session_of("write:accounts"))
def sessions_page(viewer: Viewer, done: Field) -> Html:
    """Which apps and browsers are signed in."""
    return account_page("sessions", viewer, done=done, sessions=render_sessions(*oauth.list_tokens(viewer), viewer))


@endpoint("POST", "/account/sessions/{id}/end", auth=session_of("write:accounts"), refuses=(404,))
def end_session(viewer: Viewer, id: str) -> Annotated[Redirect, As(303)]:
    """End one of the viewer's sessions."""
    ended = oauth.revoke_by_number(viewer, int(id)) if id.isdecimal() and len(id) < 20 else None
    if ended is None:
        raise NotFound
    is_this = viewer.token is not None and ended.k == viewer.token.k
    return Redirect("/", 303, session=session_after(None)) if is_this else Redirect(f"{PAGE}?done=ended", 303)


@endpoint("POST", "/account/sessions/end", auth=session_of("write:accounts"))
def end_others(viewer: Viewer) -> Annotated[Redirect, As(303)]:
    """End all sessions but this one, which gets a new token."""
    return Redirect(f"{PAGE}?done=others", 303, session=session_after(browsing.end_others(viewer)))
