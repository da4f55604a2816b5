"""Statuses: what was written, and reblogs of it.

Keys, counters and what conditions ask about are attributes. Text and all else that is only shown is one JSON `doc`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...ids import created_at, iso, uuid_of
from ...settings import settings
from ..dynamo import ahead, walking
from ..dynamo.attributes import (
    BooleanAttribute,
    Document,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from ..dynamo.keys import Item, Key, key
from ..dynamo.table import Record, Table, Writes, fetch, named, update
from ..dynamo.walking import Walked
from .visibilities import VisibilityAttribute, list_in


class Status(Record):
    """Asked: by id (get, batch get). Everything else is asked of the feeds, which hold its id."""

    class Meta(Table):
        table_name = named("statuses")

    ENDS = True
    ABSENT = {
        "favourites_count": 0, "reblogs_count": 0, "replies_count": 0, "quotes_count": 0, "voters_count": 0,
        "sensitive": False, "deleted": False, "counted": False, "more_reactions": False, "revision": 0, "edits": 0,
        "poll_edition": 0,
    }
    id = UnicodeAttribute(hash_key=True)
    account_id = UnicodeAttribute(attr_name="author")
    visibility = VisibilityAttribute(attr_name="v")
    thread = UnicodeAttribute()
    parent_id = UnicodeAttribute(attr_name="parent", null=True)
    parent_account_id = UnicodeAttribute(attr_name="pw", null=True)
    parent_visibility = VisibilityAttribute(attr_name="pv", null=True)
    parent_to = Document(attr_name="pto", null=True)
    reblog_of = UnicodeAttribute(null=True)
    reblog_of_account_id = UnicodeAttribute(attr_name="ow", null=True)
    quote_of = UnicodeAttribute(attr_name="q", null=True)
    """The status that it quotes. Of a reblog: the one that its original quotes."""
    quote_of_account_id = UnicodeAttribute(attr_name="qw", null=True)
    quote_state = UnicodeAttribute(attr_name="qs", null=True)
    """What keeps the quote from being shown (`quotes`). None: it is accepted."""
    quote_stamp = UnicodeAttribute(attr_name="qst", null=True)
    """The uri by which the author of another server allows the quote."""
    stamped = BooleanAttribute(attr_name="qsd", null=True)
    """Others have been allowed to quote it (`stamps`)."""
    quotes_count = NumberAttribute(attr_name="quo_n", null=True)
    quote_policy = UnicodeAttribute(attr_name="qp", null=True)
    """Who may quote it, if the author has said so."""
    to: ListAttribute = ListAttribute(null=True)
    favourites_count = NumberAttribute(attr_name="fav_n", null=True)
    reblogs_count = NumberAttribute(attr_name="reb_n", null=True)
    replies_count = NumberAttribute(attr_name="rep_n", null=True)
    reactions: MapAttribute[Any, Any] = MapAttribute(attr_name="rx", null=True)
    reactors = UnicodeSetAttribute(attr_name="rx_who", null=True)
    more_reactions = BooleanAttribute(attr_name="rx_more", null=True)
    poll_counts = ListAttribute(attr_name="pc", null=True)
    tallied = NumberAttribute(attr_name="pt", null=True)
    """When the counts of a poll of another server were fetched last."""
    voters_count = NumberAttribute(attr_name="pvn", null=True)
    own_votes = ListAttribute(attr_name="pco", null=True)
    """How many of the counts of a poll of another server are votes of people here."""
    sensitive = BooleanAttribute(attr_name="sens", null=True)
    expires = NumberAttribute(null=True)
    counted = BooleanAttribute(attr_name="cnt", null=True)
    """Whether the server's number of statuses includes it: only what is open to everybody does."""
    in_statistics = BooleanAttribute(attr_name="st", null=True)
    """Whether the statistics by visibility include it. False: not any more. None: it is older than they are."""
    deleted = BooleanAttribute(attr_name="del", null=True)
    stems: ListAttribute = ListAttribute(attr_name="sx", null=True)
    shard = NumberAttribute(attr_name="sh", null=True)
    foreign_uri = UnicodeAttribute(attr_name="uri", null=True)
    host = UnicodeAttribute(null=True)
    """The host of a status of another server. None: it was written here."""
    fetched = BooleanAttribute(null=True)
    """It was asked for, or came late: it is on no timeline but those of the author and the thread."""
    poll_told = UnicodeAttribute(attr_name="pend", null=True)
    """The cause of the notifications that its poll is over, once they are made."""
    federated = BooleanAttribute(attr_name="fed", null=True)
    """It was sent to other servers, so they have to hear of what becomes of it."""
    ttl = NumberAttribute(null=True)
    """When one of another server is forgotten. None: never, for somebody here has to do with it (`keeping`)."""
    doc = Document(null=True)
    revision = NumberAttribute(attr_name="rev", null=True)
    """How often `doc` was changed. Whoever changes it demands the revision that was read."""
    edits = NumberAttribute(attr_name="ed", null=True)
    """How often its author edited it. So many earlier versions of it are kept (`versions`)."""
    poll_edition = NumberAttribute(attr_name="pe", null=True)
    """As `edition_of`, for the condition of a vote. None: the first."""

    @property
    def list_id(self) -> str | None:
        """The author's list that the status is for, if it is for one."""
        return list_in(self.visibility)

    @property
    def content(self) -> dict[str, Any]:
        """The body: text, html, plain, spoiler, mentions, tags, attachments, emojis, card."""
        return self.doc or {}

    @property
    def source(self) -> str:
        """What was typed. It is stored only where it differs from the plain text."""
        return str(self.content.get("text", self.content.get("plain", "")))

    @property
    def context(self) -> str:
        """The address of the thread."""
        return str(self.content.get("context") or f"{settings.base_url}/contexts/{uuid_of(self.thread)}")

    @property
    def content_type(self) -> str:
        """What the source is written in."""
        return str(self.content.get("content_type", "text/plain"))

    @property
    def texts(self) -> list[str]:
        """All that readers read of it: subject, text, options of the poll, descriptions of the attachments."""
        content = self.content
        options = content["poll"]["options"] if "poll" in content else ()
        return [content.get("spoiler", ""), content.get("plain", ""), *options,
                *(each["description"] for each in content.get("attachments", ()))]

    @property
    def addressed(self) -> list[str]:
        return self.to or []

    @property
    def is_quote(self) -> bool:
        """Whether it counts as a quote of the other status: it is accepted, and no reblog of one."""
        return self.quote_of is not None and self.quote_state is None and not self.reblog_of

    @property
    def uri(self) -> str:
        return self.foreign_uri or uri_of(self.id)

    @property
    def url(self) -> str:
        return str(self.content.get("url") or self.foreign_uri or f"{settings.base_url}/notice/{self.id}")

    @property
    def created_at(self) -> str:
        published = self.content.get("published") if self.host else None
        return created_at(self.id) if published is None else iso(published)

    @property
    def edited_at(self) -> str | None:
        """When its author edited it last."""
        edited = self.content.get("edited_at")
        return None if edited is None else iso(edited)

    @property
    def said_at(self) -> str:
        """When what it says now was written."""
        return self.edited_at or self.created_at


def uri_of(status_id: str) -> str:
    """The uri of a status or reblog, which its id alone gives."""
    return f"{settings.base_url}/objects/{uuid_of(status_id)}"


def status_key(status_id: str) -> Key:
    return key(Status, status_id)


def find(status_id: str) -> Status | None:
    """A status that exists and is not deleted."""
    wanted = [status_key(status_id)]
    status = (ahead.take(wanted) or fetch(strong=wanted)).get(Status, status_id)
    return None if status is None or status.deleted else status


def walk(after: Item | None) -> Walked[Status]:
    """A page of all statuses, for `backfill`. `after`: where the page before ended."""
    return walking.walk(Status, after)


def note_stems(status: Status, stems: list[str] | None) -> bool:
    """Let a status know by which stems it is found. False if it is gone, or knows other ones than were read."""
    known = Status.stems == status.stems if status.stems else Status.stems.does_not_exist()
    action = Status.stems.set(stems) if stems else Status.stems.remove()
    return update(Status.stub(status.id), [action], Status.id.exists() & Status.deleted.does_not_exist() & known)


def find_even_deleted(status_id: str) -> Status | None:
    """A status, or the rest of a deleted one, which exists until the cascade is done."""
    return fetch(strong=[status_key(status_id)]).get(Status, status_id)


def find_tombstone(status_id: str) -> Status | None:
    """The rest of a deleted status."""
    status = find_even_deleted(status_id)
    return status if status is not None and status.deleted else None


def find_many(status_ids: Iterable[str]) -> dict[str, Status]:
    """The statuses that exist, by id, in one round."""
    found = fetch(eventual=[status_key(status_id) for status_id in status_ids])
    return {status.id: status for status in found.all(Status) if not status.deleted}


def find_all(status_ids: Iterable[str]) -> dict[str, Status]:
    """As `find_many`, but missing statuses are read once more, strongly, so that nothing written is overlooked."""
    wanted = list(dict.fromkeys(status_ids))
    found = fetch(eventual=map(status_key, wanted))
    missing = [id for id in wanted if found.get(Status, id) is None]
    if missing:
        found = found.joined(fetch(strong=map(status_key, missing)))
    return {status.id: status for status in found.all(Status) if not status.deleted}


def rewrite_in(write: Writes, status: Status, document: dict[str, Any]) -> None:
    """Change the document within a transaction, which fails if the status is no longer as it was read."""
    write.update(Status.stub(status.id), rewritten(document), unchanged(status))


def edition_of(status: Status) -> int:
    """Which edition of its options a poll has. Votes for an earlier one do not count any more."""
    return edition_in(status.content)


def edition_in(document: Mapping[str, Any]) -> int:
    """The edition of the poll in a document. Without a poll: of the last one that it had."""
    poll = document.get("poll")
    return int((poll or {}).get("edition", 0) if poll is not None else document.get("past_edition", 0))


def rewritten(document: dict[str, Any]) -> list[Any]:
    """What changes with the document."""
    return [Status.doc.set(document), Status.revision.add(1)]


def unchanged(status: Status) -> Any:
    """The condition that the status exists and has the document that was read."""
    same = Status.revision == status.revision if status.revision else Status.revision.does_not_exist()
    return Status.id.exists() & Status.deleted.does_not_exist() & same
