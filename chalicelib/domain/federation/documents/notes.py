"""Notes: statuses as other servers see them. One with a poll is a Question. A deleted one leaves a Tombstone."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ....ids import iso
from ....settings import settings
from ....store.accounts.accounts import Account
from ....store.statuses.statuses import Status
from ... import documents
from ...quotes.links import content_of
from .. import addresses
from . import quotes
from .actors import emojis
from .audience import NO_OTHERS, Others, audience
from .context import Document

MOST_BYTES = 50_000
"""Some servers refuse larger documents. Then what the text was written in, and its language, are left out: few servers
show them."""


def note(status: Status, author: Account, others: Others = NO_OTHERS, *, own_replies: Sequence[str] = ()) -> Document:
    """The whole status. `own_replies`: the uris of some that its author wrote below it."""
    content = status.content
    mentioned: dict[str, str] = {each[0]: each[1] for each in content.get("mentions", ())}
    people = [others.account(id, mentioned[id]) for id in status.addressed if id in mentioned]
    people += content.get("to_uris") or ()
    to, cc = audience(status.visibility, author, people)
    thread = _thread(status, others)
    found: Document = {
        "id": status.uri, "type": "Note", "attributedTo": author.uri, "actor": author.uri,
        "published": status.created_at, "to": to, "cc": cc, "content": content_of(status),
        "source": {"content": status.source, "mediaType": content.get("content_type", "text/plain")},
        "sensitive": bool(status.sensitive), "url": status.url, "context": thread, "conversation": thread,
        "tag": [*(_mention(acct, others.account(id, acct)) for id, acct in mentioned.items()),
                *map(_hashtag, content.get("tags", ())), *emojis(content.get("emojis")), *quotes.link(status)],
        "attachment": [attachment(each) for each in content.get("attachments", ())],
        "replies": replies(status.uri, own_replies),
        "interactionPolicy": quotes.policy(status, author), **quotes.quoting(status),
    }
    if content.get("edited_at"):
        found["updated"] = status.edited_at
    if content.get("language"):
        found["contentMap"] = {content["language"]: found["content"]}
    if content.get("spoiler"):
        found["summary"] = content["spoiler"]
    if status.parent_id:
        found["inReplyTo"] = others.status(status.parent_id)
    if content.get("poll"):
        found |= _question(content["poll"], status)
    return _fitted(found)


def _thread(status: Status, others: Others) -> str:
    """The address of the thread. Replies in a thread of another server name it as that does, however deep they are."""
    parent = others.statuses.get(status.parent_id or "")
    theirs = status.content.get("context") or (parent.content.get("context") if parent is not None else None)
    return theirs or addresses.of_thread(status.thread)


def tombstone(uri: str, former: str) -> Document:
    """What is left of a deleted status. `former`: which type it had."""
    return {"id": uri, "type": "Tombstone", "formerType": former}


def replies_of(uri: str) -> str:
    """The address of the collection of what answers a status."""
    return f"{uri}/replies"


def replies(uri: str, own: Sequence[str]) -> Document:
    """The collection of what answers a status, with some of it by the author."""
    id = replies_of(uri)
    page = {"type": "CollectionPage", "partOf": id, "next": f"{id}?page=true", "items": list(own)}
    return {"type": "Collection", "id": id, "first": page}


def _question(poll: Mapping[str, Any], status: Status) -> Document:
    """What a poll adds. `closed` is there only once the poll is over: some take any `closed` for that."""
    none = [0] * len(poll["options"])
    counts = none if poll.get("hide_totals") and poll["ends"] > time.time() else status.poll_counts or none
    options = [{"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": int(count)}}
               for title, count in zip(poll["options"], counts, strict=True)]
    found = {"type": "Question", "anyOf" if poll["multiple"] else "oneOf": options, "endTime": iso(poll["ends"]),
             "votersCount": int(status.voters_count)}
    return found | ({"closed": iso(poll["ends"])} if poll["ends"] <= time.time() else {})


def _fitted(found: Document) -> Document:
    if documents.size(found) > MOST_BYTES:
        del found["source"]
        found.pop("contentMap", None)
    return found


def attachment(kept: Mapping[str, Any]) -> Document:
    meta = kept.get("meta") or {}
    size, focus = meta.get("original") or {}, meta.get("focus") or {}
    known = {"name": kept["description"], "blurhash": kept.get("blurhash"), "width": size.get("width"),
             "height": size.get("height"), "focalPoint": [focus["x"], focus["y"]] if focus else None}
    shown = {"type": "Document", "mediaType": kept["mime"], "url": f"{settings.base_url}/media/{kept['object']}"}
    return shown | {name: value for name, value in known.items() if value}


def _mention(acct: str, uri: str) -> Document:
    """A mention. The name always has its host, for people of this server too: others link by it."""
    return {"type": "Mention", "href": uri, "name": f"@{acct}" if "@" in acct else f"@{acct}@{settings.host}"}


def _hashtag(name: str) -> Document:
    return {"type": "Hashtag", "href": addresses.of_tag(quote(name)), "name": f"#{name}"}
