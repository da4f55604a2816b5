"""An activity as it came: what it is, who sends it, and what it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from ....store.dynamo.keys import Key
from ....store.federation import received
from ....store.federation.foreseeing import NamedThings
from .. import addresses, foreign_json
from ..reading import values
from ..reading.status import quoted_in
from ..reading.values import PUBLIC, Document

MOST_NAMED = 50
WITHOUT_ID = frozenset({"Flag", "Add", "Remove"})
"""Some servers send these without an id."""
TYPES = frozenset({
    "Follow", "Accept", "Reject", "Undo", "Create", "Like", "EmojiReact", "Announce", "Delete", "Update", "Add",
    "Remove", "Block", "Flag", "Move", "Listen", "QuoteRequest",
})
"""Those that do something here. All others are taken, and nothing is done."""


CLAIMED = frozenset({"Like", "EmojiReact", "Block"})
"""Of these a claim of their address tells that they were done. It is the last that is written."""
REPEATED = frozenset({"Follow"})
"""These are done whenever they come: who asks again has not heard the answer, or was a follower meanwhile no more."""


class NotAnActivity(ValueError):
    """It is no activity that anybody could have sent."""


class Dropped(Exception):
    """Nothing is done with an activity. The text says why, in a few words, for the log."""


@dataclass(frozen=True)
class Activity:
    """`actor`: whose it says to be. `digest`: of the bytes, for those without an id."""

    type: str
    actor: str
    id: str | None
    document: Document
    digest: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """By which a second delivery is known."""
        return self.id or f"{self.actor} {self.type} {self.object_id} {self.digest}"

    @property
    def done(self) -> Key | None:
        """What is there once it was done. None: it may be done again."""
        if self.type in REPEATED:
            return None
        return received.done_key(self.name, is_claimed=self.type in CLAIMED and self.id is not None)

    @property
    def done_seconds(self) -> int:
        """How long it is known to be done."""
        ends_follow = self.type == "Undo" and self.object is not None and self.object.get("type") == "Follow"
        return received.UNFOLLOWED_SECONDS if ends_follow else received.DONE_SECONDS

    @property
    def deed(self) -> str:
        """Who does what to whom: the same for all activities that say so."""
        return deed(self.actor, self.type, self.object_id)

    @property
    def object_id(self) -> str | None:
        return values.id_of(self.document.get("object"))

    @property
    def object(self) -> Document | None:
        """The object, if it was sent as a whole."""
        first = next(iter(values.as_list(self.document.get("object"))), None)
        return first if isinstance(first, Mapping) else None

    @property
    def is_about_itself(self) -> bool:
        """Whether an account says something of the account itself."""
        return self.object_id == self.actor

    @property
    def addressed(self) -> list[str]:
        """All addresses that it, or its object, is for, and those that its object mentions."""
        found: list[str] = []
        for each in (self.document, self.object or {}):
            for name in ("to", "cc", "bto", "bcc", "audience"):
                found += values.ids_of(each.get(name))
        tags = values.maps((self.object or {}).get("tag"))
        found += [href for tag in tags if "Mention" in values.as_list(tag.get("type"))
                  and isinstance(href := tag.get("href"), str)]
        return [each for each in dict.fromkeys(found) if each not in PUBLIC]


def deed(actor: str, type: str, object_id: str | None) -> str:
    return f"{actor} {type} {object_id}"


def read(body: bytes) -> Activity:
    """The activity in these bytes. Raises NotAnActivity."""
    try:
        document = foreign_json.read(body)
    except foreign_json.NotADocument:
        raise NotAnActivity from None
    return of(document, digest_of(body))


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def of(document: Document, digest: str = "") -> Activity:
    """The activity that a document is. Raises NotAnActivity."""
    types = [each for each in values.as_list(document.get("type")) if isinstance(each, str) and each]
    actor, id = values.id_of(document.get("actor")), document.get("id")
    if not types or actor is None or not addresses.is_foreign(actor):
        raise NotAnActivity
    if id is not None and not isinstance(id, str):
        raise NotAnActivity
    known = next((each for each in types if each in TYPES), types[0])
    return Activity(known, actor, id or None, document, digest)


def is_of_its_host(activity: Activity) -> bool:
    """Whether the server that sends it may name it so."""
    if activity.id is None:
        return activity.type in WITHOUT_ID
    return addresses.is_foreign(activity.id, fragment=True) and addresses.are_of_one_host(activity.id, activity.actor)


# What it will make us read.


def named_in(activity: Activity) -> NamedThings:
    """What an activity names, as far as it has to be looked up."""
    return NamedThings(_uris(activity), _nicknames(activity), _own_statuses(activity))


def taken_back_as(activity: Activity) -> list[str]:
    """By which it is known that it was taken back before. What a Create brings may have been deleted."""
    return [activity.object_id or ""] if activity.type == "Create" else [activity.name, activity.deed]


def _uris(activity: Activity) -> list[str]:
    """The uris of other servers, with that of the actor."""
    found = [activity.actor, *_objects(activity)]
    if activity.type == "Create":
        found += [each for each in activity.addressed[:MOST_NAMED]
                  if not addresses.is_followers_of(each, activity.actor)]
    return [each for each in dict.fromkeys(found) if addresses.is_foreign(each, fragment=True)]


def _nicknames(activity: Activity) -> list[str]:
    named = [*_objects(activity), *(activity.addressed[:MOST_NAMED] if activity.type == "Create" else ())]
    return [name for each in dict.fromkeys(named) if (name := addresses.account_in(each)) is not None]


def _own_statuses(activity: Activity) -> list[str]:
    return [id for each in dict.fromkeys(_objects(activity)) if (id := addresses.object_in(each)) is not None]


def _objects(activity: Activity) -> list[str]:
    """What it is about: the object, of an Undo or an answer also what that is about, of a status what it answers."""
    inner = activity.object or {}
    about = {"Create": "inReplyTo", "Undo": "object", "Accept": "actor", "Reject": "actor"}.get(activity.type)
    found = [activity.object_id, values.id_of(inner.get(about)) if about is not None else None,
             quoted_in(inner) if activity.type == "Create" else None]
    return [each for each in found if each]
