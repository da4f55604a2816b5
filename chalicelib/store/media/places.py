"""Where an upload is shown: statuses, chat messages and scheduled statuses hold a copy of what it says.

The copies spare each page a read. A change of an upload changes them as well, all or nothing. Other things are written
into the same documents. So every document has a revision, and whoever changes it demands the one that was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import chat_documents, chats
from ..chats import ChatMessage
from ..dynamo.keys import Key
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction
from ..statuses import scheduled, statuses
from ..statuses.scheduled import Scheduled
from ..statuses.statuses import Status
from .uploads import MESSAGE, STATUS, Upload, described, unchanged


@dataclass(frozen=True)
class Showing:
    """Something that shows an upload, and what its document shall be."""

    record: Status | ChatMessage | Scheduled
    document: dict[str, Any]


def find(upload: Upload) -> list[Showing]:
    """The places that the upload knows, as far as they exist. A message brings its twin, in a second round of reads."""
    found = fetch(strong=[_key(upload, each) for each in upload.shown_in or ()])
    messages = chat_documents.with_twins(found.all(ChatMessage))
    return [
        *(Showing(each, each.content) for each in found.all(Status) if not each.deleted),
        *(Showing(each, each.content) for each in messages),
        *(Showing(each, each.params) for each in found.all(Scheduled)),
    ]


def _key(upload: Upload, place: str) -> Key:
    kind, id, *more = place.split("#")
    if kind == STATUS:
        return statuses.status_key(id)
    return chats.message_key(id, *more) if kind == MESSAGE else scheduled.entry_key(upload.owner, id)


def describe(upload: Upload, places: Iterable[Showing]) -> bool:
    """Store what is said of an upload now, also in these places. False when something of it was changed meanwhile."""
    try:
        with transaction() as write:
            write.update(Upload.stub(upload.id), [*described(upload), Upload.version.add(1)], unchanged(upload))
            for each in places:
                _rewrite(write, each)
    except ConditionFailed:
        return False
    return True


def _rewrite(write: Writes, place: Showing) -> None:
    match place.record:
        case Status() as status:
            statuses.rewrite_in(write, status, place.document)
        case ChatMessage() as message:
            chat_documents.rewrite_in(write, message, place.document)
        case Scheduled() as entry:
            scheduled.rewrite_in(write, entry, place.document)
