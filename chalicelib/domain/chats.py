"""Chats: what two accounts say to each other, one message at a time. A message is no status, and is on no timeline.

Each side has its own chat and its own copy of every message. Reading, and deleting the partner's messages, changes only
one's own side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .. import ids
from ..ids import is_flake
from ..settings import settings
from ..store import chat_deletion, chats
from ..store.accounts.accounts import Account
from ..store.chats import Chat, ChatGone, ChatMessage, LaterMessage, NewMessage
from ..store.dynamo.keys import Key
from ..store.dynamo.parallel import together
from ..store.federation import messages as arrivals
from ..store.federation.messages import ReceivedBefore
from ..store.media.uploads import Upload
from ..store.notifications.notifications import Notice
from ..store.relationships import meetings
from ..store.relationships.meetings import Meeting
from . import documents, events, text
from .emoji import custom
from .event_types.chats import ChatMessageDeleted, ChatMessageSent
from .lookup import is_visible, people_named
from .media import uploads as media
from .notifications import making
from .paging import Cursors, window
from .refusals import BadRequest, NotFound
from .relationships.domain_blocks import blocks_domain
from .retrying import retried
from .statuses import cards
from .text import Mentioned
from .timelines.filtering import NOTIFICATIONS, Filtering
from .viewer import Viewer
from .visibility import is_active

LONGEST_TYPED = 100_000
"""Code points. With an attachment a message has no other limit but the size of its document."""


@dataclass(frozen=True)
class Chats:
    """Chats with their partners and last messages."""

    listed: list[Chat] = field(default_factory=list)
    partners: dict[str, Account] = field(default_factory=dict)
    """By id; the owner is among them."""
    last: dict[str, ChatMessage] = field(default_factory=dict)
    """By chat. Absent if nothing was said, or all of it was deleted."""
    continues: str | None = None
    """The cursor to go on from, if filters made a page short before the end."""


def ahead(viewer_id: str, *, id: str, message_id: str | None = None, **_: str) -> list[Key]:
    """What a request about one chat, or a message in it, reads first."""
    if not is_flake(id) or not (message_id is None or is_flake(message_id)):
        return []
    return [chats.chat_key(viewer_id, id), *([chats.message_key(id, message_id)] if message_id else ())]


def ahead_with(viewer_id: str, *, account_id: str, **_: str) -> list[Key]:
    """What a request about the chat with an account reads first."""
    return chats.keys_with(viewer_id, account_id) if is_flake(account_id) else []


# Chats.


def with_account(account_id: str, viewer: Viewer) -> Chats:
    """The viewer's chat with an account, made if there is none. A list of one."""
    partner, chat = chats.find_with(viewer.id, account_id) if is_flake(account_id) else (None, None)
    if partner is None or partner.deleted or not is_visible(partner, viewer):
        raise NotFound
    return load([chat or chats.make(viewer.id, partner.id)], viewer.account)


def get(id: str, viewer: Viewer) -> Chats:
    """One of the viewer's chats, as a list of one."""
    return as_list(own(id, viewer), viewer)


def own(id: str, viewer: Viewer) -> Chat:
    chat = chats.find(viewer.id, id)
    if chat is None:
        raise NotFound
    return chat


def as_list(chat: Chat, viewer: Viewer) -> Chats:
    found = load([chat], viewer.account)
    if not found.listed:
        raise NotFound
    return found


def load(listed: Sequence[Chat], owner: Account) -> Chats:
    """Chats of one owner, without those whose partner has been deleted."""
    around = chats.load(listed)
    partners = {id: account for id, account in around.partners.items() if not account.deleted}
    kept = [chat for chat in listed if chat.partner in partners]
    for chat in kept:
        mark([around.last[chat.id]] if chat.id in around.last else [], chat)
    return Chats(kept, partners | {owner.id: owner}, around.last)


def mark(messages: Sequence[ChatMessage], chat: Chat) -> list[ChatMessage]:
    """The messages, each with `unread` from the chat."""
    for message in messages:
        message.unread = chats.is_unread(message, chat)
    return list(messages)


def read(id: str, last_read_id: str, viewer: Viewer) -> Chats:
    """Mark all messages up to this one as read. An id that is not valid is below all messages."""
    up_to = ids.cursor(last_read_id)

    def attempt() -> Chats:
        chat = own(id, viewer)
        return as_list(chats.read_up_to(chat, up_to) if up_to is not None else chat, viewer)

    return retried(attempt)


# Messages.


def list_messages(id: str, viewer: Viewer, page: Cursors) -> list[ChatMessage]:
    """The messages of a chat, newest first."""
    chat, part = own(id, viewer), window(page)
    if part.empty:
        return []
    rows = chats.messages_of(chat, above=part.above, below=part.below, ascending=part.ascending, limit=part.limit)
    return mark(list(reversed(rows)) if part.ascending else rows, chat)


def read_message(id: str, message_id: str, viewer: Viewer) -> ChatMessage:
    """Mark a single message as read. Others stay as they are."""
    return retried(lambda: _read_message(id, message_id, viewer))


def _read_message(id: str, message_id: str, viewer: Viewer) -> ChatMessage:
    chat, message = chats.find_with_message(viewer.id, id, message_id)
    if chat is None or message is None:
        raise NotFound
    if chats.is_unread(message, chat):
        chats.read_one(chat, message)
    message.unread = False
    return message


def delete_message(id: str, message_id: str, viewer: Viewer) -> ChatMessage:
    """Delete a message. One's own is deleted on both sides, the partner's on the viewer's side only."""
    return retried(lambda: _delete_message(id, message_id, viewer))


def _delete_message(id: str, message_id: str, viewer: Viewer) -> ChatMessage:
    chat, message = chats.find_with_message(viewer.id, id, message_id)
    if chat is None or message is None:
        raise BadRequest("could_not_delete")
    event = deleted(chat, message)
    chat_deletion.delete(chat_deletion.sides_of(chat, message), jobs=events.owed(event))
    events.tell(event)
    return mark([message], chat)[0]


def deleted(chat: Chat, message: ChatMessage) -> ChatMessageDeleted:
    """What is told of a deletion. The author's server has a message alone if the partner is at another one."""
    alone = message.twin_id is None and not chat.is_with_oneself and message.author_id == chat.owner
    return ChatMessageDeleted(message.id, message.author_id, chat.partner if alone else None)


# Saying something.


@dataclass(frozen=True)
class MessageDraft:
    """What a client may say of a new message. `idempotency_key` is from the request."""

    content: str | None = None
    media_id: str | None = None
    idempotency_key: str | None = None


def post(id: str, draft: MessageDraft, by: Viewer, once: str | None = None) -> ChatMessage:
    """Say something in a chat. When this returns, it is in both chats, counted, and the partner is notified.

    `once`: a name for what may be said only once. Raises DoneBefore if that was done within the last day.
    """
    chat = own(id, by)
    typed = (draft.content or "").strip()
    if len(typed) > LONGEST_TYPED:
        raise BadRequest("content_too_long")
    return media.retried_if_changed(lambda: _post(chat, replace(draft, content=typed), by, once))


def _post(chat: Chat, draft: MessageDraft, by: Viewer, once: str | None) -> ChatMessage:
    """Raises UploadsChanged if the attachment was described meanwhile."""
    typed = draft.content or ""
    uploads, meeting, people = together(
        lambda: media.own([draft.media_id], by) if draft.media_id else [],
        lambda: meetings.meet(by.id, [chat.partner]).get(chat.partner) if not chat.is_with_oneself else None,
        lambda: people_named(text.mentioned_names(typed, "text/plain")),
    )
    _check_content(typed, uploads)
    if not chat.is_with_oneself:
        _demand_welcome(meeting, by, chat)
    return _send(chat, _Said(_document(typed, uploads, people), uploads), draft, by, meeting, once)


def _check_content(typed: str, uploads: Sequence[Upload]) -> None:
    if uploads:
        return
    if not typed:
        raise BadRequest("no_content")
    if not text.fits(settings.chat_limit, typed):
        raise BadRequest("content_too_long")


def _demand_welcome(meeting: Meeting | None, by: Viewer, chat: Chat | None = None) -> None:
    """Refuse, if the partner blocks the author or wants no messages."""
    if meeting is None:
        raise NotFound
    theirs = meeting.pair.theirs
    blocks_host = blocks_domain(Viewer(meeting.account, meeting.hides), by.account) and not theirs.follows
    if theirs.blocks or by.id in meeting.hides.blocked or blocks_host:
        raise BadRequest("actor is blocked by recipient")
    if not accepts_messages(meeting.account, chat):
        raise BadRequest("recipient does not accept chat messages")


def accepts_messages(account: Account, chat: Chat | None) -> bool:
    """Whether an account takes chat messages. Most servers have none, so one elsewhere has to say it, or to write."""
    said: bool | None = account.profile.get("accepts_chat_messages")
    if account.host is None:
        return said is not False
    return bool(said) or (said is None and chat is not None and chat.last is not None)


def _document(typed: str, uploads: Sequence[Upload], people: dict[str, Mentioned]) -> dict[str, Any]:
    """What is stored of a message for showing it."""
    html = text.format_note(typed, people=people, base_url=settings.base_url)
    doc = {"html": html, "emojis": custom.find_in(typed), "attachment": next(iter(media.attached(uploads)), None)}
    doc = {name: value for name, value in doc.items() if value}
    if documents.size(doc) > documents.LARGEST_MESSAGE:
        raise BadRequest("content_too_long")
    return doc


@dataclass(frozen=True)
class _Said:
    """What is stored of a message, and the uploads that it shows."""

    document: dict[str, Any]
    uploads: Sequence[Upload]


def _send(chat: Chat, said: _Said, draft: MessageDraft, by: Viewer, meeting: Meeting | None,
          once: str | None) -> ChatMessage:
    """Write the message after all others of the chat, however many are written at this moment."""
    newest = str(chat.updated)

    def attempt() -> ChatMessage:
        nonlocal newest
        elsewhere = meeting is not None and meeting.account.host is not None
        message, twin = chats.twins(chat, said.document, draft.idempotency_key, newest, alone=elsewhere)
        notice = _notice(twin, meeting, by, draft.content or "") if meeting is not None and twin is not None else None
        wants_card = cards.link_in(said.document.get("html", "")) is not None
        event = ChatMessageSent(message.chat, message.id, by.id, wants_card, chat.partner if elsewhere else None,
                                chat.partner)
        try:
            chats.send(chat, NewMessage(message, twin, notice, once, said.uploads, events.owed(event)))
        except ChatGone:
            raise NotFound from None
        except LaterMessage as later:
            newest = later.newest
            raise
        events.tell(event, *events.told([notice]))
        return message

    return retried(attempt)


def _notice(twin: ChatMessage, meeting: Meeting, by: Viewer, typed: str) -> Notice | None:
    attachment = twin.content.get("attachment") or {}
    filtering = Filtering(meeting.hides, NOTIFICATIONS)
    if filtering.leaves_out_texts([typed, attachment.get("description", "")]):
        return None
    return making.notice("pleroma:chat_mention", meeting.addressee, by=by.account, cause=twin.id)


# What is said at other servers.


@dataclass(frozen=True)
class SaidElsewhere:
    """A message of another server. `document`: what is stored of it for showing it."""

    uri: str
    plain: str
    document: dict[str, Any]


def receive(said: SaidElsewhere, recipient_id: str, by: Viewer) -> None:
    """Take a message of an account elsewhere. A second time changes nothing. Raises BadRequest and NotFound."""
    meeting = meetings.meet(by.id, [recipient_id]).get(recipient_id)
    _demand_welcome(meeting, by)
    if meeting is None or not is_active(meeting.account):
        raise NotFound
    if documents.size(said.document) > documents.LARGEST_MESSAGE:
        raise BadRequest("content_too_long")
    chat = chats.side_of(by.id, recipient_id)
    newest: str | None = None

    def attempt() -> None:
        nonlocal newest
        message = ChatMessage(chat.partner_chat, ids.new_flake(newest), author_id=by.id, doc=said.document,
                              unread=True, uri=said.uri)
        notice = _notice(message, meeting, by, said.plain)
        try:
            arrivals.receive(chat, message, notice)
        except ReceivedBefore:
            return
        except LaterMessage as later:
            newest = later.newest
            raise
        wants_card = cards.link_in(said.document.get("html", "")) is not None
        event = ChatMessageSent(message.chat, message.id, by.id, wants_card, partner_id=chat.partner)
        events.tell(event, *events.told([notice]))

    retried(attempt)


def delete_from_afar(message_id: str, recipient_id: str, by: Viewer) -> bool:
    """Delete a message that its author elsewhere has deleted. False: it is not there."""
    return retried(lambda: _delete_from_afar(chats.side_of(recipient_id, by.id), message_id))


def _delete_from_afar(side: Chat, message_id: str) -> bool:
    chat, message = chats.find_with_message(side.owner, side.id, message_id)
    if chat is None or message is None or message.author_id == chat.owner:
        return False
    chat_deletion.delete(chat_deletion.sides_of(chat, message))
    return True
