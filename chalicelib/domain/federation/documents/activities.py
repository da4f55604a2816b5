"""Activities: writing a status, passing one on, voting, and with what somebody reacts."""

from __future__ import annotations

import mimetypes
from urllib.parse import urlsplit

from ....ids import created_at
from ....store.accounts.accounts import Account
from ....store.statuses.statuses import Status, uri_of
from ...visibility import is_direct, is_private
from .. import addresses
from .audience import NO_OTHERS, Others, audience
from .context import Document
from .notes import note


def creation(status: Status, author: Account, others: Others = NO_OTHERS) -> Document:
    """The activity of writing a status. It has the flake of the status."""
    written = note(status, author, others)
    shared = {name: written[name] for name in ("actor", "published", "to", "cc", "context")}
    return {"id": addresses.of_activity(status.id), "type": "Create", **shared,
            "directMessage": is_direct(status.visibility), "object": written}


def announcement(id: str, visibility: str, original: Status, author: Account, by: Account) -> Document:
    """The activity of reblogging a status, which is named by its uri. `id`: of the reblog.

    A private status of one's own is included whole, because nobody could look it up. Only archives hold that.
    """
    to, cc = audience(visibility, by, [])
    private = is_private(original.visibility) and original.account_id == by.id
    return {
        "id": uri_of(id), "type": "Announce", "actor": by.uri, "published": created_at(id), "to": to,
        "cc": cc if author.id == by.id else [*cc, author.uri], "context": addresses.of_thread(original.thread),
        "object": note(original, author) if private else original.uri,
    }


def vote(id: str, title: str, question: str, by: Account, author: Account) -> Document:
    """The activity of choosing one option of somebody's poll. What it creates can be asked for by nobody."""
    shared = {"to": [author.uri], "cc": []}
    ballot = {"id": addresses.of_object(id), "type": "Note", "attributedTo": by.uri, **shared, "name": title,
              "inReplyTo": question}
    return {"id": addresses.of_activity(id), "type": "Create", "actor": by.uri, **shared, "object": ballot}


def reacting(emoji: str, picture: str | None) -> Document:
    """With what somebody reacts. A custom emoji has one tag, since some servers refuse more: the one it came with."""
    if not picture:
        return {"content": emoji}
    name = f":{emoji.partition('@')[0]}:"
    media_type = mimetypes.guess_type(urlsplit(picture).path)[0] or "image/png"
    return {"content": name, "tag": [
        {"type": "Emoji", "id": picture, "name": name,
         "icon": {"type": "Image", "mediaType": media_type, "url": picture}}]}
