"""Chats of other people, as administrators see them. Nothing here marks anything as read.

A chat is one side of what two people say to each other. Its messages have ids of their own, unlike their twins.
"""

from __future__ import annotations

from itertools import islice

from ...ids import is_flake
from ...store import chat_deletion, chat_lists
from ...store import chats as store
from ...store.accounts.accounts import Account
from ...store.chats import Chat, ChatMessage
from .. import events
from ..chat_lists import MOST_LISTED
from ..chats import Chats, deleted, load, mark
from ..lookup import get_any
from ..paging import Cursors, window
from ..refusals import BadRequest, NotFound
from ..retrying import retried
from ..viewer import Viewer
from . import log
from .acting import acting

MOST_SKIPPED = 1_000
NOT_FOUND = "Not found"
NO_CHAT = "not found"


def list_of(nickname: str) -> Chats:
    """An account's chats, last updated first, whatever the account has muted or blocked. Raises NotFound."""
    owner = get_any(nickname)
    return load(list(islice(chat_lists.list_of(owner.id), MOST_LISTED)), owner)


def get(id: str) -> Chats:
    """Anybody's chat, as a list of one. Raises NotFound."""
    chat, owner = _find(id)
    found = load([chat], owner) if chat is not None and owner is not None else Chats()
    if not found.listed:
        raise NotFound(NOT_FOUND)
    return found


def _find(id: str) -> tuple[Chat | None, Account | None]:
    owner_id = store.owner_of(id) if is_flake(id) else None
    if owner_id is None:
        return None, None
    return store.find_with_owner(owner_id, id)


def list_messages(id: str, page: Cursors, offset: int) -> list[ChatMessage]:
    """The messages of anybody's chat, newest first, without the first `offset` of those that the page asks for."""
    chat, _ = _find(id)
    if chat is None:
        raise NotFound(NO_CHAT)
    part = window(page)
    if part.empty or offset > MOST_SKIPPED:
        return []
    rows = store.messages_of(chat, above=part.above, below=part.below, ascending=part.ascending,
                             limit=part.limit + offset)[offset:]
    return mark(list(reversed(rows)) if part.ascending else rows, chat)


def delete_message(id: str, message_id: str, by: Viewer | None) -> ChatMessage:
    """Delete a message on both sides, whoever wrote it. Answers what it was. Raises BadRequest if it is not there."""
    return retried(lambda: _delete_message(id, message_id, by))


def _delete_message(id: str, message_id: str, by: Viewer | None) -> ChatMessage:
    chat, _ = _find(id)
    message = store.find_message(id, message_id) if chat is not None and is_flake(message_id) else None
    if chat is None or message is None:
        raise BadRequest("could_not_delete")
    entry = log.deleted_chat_message(acting(by), message_id)
    event = deleted(chat, message)
    chat_deletion.delete(chat_deletion.sides_of(chat, message, both=True), entry, events.owed(event))
    events.tell(event)
    return mark([message], chat)[0]
