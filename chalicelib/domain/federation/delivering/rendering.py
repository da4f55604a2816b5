"""What is sent, made anew for each try from the tables as they are then.

A status that was deleted meanwhile is not created any more, a favourite that was taken back is not sent, and an edited
status goes as it is now. Only what undoes something, and a Delete, rests on what the message says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ....ids import created_at
from ....outside import Signer
from ....settings import settings
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import delivering as store
from ....store.federation.delivering import Concerned, Needs
from ....store.relationships.relations import ACCEPTED, Relation
from ....store.statuses import statuses
from ....store.statuses.statuses import Status
from ...visibility import is_active
from .. import addresses, keys
from ..documents.activities import announcement, creation
from ..documents.actors import actor
from ..documents.audience import Others, followers_of
from ..documents.context import EVERYBODY, Document, whole
from ..documents.notes import note, tombstone
from . import activities
from .activities import Dispatch


@dataclass(frozen=True)
class Envelope:
    """The bytes that are sent, and what signs them. `for_everybody`: it says that it is for everybody."""

    body: bytes
    signer: Signer
    for_everybody: bool = False


def render(wanted: Dispatch) -> Envelope | None:
    """What is to be sent now. None: nothing any more. Raises vault.NoKey."""
    follows = wanted.activity in (activities.FOLLOW, activities.ACCEPT)
    found = store.load(Needs(wanted.account_id, wanted.other_id, wanted.status_id,
                              mark=wanted.activity == activities.LIKE, relation=follows), to_sign=True)
    if not settings.federating or found is None:
        return None
    ends = wanted.activity == activities.DELETE and wanted.is_about_sender
    if not ends and not is_active(found.account):
        return None
    document = _document(wanted, found)
    if document is None:
        return None
    body = json.dumps(whole(document), ensure_ascii=False, separators=(",", ":")).encode()
    audience = [*document.get("to", ()), *document.get("cc", ())]
    return Envelope(body, _signer(wanted, found, body), EVERYBODY in audience)


def _signer(wanted: Dispatch, found: Concerned, body: bytes) -> Signer:
    """What signs it. News of another key are signed with the old one, which everybody knows."""
    if wanted.activity == activities.UPDATE and wanted.is_about_sender and found.keys is not None and found.keys.old:
        old = keys.old_signer_for(found.account, body)
        if old is not None:
            return old
    return keys.signer_for(found.account, body, found.keys)


def _document(wanted: Dispatch, found: Concerned) -> Document | None:
    account = found.account
    if wanted.activity == activities.DELETE:
        return _deletion(wanted, account)
    if wanted.is_about_sender:
        return _update(wanted, account, actor(account, keys.pair_of(account, found.keys).public_pem))
    if wanted.activity in activities.OF_STATUSES:
        return None if found.status is None else _of_status(wanted, account, found.status)
    if wanted.activity == activities.UNDO_ANNOUNCE:
        return _undone(wanted, account, found.other)
    if found.other is None:
        return None
    if wanted.activity in (activities.LIKE, activities.UNDO_LIKE):
        return _like(wanted, account, found.other, found)
    return _follow(wanted, account, found.other, found.relation)


def _activity(type: str, flake: str, account: Account, **more: object) -> Document:
    return {"id": addresses.of_activity(flake), "type": type, "actor": account.uri, **more}


# Statuses.


def _of_status(wanted: Dispatch, account: Account, status: Status) -> Document | None:
    if status.account_id != account.id:
        return None
    if status.reblog_of:
        original = statuses.find(status.reblog_of)
        author = accounts.find(original.account_id) if original is not None else None
        if original is None or author is None:
            return None
        return announcement(status.id, status.visibility, original, author, account)
    others = _others(status)
    if wanted.activity == activities.CREATE:
        return creation(status, account, others)
    # `updated` tells an edit from new tallies of a poll.
    document = note(status, account, others) | {"updated": created_at(wanted.cause)}
    return _update(wanted, account, document, to=document["to"], cc=document["cc"])


def _others(status: Status) -> Others:
    """Who and what of other servers the status names."""
    people = [each[0] for each in status.content.get("mentions", ()) if "@" in each[1]]
    parents = [status.parent_id] if status.parent_id else []
    known: Mapping[str, Account] = accounts.find_many({*people, *status.addressed}) if people or parents else {}
    there = {id: each for id, each in known.items() if each.host is not None}
    return Others(there, statuses.find_many(parents) if parents else {})


def _update(wanted: Dispatch, account: Account, document: Document, **audience: object) -> Document:
    addressed = audience or {"to": [EVERYBODY], "cc": [followers_of(account)]}
    id = f"{account.uri}#updates/{wanted.cause}" if not audience else addresses.of_activity(wanted.cause)
    return {"id": id, "type": "Update", "actor": account.uri, **addressed,
            "object": {name: value for name, value in document.items() if name != "@context"}}


def _deletion(wanted: Dispatch, account: Account) -> Document:
    if wanted.is_about_sender:
        return _activity("Delete", wanted.cause, account, to=[EVERYBODY], object=account.uri)
    gone = tombstone(addresses.of_object(wanted.subject), wanted.said or "Note")
    return {"id": f"{gone['id']}#delete", "type": "Delete", "actor": account.uri, "to": [EVERYBODY],
            "cc": [followers_of(account)], "object": gone}


# What is done to statuses of others.


def _undone(wanted: Dispatch, account: Account, author: Account | None) -> Document:
    """Takes a reblog back, which is rebuilt from what the message says."""
    followers = followers_of(account)
    about = {"to": [EVERYBODY], "cc": [followers, *([author.uri] if author is not None else [])]}
    reblog = addresses.of_object(wanted.subject)
    return {"id": f"{reblog}#undo", "type": "Undo", "actor": account.uri, **about,
            "object": {"id": reblog, "type": "Announce", "actor": account.uri,
                       "published": created_at(wanted.subject), **about, "object": wanted.said}}


def _like(wanted: Dispatch, account: Account, other: Account, found: Concerned) -> Document | None:
    if wanted.activity == activities.UNDO_LIKE:
        like = _activity("Like", wanted.cause, account, to=[other.uri], object=wanted.said)
        return _undo(like)
    if found.status is None or found.mark is None or found.mark.favourite != wanted.cause:
        return None
    return _activity("Like", wanted.cause, account, to=[other.uri], object=found.status.uri)


def _undo(undone: Document) -> Document:
    return {"id": f"{undone['id']}#undo", "type": "Undo", "actor": undone["actor"], "to": undone["to"],
            "object": undone}


# Follows.


def _follow(wanted: Dispatch, account: Account, other: Account, relation: Relation | None) -> Document | None:
    if wanted.activity == activities.UNDO_FOLLOW:
        return _undo(_activity("Follow", wanted.said, account, to=[other.uri], object=other.uri))
    if wanted.activity == activities.FOLLOW:
        if relation is None or relation.follow is None or relation.follow_id is None:
            return None
        return _activity("Follow", relation.follow_id, account, to=[other.uri], object=other.uri)
    uri: str | None = wanted.said
    if wanted.activity == activities.ACCEPT:
        uri = relation.followed_uri if relation is not None and relation.followed == ACCEPTED else None
    if not uri:
        return None
    return _activity(wanted.activity, wanted.cause, account, to=[other.uri], object={
        "type": "Follow", "id": uri, "actor": other.uri, "object": account.uri})
