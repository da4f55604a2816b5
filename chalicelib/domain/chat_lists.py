"""Lists of chats: whole or page by page, without those that the viewer does not want to see; and the pins on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ..store import chat_lists
from ..store.chats import Chat
from ..store.dynamo.stretches import Stretch, end_of
from .chats import Chats, as_list, load, own
from .pages import fill
from .paging import Cursors, Window, window
from .refusals import NotFound
from .viewer import Viewer
from .visibility import is_active

MOST_LISTED = 1000
FURTHER = 100
"""How many chats are read at a time where filters have made a page short."""


@dataclass(frozen=True)
class ChatWishes:
    """Which chats are wanted. `pinned`: only those that are pinned, or only the others; None: both."""

    with_muted: bool = False
    pinned: bool | None = None


def list_of(viewer: Viewer, wishes: ChatWishes) -> Chats:
    """The viewer's chats with active accounts, last updated first. Without those that the viewer blocks or mutes."""
    wanted = (chat for chat in chat_lists.list_of(viewer.id) if _is_wanted(chat, viewer, wishes))
    return _active(load(list(islice(wanted, MOST_LISTED)), viewer.account))


def page_of(viewer: Viewer, page: Cursors, wishes: ChatWishes) -> Chats:
    """As `list_of`, page by page. The cursors are the flakes of the last activity: `updated` of each chat."""
    whole = Chats()

    def read(left: Window, turn: int) -> Stretch[Chat]:
        asked = left.limit + 1 if not turn else FURTHER
        rows = chat_lists.recent(viewer.id, above=left.above, below=left.below, ascending=left.ascending, limit=asked)
        return Stretch([chat for chat in rows if _is_wanted(chat, viewer, wishes)],
                       end_of(rows, asked, lambda chat: str(chat.updated)))

    def show(rows: Sequence[Chat]) -> list[Chat]:
        nonlocal whole
        loaded = _active(load(rows, viewer.account))
        whole = Chats([], whole.partners | loaded.partners, whole.last | loaded.last)
        return loaded.listed

    found = fill(window(page), read, show)
    return replace(whole, listed=found.shown, continues=found.continues)


def _is_wanted(chat: Chat, viewer: Viewer, wishes: ChatWishes) -> bool:
    if viewer.blocks(chat.partner) or (not wishes.with_muted and viewer.mutes(chat.partner)):
        return False
    return wishes.pinned is None or bool(chat.pinned) == wishes.pinned


def _active(found: Chats) -> Chats:
    """Those of the chats whose partner is active."""
    return replace(found, listed=[chat for chat in found.listed if is_active(found.partners[chat.partner])])


def pin(id: str, viewer: Viewer, *, pinned: bool) -> Chats:
    """Pin a chat, or unpin it, for the viewer alone. Doing it again changes nothing."""
    chat = own(id, viewer)
    if bool(chat.pinned) != pinned and not chat_lists.set_pinned(chat, pinned):
        raise NotFound
    chat.pinned = pinned
    return as_list(chat, viewer)
