"""Chats: what two accounts say to each other, apart from all statuses."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain import chat_lists, chats
from ...domain.chat_lists import ChatWishes
from ...domain.chats import MessageDraft
from ...domain.viewer import Viewer
from ...entities.chat import render_chats
from ...entities.chat_message import render_chat_message, render_chat_messages
from ...web import idempotency
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import AnyId, Flag, FlakeId
from ...web.request import Request

READ, WRITE = signed_in("read:chats"), signed_in("write:chats")


WithMuted = Annotated[Flag, "Keep chats with muted accounts."]
Pinned = Annotated[Flag | None, "Only pinned chats, or only the others."]


@endpoint("GET", "/api/v1/pleroma/chats", auth=READ)
def index(viewer: Viewer, with_muted: WithMuted = False, pinned: Pinned = None) -> list[entities.Chat]:
    """All chats of the viewer, last updated first."""
    return render_chats(chat_lists.list_of(viewer, ChatWishes(with_muted, pinned)), viewer)


@endpoint("GET", "/api/v2/pleroma/chats", auth=READ)
def page_of(viewer: Viewer, page: Page, with_muted: WithMuted = False,
            pinned: Pinned = None) -> Paged[entities.Chat]:
    """The viewer's chats, last updated first. Page them with the Link header: its cursors are no ids of chats."""
    found = chat_lists.page_of(viewer, page, ChatWishes(with_muted, pinned))
    return page.reply(render_chats(found, viewer), ids=[chat.updated for chat in found.listed],
                      continues=found.continues)


@endpoint("POST", "/api/v1/pleroma/chats/by-account-id/{account_id}", auth=WRITE, ahead=chats.ahead_with)
def with_account(viewer: Viewer, account_id: AnyId) -> entities.Chat:
    """The viewer's chat with an account, made if there is none yet."""
    return render_chats(chats.with_account(account_id, viewer), viewer)[0]


@endpoint("GET", "/api/v1/pleroma/chats/{id}", auth=READ, ahead=chats.ahead)
def show(viewer: Viewer, id: FlakeId) -> entities.Chat:
    """One of the viewer's chats."""
    return render_chats(chats.get(id, viewer), viewer)[0]


@endpoint("POST", "/api/v1/pleroma/chats/{id}/read", auth=WRITE, ahead=chats.ahead)
def read(viewer: Viewer, id: FlakeId,
         last_read_id: Annotated[FlakeId, "Up to and including this message."]) -> entities.Chat:
    """Mark messages of a chat as read."""
    return render_chats(chats.read(id, last_read_id, viewer), viewer)[0]


@endpoint("GET", "/api/v1/pleroma/chats/{id}/messages", auth=READ, ahead=chats.ahead)
def messages(viewer: Viewer, id: FlakeId, page: Page) -> Paged[entities.ChatMessage]:
    """The messages of a chat, newest first."""
    return page.reply(render_chat_messages(chats.list_messages(id, viewer, page), viewer))


@endpoint("POST", "/api/v1/pleroma/chats/{id}/messages", auth=WRITE, ahead=chats.ahead)
def post(viewer: Viewer, id: FlakeId, request: Request,
         content: Annotated[str | None, "Plain text."] = None,
         media_id: Annotated[FlakeId | None, "An upload of the viewer's own."] = None) -> entities.ChatMessage:
    """Say something in a chat."""
    draft = MessageDraft(content, media_id, idempotency.key_in(request))
    return render_chat_message(chats.post(id, draft, viewer), viewer)


@endpoint("POST", "/api/v1/pleroma/chats/{id}/messages/{message_id}/read", auth=WRITE, ahead=chats.ahead)
def read_message(viewer: Viewer, id: FlakeId, message_id: AnyId) -> entities.ChatMessage:
    """Mark a single message as read."""
    return render_chat_message(chats.read_message(id, message_id, viewer), viewer)


@endpoint("DELETE", "/api/v1/pleroma/chats/{id}/messages/{message_id}", auth=WRITE, ahead=chats.ahead)
def delete_message(viewer: Viewer, id: FlakeId, message_id: AnyId) -> entities.ChatMessage:
    """Delete a message: one's own for both, the partner's for oneself only."""
    return render_chat_message(chats.delete_message(id, message_id, viewer), viewer)
