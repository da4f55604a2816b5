"""Folders of bookmarks: rows beside the lists of their owner. A mark says which folder its bookmark is in."""

from __future__ import annotations

from collections.abc import Iterable

from ...ids import new_flake
from ..dynamo.attributes import UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Record, Table, create, fetch, named, transaction, update
from ..jobs import Job
from ..relationships.lists import ListRow
from ..statuses import marks
from ..statuses.marks import Mark
from .marked import Marked

MOST_FOLDERS = 100
AT_A_TIME = 8


class BookmarkFolder(Record):
    """`F#`id. Asked: mine · one of mine · whose one is (`by_member`, as `F#`id)."""

    class Meta(Table):
        table_name = named("lists")

    owner = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute(attr_name="title")
    emoji = UnicodeAttribute(null=True)
    member = UnicodeAttribute()
    owner_list = UnicodeAttribute()

    @property
    def id(self) -> str:
        return str(self.k)[2:]


def folder_key(owner: str, id: str) -> Key:
    return key(BookmarkFolder, owner, f"F#{id}")


def find(owner: str, id: str) -> BookmarkFolder | None:
    wanted = folder_key(owner, id)
    return fetch(strong=[wanted]).get(BookmarkFolder, owner, wanted.range)


def is_anybodys(id: str) -> bool:
    """Whether somebody has this folder. The index lags a little."""
    return any(True for _ in ListRow.by_member.query(f"F#{id}", limit=1))


def list_of(owner: str) -> list[BookmarkFolder]:
    """An account's folders, the oldest first."""
    return list(BookmarkFolder.query(owner, BookmarkFolder.k.startswith("F#"), consistent_read=True,
                                     limit=MOST_FOLDERS))


def add(owner: str, name: str, emoji: str | None) -> BookmarkFolder:
    id = new_flake()
    row = BookmarkFolder(owner, f"F#{id}", name=name, emoji=emoji, member=f"F#{id}", owner_list=f"{owner}#{id}")
    create(row)
    return row


def change(row: BookmarkFolder) -> bool:
    """Write name and emoji. False when the folder is gone."""
    emoji = BookmarkFolder.emoji.remove() if row.emoji is None else BookmarkFolder.emoji.set(row.emoji)
    return update(BookmarkFolder.stub(row.owner, row.k), [BookmarkFolder.name.set(row.name), emoji],
                  BookmarkFolder.owner.exists())


def remove(row: BookmarkFolder, jobs: Iterable[Job]) -> bool:
    """Delete a folder, with the work that follows. False when it is gone already."""
    try:
        with transaction() as write:
            write.delete(BookmarkFolder.stub(row.owner, row.k), BookmarkFolder.owner.exists())
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def in_folder(owner: str, rows: list[Marked], folder: str) -> list[Marked]:
    """Those of the bookmarks that are in a folder, in one round."""
    found = marks.find_many(owner, [row.status_id for row in rows]) if rows else {}
    return [row for row in rows if row.status_id in found and found[row.status_id].folder == folder]


def take_out(owner: str, rows: list[Marked], folder: str) -> None:
    """Let these bookmarks be in this folder no more. They stay bookmarks."""
    for start in range(0, len(rows), AT_A_TIME):
        together(*[lambda row=row: update(Mark.stub(owner, row.status_id), [Mark.folder.remove()],
                                          Mark.folder == folder) for row in rows[start:start + AT_A_TIME]])
