"""Chat messages of other servers: their recipients have them, and the uri is a claim."""

from __future__ import annotations

from ..accounts.claims import Claim, uri_claim
from ..chats import Chat, ChatMessage, arrives, later, note_other_side, other_side
from ..dynamo.table import ConditionFailed, transaction
from ..notifications import notifications
from ..notifications.notifications import Notice
from .accounts import MESSAGE


class ReceivedBefore(Exception):
    """The message is here, or was here and has been deleted."""


def receive(chat: Chat, message: ChatMessage, notice: Notice | None) -> None:
    """Write a message of another server in the chat of its recipient. `chat`: the author's side.

    Raises LaterMessage and ReceivedBefore.
    """
    claim = Claim(uri_claim(message.uri).hash, id=message.id, kind=MESSAGE, by=chat.owner, on=chat.partner)
    own = Chat.stub(chat.partner, chat.partner_chat)
    try:
        with transaction() as write:
            write.put(claim, Claim.key.does_not_exist(), label="claim")
            write.put(message)
            write.update(own, arrives(chat, message),
                         Chat.owner.does_not_exist() | (Chat.updated < message.id), label="own", old=True)
            note_other_side(write, other_side(chat), message.id)
            if notice is not None:
                notifications.tell(write, notice)
    except ConditionFailed as failed:
        if "claim" in failed.labels:
            raise ReceivedBefore from failed
        raise later(failed, message) from failed
