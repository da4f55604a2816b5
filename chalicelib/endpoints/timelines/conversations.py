"""Conversations: the threads of direct statuses that one takes part in."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.timelines import conversations
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_statuses
from ...entities.timelines.conversation import render_conversations
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import FlakeId

READ, WRITE = signed_in("read:statuses"), signed_in("write:conversations")


@endpoint("GET", "/api/v1/conversations", auth=READ)
def index(viewer: Viewer, page: Page,
          recipients: Annotated[list[FlakeId] | None, "Only with exactly these accounts."] = None,
          ) -> Paged[entities.Conversation]:
    """The viewer's conversations, most recently updated first."""
    found = conversations.list_of(viewer, page, recipients)
    return page.reply(render_conversations(found, viewer), continues=found.continues)


@endpoint("POST", "/api/v1/conversations/{id}/read", auth=WRITE)
def read(viewer: Viewer, id: FlakeId) -> entities.Conversation:
    """Mark a conversation as read."""
    return render_conversations(conversations.read(id, viewer), viewer)[0]


@endpoint("POST", "/api/v1/conversations/{id}/unread", auth=WRITE)
def mark_unread(viewer: Viewer, id: FlakeId) -> entities.Conversation:
    """Mark a conversation as unread."""
    return render_conversations(conversations.mark_unread(id, viewer), viewer)[0]


@endpoint("DELETE", "/api/v1/conversations/{id}", auth=WRITE)
def remove(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Take a conversation off the viewer's list. Its statuses stay, and a new one brings it back."""
    conversations.remove(id, viewer)
    return {}


@endpoint("GET", "/api/v1/pleroma/conversations/{id}", auth=READ)
def show(viewer: Viewer, id: FlakeId) -> entities.Conversation:
    """One of the viewer's conversations."""
    return render_conversations(conversations.get(id, viewer), viewer)[0]


@endpoint("GET", "/api/v1/pleroma/conversations/{id}/statuses", auth=READ)
def statuses(viewer: Viewer, id: FlakeId, page: Page) -> Paged[entities.Status]:
    """The statuses of a conversation. The page has the newest of them, oldest first."""
    timeline = conversations.list_statuses(id, viewer, page)
    shown = render_statuses(timeline.statuses, viewer, timeline.around)
    reply = page.reply(shown, continues=timeline.continues)
    reply.rows.reverse()
    return reply


@endpoint("PATCH", "/api/v1/pleroma/conversations/{id}", auth=WRITE)
def set_recipients(viewer: Viewer, id: FlakeId,
                   recipients: Annotated[list[FlakeId], "All of them; the owner is always one."],
                   ) -> entities.Conversation:
    """Change whom a reply to the conversation will address."""
    return render_conversations(conversations.set_recipients(id, recipients, viewer), viewer)[0]


@endpoint("POST", "/api/v1/pleroma/conversations/read", auth=WRITE)
def read_all(viewer: Viewer) -> list[entities.Conversation]:
    """Mark all conversations as read. Answers those that were unread."""
    return render_conversations(conversations.read_all(viewer), viewer)
