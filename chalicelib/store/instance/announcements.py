"""What administrators announce to everybody, and what each account has done with it.

A row of `instance` for each announcement, and of each account that has dismissed or reacted a part of its own. So a
list is one query, and the viewer's part is read with their token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from ..accounts.accounts import Part
from ..dynamo import ahead
from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Record, Table, fetch, named, remove, transaction, update
from .counters import next_number

KIND, MARKS, REACTION = "ann", "NEWS", "r/"


class Announcement(Record):
    """`ann`/number. Reactions are attributes `r/`emoji, each a count. `version` moves when administrators change it.

    Asked: all of them, in the order of their numbers (query) · one (batch get).
    """

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    doc = Document()
    version = NumberAttribute(attr_name="ver")

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        record = super().from_raw_data(data)
        record.reactions = {name.removeprefix(REACTION): int(value["N"]) for name, value in data.items()
                            if name.startswith(REACTION) and int(value["N"]) > 0}
        return record

    reactions: Mapping[str, int]

    @property
    def id(self) -> str:
        return str(int(self.k))


class AnnouncementMarks(Part):
    """Part `NEWS` of an account: the announcements that it has dismissed, and `ID/emoji` for each reaction."""

    class Meta(Table):
        table_name = named("accounts")

    dismissed = UnicodeSetAttribute(null=True)
    reacted = UnicodeSetAttribute(null=True)


def marks_key(account_id: str) -> Key:
    return key(AnnouncementMarks, account_id, MARKS)


def find_marks(account_id: str) -> AnnouncementMarks:
    """What the account has dismissed and how it reacted, read ahead or now."""
    wanted = [marks_key(account_id)]
    found = ahead.take(wanted)
    found = fetch(strong=wanted) if found is None else found
    return found.get(AnnouncementMarks, account_id, MARKS) or AnnouncementMarks.blank(account_id, MARKS)


def list_all() -> list[Announcement]:
    """Every announcement, the oldest first. There are a hundred at most."""
    return list(Announcement.query(KIND, consistent_read=True))


def find(id: str) -> Announcement | None:
    k = _k(id)
    return None if k is None else fetch(strong=[key(Announcement, KIND, k)]).get(Announcement, KIND, k)


def add(doc: dict[str, Any]) -> Announcement:
    made = Announcement(KIND, _k(str(next_number("announcements"))), doc=doc, version=1)
    made.save()
    made.reactions = {}
    return made


def save(before: Announcement, doc: dict[str, Any]) -> bool:
    """Replace what it says. False: another request has changed it meanwhile."""
    version = int(before.version)
    return update(Announcement.stub(KIND, before.k), [
        Announcement.doc.set(doc), Announcement.version.set(version + 1)], Announcement.version == version)


def delete(announcement: Announcement) -> bool:
    """False: it is gone already."""
    return remove(Announcement.stub(KIND, announcement.k), Announcement.kind.exists())


def dismiss(announcement: Announcement, account_id: str) -> None:
    update(AnnouncementMarks.stub(account_id, MARKS), [AnnouncementMarks.dismissed.add({announcement.id})])


def react(announcement: Announcement, name: str, account_id: str) -> bool:
    """Count a reaction once. False: it was there already, or the announcement is gone."""
    mark = f"{announcement.id}/{name}"
    return _count(announcement, name, 1, account_id, AnnouncementMarks.reacted.add({mark}),
                  AnnouncementMarks.reacted.does_not_exist() | ~AnnouncementMarks.reacted.contains(mark))


def take_back(announcement: Announcement, name: str, account_id: str) -> bool:
    """False: there was no such reaction."""
    mark = f"{announcement.id}/{name}"
    return _count(announcement, name, -1, account_id, AnnouncementMarks.reacted.delete({mark}),
                  AnnouncementMarks.reacted.contains(mark))


def _count(announcement: Announcement, name: str, by: int, account_id: str, action: Any, condition: Condition) -> bool:
    try:
        with transaction() as write:
            write.update(AnnouncementMarks.stub(account_id, MARKS), [action], condition)
            write.update(Announcement.stub(KIND, announcement.k), [Path([f"{REACTION}{name}"]).add(by)],
                         Announcement.kind.exists())
    except ConditionFailed:
        return False
    return True


def _k(id: str) -> str | None:
    """Numbers of one length, so that they sort as texts."""
    return f"{int(id):012d}" if id.isascii() and id.isdigit() and len(id) <= 12 else None
