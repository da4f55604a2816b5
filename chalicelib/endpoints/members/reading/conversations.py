"""The viewer's conversations as pages, each with a form to reply."""

from __future__ import annotations

from typing import Annotated

from ....domain.signing_in import telling
from ....domain.statuses.writing import compositions
from ....domain.timelines import browsing, conversations
from ....domain.timelines.browsing import ListPart
from ....domain.viewer import Viewer
from ....entities.statuses.status import render_statuses
from ....entities.timelines.conversation import render_conversations
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.params import FlakeId
from ....web.replies import As, Html, Redirect
from ....web.request import Request
from . import MaxId, MinId, by_id, list_page, numbered


@endpoint("GET", "/account/conversations", auth=session_of("read:statuses"), refuses=(404,))
def conversations_page(request: Request, viewer: Viewer, max_id: MaxId, min_id: MinId) -> Html:
    """The viewer's conversations, the most recently updated first."""
    at = numbered(max_id, min_id)
    found = conversations.list_of(viewer, at)
    shown = render_conversations(found, viewer)
    part = browsing.cut(shown, [each["id"] for each in shown], at, found.continues)
    return list_page("conversations", request, viewer, ListPart(part.rows, part.newer, part.older))


@endpoint("GET", "/account/conversations/{id}", auth=session_of("read:statuses"))
def conversation_page(request: Request, viewer: Viewer, id: FlakeId, max_id: MaxId, min_id: MinId) -> Html:
    """The newest statuses of a conversation, the oldest of them first, and the form to reply."""
    at = by_id(max_id, min_id)
    conversation = render_conversations(conversations.get(id, viewer), viewer)[0]
    found = browsing.browsed(conversations.list_statuses(id, viewer, at), at)
    shown = render_statuses(found.statuses, viewer, found.around)
    return list_page("conversation", request, viewer, ListPart(shown[::-1], found.newer, found.older),
                     conversation=conversation, written=compositions.begin_in_conversation(id, viewer))


@endpoint("POST", "/account/conversations/{id}", auth=session_of("write:conversations"))
def mark_read(viewer: Viewer, id: FlakeId) -> Annotated[Redirect, As(303)]:
    """Mark a conversation as read."""
    conversations.read(id, viewer)
    telling.tell(viewer, "read_conversation")
    return Redirect(f"/account/conversations/{id}", 303)
