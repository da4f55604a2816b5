"""Chat messages of accounts elsewhere: each is for one account here."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.accounts.claims import Claim
from ....store.federation import received
from ... import chats, host_policies
from ...chats import SaidElsewhere
from ..reading.message import ForeignMessage, is_message, read_message
from ..reading.values import Document, Unreadable
from . import people
from .activity import Activity, Dropped


def is_one(activity: Activity) -> bool:
    """Whether a Create brings a chat message."""
    return is_message(activity.object)


def take(activity: Activity, by: Account) -> None:
    """Put a message into the chat of its recipient."""
    said = _read(activity, activity.object or {})
    if said.author != by.foreign_uri:
        raise Dropped("written by somebody else")
    if len(said.to) != 1:
        raise Dropped("not for one account")
    recipient = people.local(said.to[0])
    if recipient is None:
        raise Dropped("nobody here is meant")
    if received.is_taken_back(said.uri):
        raise Dropped("deleted before it came")
    document = {name: value for name, value in said.document.items() if name != "attachment" or _may_show(by)}
    if not said.plain and "attachment" not in document:
        raise Dropped("nothing of it is shown")
    chats.receive(SaidElsewhere(said.uri, said.plain, document), recipient.id, people.acting(by))


def _may_show(by: Account) -> bool:
    return not host_policies.covers(host_policies.MEDIA_REMOVAL, by.host)


def _read(activity: Activity, document: Document) -> ForeignMessage:
    try:
        return read_message(document, activity.document.get("to"))
    except Unreadable as fault:
        raise Dropped(str(fault)) from fault


def delete(claim: Claim, by: Account) -> None:
    """Delete a message that is here. Nobody but its author may, and it does not come back."""
    if claim.by != by.id:
        raise Dropped("only its author deletes a message")
    chats.delete_from_afar(claim.id, claim.on or "", people.acting(by))
