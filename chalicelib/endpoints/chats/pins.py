"""Pins on chats: each side has its own."""

from __future__ import annotations

from ... import entities
from ...domain import chat_lists, chats
from ...domain.viewer import Viewer
from ...entities.chat import render_chats
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId

WRITE = signed_in("write:chats")


@endpoint("POST", "/api/v1/pleroma/chats/{id}/pin", auth=WRITE, ahead=chats.ahead)
def pin(viewer: Viewer, id: FlakeId) -> entities.Chat:
    """Pin a chat, so that clients show it first. Its place in the list stays."""
    return render_chats(chat_lists.pin(id, viewer, pinned=True), viewer)[0]


@endpoint("POST", "/api/v1/pleroma/chats/{id}/unpin", auth=WRITE, ahead=chats.ahead)
def unpin(viewer: Viewer, id: FlakeId) -> entities.Chat:
    """Take the pin off a chat."""
    return render_chats(chat_lists.pin(id, viewer, pinned=False), viewer)[0]
