"""Chats: one to one, each side with a chat and messages of its own.

A message is stored twice, as *twins*: once in the author's chat and once in the partner's. So each side reads and
deletes for itself. A chat with oneself has one side and no twins. The messages of a chat are written in the order of
their ids: a transaction that comes late is refused and takes a new id. So nothing ever turns up below what was read.

An account of another server has its messages there. Of a chat with it there is only the side of the account here; the
other one is a row without messages, by which the chat is found when that account is deleted.

A message is unread if it is marked so and stands above the chat's `read_to`. The chat counts its unread messages, in
the transactions that change them. Each of these raises the chat's `version`. A transaction that depends on what was
read demands the version it has read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection, LocalSecondaryIndex

from ..ids import before, chat_id, created_at, milliseconds, new_flake
from .accounts import accounts
from .accounts.accounts import Account
from .dynamo import ahead
from .dynamo.attributes import BooleanAttribute, Document, NumberAttribute, UnicodeAttribute
from .dynamo.counting import count
from .dynamo.failures import Overtaken
from .dynamo.keys import Key, key
from .dynamo.table import ConditionFailed, FoundRecords, Record, Table, Writes, fetch, named, transaction, update
from .jobs import Job
from .mail import letters
from .media.uploads import CHANGED, MESSAGE, Upload, UploadsChanged, place, show_in
from .notifications import notifications
from .notifications.notifications import Notice

PAGE = 1000
KEY_SHOWN_SECONDS = 120


class RecentChats(LocalSecondaryIndex["Chat"]):
    class Meta:
        index_name = "recent"
        projection = AllProjection()

    owner = UnicodeAttribute(hash_key=True)
    updated = UnicodeAttribute(range_key=True, attr_name="upd")


class ChatsById(GlobalSecondaryIndex["Chat"]):
    """Finds the owner of a chat, for administrators, who know only its id."""

    class Meta:
        index_name = "by_id"
        projection = KeysOnlyProjection()

    id = UnicodeAttribute(hash_key=True, attr_name="chat")


class Chat(Record):
    """One side of a chat. Asked: mine by id · mine with this account (the id follows) · mine, latest first."""

    class Meta(Table):
        table_name = named("chats")

    ABSENT = {"unread": 0, "version": 0, "pinned": False}
    owner = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True, attr_name="chat")
    partner = UnicodeAttribute()
    partner_chat = UnicodeAttribute()
    updated = UnicodeAttribute(attr_name="upd")
    """The flake of the last activity. It is never below the id of a message that was written here."""
    last = UnicodeAttribute(attr_name="last_msg", null=True)
    unread = NumberAttribute(null=True)
    read_to = UnicodeAttribute(null=True)
    version = NumberAttribute(attr_name="ver", null=True)
    pinned = BooleanAttribute(attr_name="pin", null=True)
    by_recent = RecentChats()
    by_id = ChatsById()

    @property
    def is_with_oneself(self) -> bool:
        return bool(self.owner == self.partner)

    @property
    def updated_at(self) -> str:
        return created_at(self.updated)


class ChatMessage(Record):
    """What was said, as it stands in one side's chat. Asked: by id · a chat's, latest first."""

    class Meta(Table):
        table_name = named("messages")

    ABSENT = {"unread": False, "revision": 0}
    chat = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    author_id = UnicodeAttribute(attr_name="by")
    twin_chat = UnicodeAttribute(null=True)
    twin_id = UnicodeAttribute(null=True)
    unread = BooleanAttribute(null=True)
    idempotency_key = UnicodeAttribute(attr_name="idem", null=True)
    uri = UnicodeAttribute(null=True)
    """Its address at the server that it came from."""
    doc = Document(null=True)
    revision = NumberAttribute(attr_name="rev", null=True)
    """How often `doc` was changed. Whoever changes it demands the revision that was read."""

    @property
    def content(self) -> dict[str, Any]:
        """What is only shown: html, emojis, attachment, card."""
        return self.doc or {}

    @property
    def created_at(self) -> str:
        return created_at(self.id)

    @property
    def recent_key(self) -> str | None:
        """The Idempotency-Key it was sent with, for two minutes: clients know their own message by it."""
        age = time.time() - milliseconds(self.id) / 1000
        return self.idempotency_key if age < KEY_SHOWN_SECONDS else None


def chat_key(owner: str, id: str) -> Key:
    return key(Chat, owner, id)


def message_key(chat: str, id: str) -> Key:
    return key(ChatMessage, chat, id)


def is_unread(message: ChatMessage, chat: Chat) -> bool:
    return bool(message.unread and (chat.read_to is None or message.id > chat.read_to))


# Reading.


def find(owner: str, id: str) -> Chat | None:
    """One of the owner's chats, read ahead or now."""
    return _take([chat_key(owner, id)]).get(Chat, owner, id)


def find_with_owner(owner: str, id: str) -> tuple[Chat | None, Account | None]:
    """Anybody's chat with the account that it belongs to."""
    found = fetch(strong=[chat_key(owner, id), accounts.profile_key(owner)])
    return found.get(Chat, owner, id), accounts.in_found(found, owner)


def find_with_message(owner: str, id: str, message_id: str) -> tuple[Chat | None, ChatMessage | None]:
    """One of the owner's chats with a message in it, read ahead or now."""
    found = _take([chat_key(owner, id), message_key(id, message_id)])
    return found.get(Chat, owner, id), found.get(ChatMessage, id, message_id)


def owner_of(id: str) -> str | None:
    """Whose side of a chat has this id. A chat that was made just now may not be found yet: the index lags."""
    return next((str(chat.owner) for chat in Chat.by_id.query(id, limit=1)), None)


def find_message(chat: str, id: str) -> ChatMessage | None:
    """A copy of a message in anybody's chat."""
    return fetch(strong=[message_key(chat, id)]).get(ChatMessage, chat, id)


def _take(wanted: Sequence[Key]) -> FoundRecords:
    found = ahead.take(wanted)
    return fetch(strong=wanted) if found is None else found


def keys_with(owner: str, partner: str) -> list[Key]:
    """The items that `find_with` reads: they may be read ahead, with the token."""
    return [accounts.profile_key(partner), chat_key(owner, chat_id(owner, partner))]


def find_with(owner: str, partner: str) -> tuple[Account | None, Chat | None]:
    """An account, and the owner's chat with it."""
    found = _take(keys_with(owner, partner))
    return accounts.in_found(found, partner), found.get(Chat, owner, chat_id(owner, partner))


@dataclass(frozen=True)
class ChatSurroundings:
    """What showing chats needs: the partners by id, the last messages by chat."""

    partners: dict[str, Account] = field(default_factory=dict)
    last: dict[str, ChatMessage] = field(default_factory=dict)


def load(chats: Sequence[Chat]) -> ChatSurroundings:
    """All of it in one round. A profile that a cheap read misses is read once more."""
    last = [message_key(chat.id, chat.last) for chat in chats if chat.last]
    people = [accounts.profile_key(chat.partner) for chat in chats]
    found = fetch(strong=last, eventual=people)
    missing = [each for each in people if found.get(*each) is None]
    if missing:
        found = found.joined(fetch(strong=missing))
    return ChatSurroundings({account.id: account for account in found.all(Account)},
                            {message.chat: message for message in found.all(ChatMessage)})


def messages_of(chat: Chat, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[ChatMessage]:
    """One query: messages strictly between two ids, in the order asked."""
    bounds: Any = None
    if above is not None and below is not None:
        if above >= before(below):
            return []
        bounds = ChatMessage.id.between(above + "!", before(below))  # `!` sorts right after the id itself
    elif above is not None:
        bounds = ChatMessage.id > above
    elif below is not None:
        bounds = ChatMessage.id < below
    return list(ChatMessage.query(chat.id, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit))


def find_messages(owner: str, wanted: Iterable[tuple[str, str]]) -> dict[str, ChatMessage]:
    """Messages of the owner's chats by id, in one round. `wanted` holds the partner and the id of each.

    Notifications show them. `unread` is false on those that have been read by now.
    """
    pairs = [(chat_id(owner, partner), id) for partner, id in wanted]
    found = fetch(strong=[each for chat, id in pairs for each in (chat_key(owner, chat), message_key(chat, id))])
    chats = {chat.id: chat for chat in found.all(Chat)}
    messages = [message for message in found.all(ChatMessage) if message.chat in chats]
    for message in messages:
        message.unread = is_unread(message, chats[message.chat])
    return {message.id: message for message in messages}


# Writing.


class ChatGone(Exception):
    """The chat no longer exists."""


class LaterMessage(Overtaken):
    """A message with a later id was written first. The new one must have an id above `newest`."""

    def __init__(self, newest: str) -> None:
        super().__init__(newest)
        self.newest = newest


def make(owner: str, partner: str) -> Chat:
    """The owner's chat with an account, made if there is none. Several requests at once make a single chat."""
    chat = Chat.stub(owner, chat_id(owner, partner))
    update(chat, [*_identity(owner, partner), Chat.updated.set(Chat.updated | new_flake())])
    return chat


def _identity(owner: str, partner: str) -> list[Any]:
    """The attributes that never change once they are written."""
    other = chat_id(partner, owner)
    return [Chat.partner.set(Chat.partner | partner), Chat.partner_chat.set(Chat.partner_chat | other)]


def twins(chat: Chat, doc: dict[str, Any], idempotency_key: str | None, after: str, *,
          alone: bool = False) -> tuple[ChatMessage, ChatMessage | None]:
    """A message by the chat's owner, with its twin for the partner. `alone`: the partner is at another server."""
    own = ChatMessage(chat.id, new_flake(after), author_id=chat.owner, doc=doc, idempotency_key=idempotency_key)
    if chat.is_with_oneself or alone:
        return own, None
    twin = ChatMessage(chat.partner_chat, new_flake(after), author_id=chat.owner, doc=doc, unread=True,
                       twin_chat=own.chat, twin_id=own.id)
    own.twin_chat, own.twin_id = twin.chat, twin.id
    return own, twin


@dataclass(frozen=True)
class NewMessage:
    """A message with all that is written with it.

    `once`: a name for what may be said only once. `uploads`: those that it shows. `jobs`: how it leaves this server.
    """

    message: ChatMessage
    twin: ChatMessage | None = None
    notice: Notice | None = None
    once: str | None = None
    uploads: Sequence[Upload] = ()
    jobs: Sequence[Job] = ()


def send(chat: Chat, said: NewMessage) -> None:
    """Write both messages and update both chats, all or nothing. Raises LaterMessage, ChatGone, UploadsChanged.

    Raises DoneBefore if what may be said only once was said within the last day.
    """
    message, twin = said.message, said.twin
    moved = [Chat.last.set(message.id), Chat.updated.set(message.id), Chat.version.add(1)]
    try:
        with transaction() as write:
            write.put(message)
            write.update(Chat.stub(chat.owner, chat.id), moved,
                         Chat.owner.exists() & (Chat.updated < message.id), label="own", old=True)
            if twin is not None:
                write.put(twin)
                write.update(Chat.stub(chat.partner, chat.partner_chat), arrives(chat, twin),
                             Chat.owner.does_not_exist() | (Chat.updated < twin.id), label="partner's", old=True)
            elif not chat.is_with_oneself and not chat.last:
                note_other_side(write, chat, message.id)
            if said.notice is not None:
                notifications.tell(write, said.notice)
            if said.once is not None:
                letters.done_in(write, said.once)
            for job in said.jobs:
                write.put(job)
            show_in(write, said.uploads, place(MESSAGE, message.chat, message.id))
    except ConditionFailed as failed:
        if letters.DONE_BEFORE in failed.labels:
            raise letters.DoneBefore from failed
        if "own" in failed.labels and "own" not in failed.old:
            raise ChatGone from failed
        if CHANGED in failed.labels:
            raise UploadsChanged from failed
        raise later(failed, message) from failed


def later(failed: ConditionFailed, message: ChatMessage) -> LaterMessage:
    latest = [item["upd"]["S"] for item in failed.old.values() if "upd" in item]
    return LaterMessage(max(latest, default=message.id))


def note_other_side(write: Writes, chat: Chat, at: str) -> None:
    """The row of a partner at another server, without messages."""
    write.update(Chat.stub(chat.partner, chat.partner_chat),
                 [*_identity(chat.partner, chat.owner), Chat.updated.set(Chat.updated | at)])


def side_of(owner: str, partner: str) -> Chat:
    """The side of a chat that an account has, whether it is written or not."""
    return Chat(owner, chat_id(owner, partner), partner=partner, partner_chat=chat_id(partner, owner))


def other_side(chat: Chat) -> Chat:
    return side_of(chat.partner, chat.owner)


def arrives(chat: Chat, twin: ChatMessage) -> list[Any]:
    """What a message changes in its recipient's chat. The first message makes that chat."""
    return [*_identity(chat.partner, chat.owner), Chat.last.set(twin.id), Chat.updated.set(twin.id),
            Chat.unread.add(1), Chat.version.add(1)]


def unchanged(chat: Chat) -> Any:
    same = Chat.version == chat.version if chat.version else Chat.version.does_not_exist()
    return Chat.owner.exists() & same


def read_up_to(chat: Chat, id: str) -> Chat:
    """Mark every message up to and including an id as read. Answers the changed chat. Raises Overtaken."""
    up_to = min(id, chat.updated)
    if not chat.unread or (chat.read_to is not None and up_to <= chat.read_to):
        return chat
    left = 0 if up_to == chat.updated else _count_unread(chat.id, up_to)
    record = Chat.stub(chat.owner, chat.id)
    actions = [Chat.read_to.set(up_to), Chat.unread.set(left), Chat.version.add(1)]
    if not update(record, actions, unchanged(chat)):
        raise Overtaken
    return record


def _count_unread(chat: str, above: str) -> int:
    """Exact within four megabytes of messages. Beyond that, reading to the end corrects the count."""
    return count(ChatMessage, chat, ChatMessage.id > above, ChatMessage.unread.exists())


def read_one(chat: Chat, message: ChatMessage) -> None:
    """Mark an unread message as read. Raises Overtaken."""
    try:
        with transaction() as write:
            unread = ChatMessage.unread.exists()
            write.update(ChatMessage.stub(chat.id, message.id), [ChatMessage.unread.remove()], unread)
            write.update(Chat.stub(chat.owner, chat.id), [Chat.unread.add(-1), Chat.version.add(1)], unchanged(chat))
    except ConditionFailed as failed:
        raise Overtaken from failed
