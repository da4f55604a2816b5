"""Chats of other people."""

from __future__ import annotations

from ... import entities
from ...domain.staff import chats
from ...domain.viewer import Viewer
from ...entities.staff.admin_chat import render_admin_chats, render_admin_message, render_admin_messages
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.paging import Page
from ...web.params import AnyId

READ, WRITE = admin("admin:read:chats"), admin("admin:write:chats")


@endpoint("GET", "/api/pleroma/admin/users/{nickname}/chats", auth=READ, refuses=(404,))
def index(nickname: str) -> list[entities.AdminChat]:
    """The chats of an account, last updated first."""
    return render_admin_chats(chats.list_of(nickname))


@endpoint("GET", "/api/pleroma/admin/chats/{id}", auth=READ)
def show(id: AnyId) -> entities.AdminChat:
    """One side of anybody's chat."""
    return render_admin_chats(chats.get(id))[0]


@endpoint("GET", "/api/pleroma/admin/chats/{id}/messages", auth=READ)
def messages(id: AnyId, page: Page) -> list[entities.ChatMessage]:
    """The messages of anybody's chat, newest first. None is marked as read."""
    return render_admin_messages(chats.list_messages(id, page, page.offset))


@endpoint("DELETE", "/api/pleroma/admin/chats/{id}/messages/{message_id}", auth=WRITE)
def delete_message(viewer: Viewer | None, id: AnyId, message_id: AnyId) -> entities.ChatMessage:
    """Delete a message on both sides."""
    return render_admin_message(chats.delete_message(id, message_id, viewer))
