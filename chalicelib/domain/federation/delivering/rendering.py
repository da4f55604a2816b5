"""What is sent, made anew for each try from the tables as they are then.

A status that was deleted meanwhile is not created any more, a favourite that was taken back is not sent, and an edited
status goes as it is now. Only what undoes something, and a Delete, rests on what the message says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ....ids import chat_id, created_at
from ....outside import Signer
from ....settings import settings
from ....store import chats
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import delivering as store
from ....store.federation.delivering import Concerned, Needs
from ....store.quotes.quotes import PENDING
from ....store.relationships.relations import ACCEPTED
from ....store.staff import reports
from ....store.statuses import scrobbles, statuses
from ....store.statuses.statuses import Status
from .. import addresses, keys, server_actor
from ..documents import actors, messages, quotes
from ..documents.activities import announcement, creation, reacting, vote
from ..documents.actors import actor, featured_of
from ..documents.audience import Others, audience, followers_of
from ..documents.context import EVERYBODY, Document, whole
from ..documents.notes import note, tombstone
from . import activities
from .activities import Dispatch
from .gathering import may_speak


@dataclass(frozen=True)
class Envelope:
    """The bytes that are sent, and what signs them. `for_everybody`: it says that it is for everybody."""

    body: bytes
    signer: Signer
    for_everybody: bool = False


def render(wanted: Dispatch) -> Envelope | None:
    """What is to be sent now. None: nothing any more. Raises vault.NoKey."""
    if wanted.activity == activities.FLAG:
        return _report(wanted) if settings.federating else None
    related = wanted.activity in (activities.FOLLOW, activities.ACCEPT, activities.BLOCK)
    found = store.load(Needs(wanted.account_id, wanted.other_id, wanted.status_id,
                              mark=wanted.activity in activities.MARKS, relation=related), to_sign=True)
    if not settings.federating or found is None:
        return None
    ends = wanted.activity == activities.DELETE and wanted.is_about_sender
    if not ends and not may_speak(found.account):
        return None
    document = _document(wanted, found)
    if document is None:
        return None
    body = _bytes_of(document)
    audience = [*document.get("to", ()), *document.get("cc", ())]
    return Envelope(body, _signer(wanted, found, body), EVERYBODY in audience)


def _bytes_of(document: Document) -> bytes:
    return json.dumps(whole(document), ensure_ascii=False, separators=(",", ":")).encode()


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
    if wanted.activity == activities.MOVE:
        return _activity("Move", wanted.cause, account, to=[followers_of(account)], object=account.uri,
                         target=wanted.said)
    if wanted.is_about_sender:
        public_pem = keys.pair_of(account, found.keys).public_pem
        is_server = server_actor.is_server_actor(account)
        return _update(wanted, account, actors.server_actor(public_pem) if is_server else actor(account, public_pem))
    if wanted.activity == activities.LISTEN:
        return _scrobble(wanted, account)
    if wanted.activity in (activities.ADD, activities.REMOVE):
        return _pin(wanted, account)
    if wanted.activity in activities.OF_STATUSES:
        return None if found.status is None else _of_status(wanted, account, found.status)
    if wanted.activity == activities.UNDO_ANNOUNCE:
        return _undone(wanted, account, found.other)
    if found.other is None:
        return None
    return _FOR_ONE[wanted.activity](wanted, account, found.other, found)


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
    audience = _for_list(wanted) if status.list_id is not None else {}
    if wanted.activity == activities.CREATE:
        created = creation(status, account, others)
        return created | audience | {"object": created["object"] | audience}
    document = note(status, account, others) | audience
    if wanted.activity in (activities.TALLY, activities.QUIET_UPDATE):
        return _tally(wanted, account, document)
    # It tells an edit from new tallies of a poll. Whatever is the cause, it is later than all before.
    document["updated"] = max(created_at(wanted.cause), status.edited_at or "")
    return _update(wanted, account, document, to=document["to"], cc=document["cc"])


def _tally(wanted: Dispatch, account: Account, question: Document) -> Document:
    """The counts of a poll: the same as an edit, but without a date."""
    return {"id": f"{question['id']}#votes/{wanted.cause}", "type": "Update", "actor": account.uri,
            "to": question["to"], "cc": question["cc"], "object": question}


def _for_list(wanted: Dispatch) -> Document:
    """The audience in the copy for one server. It names nobody of another one."""
    return {"to": [], "cc": [each.uri for each in accounts.find_many(wanted.said.split()).values()]}


def _others(status: Status) -> Others:
    """Who and what of other servers the status names."""
    people = [each[0] for each in status.content.get("mentions", ()) if "@" in each[1]]
    parents = [status.parent_id] if status.parent_id else []
    known: Mapping[str, Account] = accounts.find_many({*people, *status.addressed}) if people or parents else {}
    there = {id: each for id, each in known.items() if each.host is not None}
    return Others(there, statuses.find_many(parents) if parents else {})


def _update(wanted: Dispatch, account: Account, document: Document, **audience: object) -> Document:
    addressed = audience or {"to": [EVERYBODY], "cc": [followers_of(account)]}
    uri = document["id"] if wanted.is_about_sender else account.uri
    id = f"{uri}#updates/{wanted.cause}" if not audience else addresses.of_activity(wanted.cause)
    return {"id": id, "type": "Update", "actor": uri, **addressed,
            "object": {name: value for name, value in document.items() if name != "@context"}}


def _deletion(wanted: Dispatch, account: Account) -> Document:
    if wanted.is_about_sender:
        return _activity("Delete", wanted.cause, account, to=[EVERYBODY], object=account.uri)
    gone = tombstone(addresses.of_object(wanted.subject), wanted.said or "Note")
    return {"id": f"{gone['id']}#delete", "type": "Delete", "actor": account.uri, "to": [EVERYBODY],
            "cc": [followers_of(account)], "object": gone}


def _pin(wanted: Dispatch, account: Account) -> Document | None:
    """A pin that was taken back meanwhile is not sent, and neither is the end of one that is there again."""
    if (wanted.subject in (account.pins or ())) != (wanted.activity == activities.ADD):
        return None
    return _activity(wanted.activity, wanted.cause, account, to=[EVERYBODY], cc=[followers_of(account)],
                     object=addresses.of_object(wanted.subject), target=featured_of(account))


def _scrobble(wanted: Dispatch, account: Account) -> Document | None:
    row = scrobbles.find(wanted.subject, account.id)
    if row is None:
        return None
    to, cc = audience(wanted.said, account, [])
    shared = {"actor": account.uri, "published": created_at(row.id), "to": to, "cc": cc}
    told = {name: value for name, value in row.doc.items() if value not in ("", None)}
    return {"id": addresses.of_activity(row.id), "type": "Listen", **shared,
            "object": {"id": addresses.of_object(row.id), "type": "Audio", "attributedTo": account.uri, **shared,
                       **told}}


# Reports.


def _report(wanted: Dispatch) -> Envelope | None:
    """A report in the name of the server. It names the account and its statuses, not who reports them."""
    report, account = reports.find(wanted.subject), server_actor.account()
    reported = accounts.find(wanted.other_id)
    if report is None or reported is None:
        return None
    about = statuses.find_many(list(report.status_ids or ()))
    flag = {"id": addresses.of_activity(wanted.cause), "type": "Flag", "actor": addresses.of_server_actor(),
            "to": [reported.uri], "content": report.content.get("comment", ""),
            "object": [reported.uri, *(about[id].uri for id in report.status_ids or () if id in about)]}
    body = _bytes_of(flag)
    return Envelope(body, keys.signer_for(account, body))


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


def _emoji_react(wanted: Dispatch, account: Account, other: Account, found: Concerned) -> Document | None:
    if wanted.activity == activities.UNDO_EMOJI_REACT:
        uri, emoji, picture = wanted.said.split("\n")
        return _undo(_activity(activities.EMOJI_REACT, wanted.cause, account, to=[other.uri], object=uri,
                               **reacting(emoji, picture)))
    mark = found.mark
    reactions = dict((mark.reactions if mark is not None else None) or {})
    added = next((emoji for emoji, flake in reactions.items() if flake == wanted.cause), None)
    if found.status is None or mark is None or added is None:
        return None
    return _activity(activities.EMOJI_REACT, wanted.cause, account, to=[other.uri], object=found.status.uri,
                     **reacting(added, (mark.reaction_pictures or {}).get(added)))


def _vote(wanted: Dispatch, account: Account, other: Account, found: Concerned) -> Document | None:
    return None if found.status is None else vote(wanted.cause, wanted.said, found.status.uri, account, other)


# Quotes.


def _quote_request(wanted: Dispatch, account: Account, other: Account, found: Concerned) -> Document | None:
    """Asks whether a status may be quoted. The quote is in it, so that nobody has to ask for that."""
    status = found.status
    if status is None or status.quote_state != PENDING:
        return None
    return _activity(quotes.REQUEST, wanted.cause, account, to=[other.uri], object=status.content["quote_uri"],
                     instrument=note(status, account, _others(status)))


def _quote_answer(wanted: Dispatch, account: Account, other: Account, _: Concerned) -> Document | None:
    request, quoted, instrument = wanted.said.split("\n")
    type = "Accept" if wanted.activity == activities.ALLOW_QUOTE else "Reject"
    answer = _activity(type, wanted.cause, account, to=[other.uri], object={
        "type": quotes.REQUEST, "id": request, "actor": other.uri, "object": quoted, "instrument": instrument})
    if wanted.activity == activities.ALLOW_QUOTE:
        answer["result"] = quotes.address_of(quoted, wanted.cause)
    return answer


def _end_of_stamp(wanted: Dispatch, account: Account, other: Account, _: Concerned) -> Document | None:
    return {"id": f"{wanted.said}#delete", "type": "Delete", "actor": account.uri, "to": [other.uri],
            "object": wanted.said}


def _undo(undone: Document) -> Document:
    return {"id": f"{undone['id']}#undo", "type": "Undo", "actor": undone["actor"], "to": undone["to"],
            "object": undone}


# Blocks and follows.


def _block(wanted: Dispatch, account: Account, other: Account, found: Concerned) -> Document | None:
    block = _activity("Block", wanted.cause, account, to=[other.uri], object=other.uri)
    if wanted.activity == activities.UNDO_BLOCK:
        return _undo(block)
    return block if found.relation is not None and found.relation.block_id == wanted.cause else None


def _follow(wanted: Dispatch, account: Account, other: Account, found: Concerned) -> Document | None:
    relation = found.relation
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


# Chats.


def _message(wanted: Dispatch, account: Account, other: Account, _: Concerned) -> Document | None:
    said = chats.find_message(chat_id(account.id, other.id), wanted.subject)
    return None if said is None else messages.creation(said, account, other)


def _end_of_message(wanted: Dispatch, account: Account, other: Account, _: Concerned) -> Document | None:
    return messages.deletion(wanted.subject, account, other)


_FOR_ONE: Mapping[str, Callable[[Dispatch, Account, Account, Concerned], Document | None]] = {
    activities.LIKE: _like, activities.UNDO_LIKE: _like,
    activities.EMOJI_REACT: _emoji_react, activities.UNDO_EMOJI_REACT: _emoji_react,
    activities.VOTE: _vote,
    activities.FOLLOW: _follow, activities.UNDO_FOLLOW: _follow,
    activities.ACCEPT: _follow, activities.REJECT: _follow,
    activities.BLOCK: _block, activities.UNDO_BLOCK: _block,
    activities.ASK_TO_QUOTE: _quote_request, activities.TAKE_STAMP_BACK: _end_of_stamp,
    activities.ALLOW_QUOTE: _quote_answer, activities.REFUSE_QUOTE: _quote_answer,
    activities.MESSAGE: _message, activities.DELETE_MESSAGE: _end_of_message,
}
"""What renders an activity that one account gets."""
