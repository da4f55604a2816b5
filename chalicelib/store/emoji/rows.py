"""Custom emoji: packs of picture files. The pictures are in the bucket; here is what they are called.

Each emoji has a row of its own. Which rows of a pack count, its *generation* says: many rows that are to appear at
once are written under a new one, which nobody sees until the pack's own row names it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.parallel import together
from ..dynamo.table import Record, Table, Writes, named, transaction, update

SEPARATOR = "\x01"  # sorts below every character a name may have, so files sort as their packs do
AFTER = "\x02"
_CACHE_SECONDS = 2.0


class EmojiRow(Record):
    """`files`/pack, generation (if it has one) and shortcode · `code#`shortcode/pack · `ver`/`v`.

    Asked: every file, by pack (query) · is this shortcode taken (query) · has anything changed (get).
    """

    class Meta(Table):
        table_name = named("emoji")

    ABSENT = {"number": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    path = UnicodeAttribute(null=True)
    type = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    number = NumberAttribute(attr_name="n", null=True)

    @property
    def pack(self) -> str:
        return str(self.k).partition(SEPARATOR)[0]

    @property
    def generation(self) -> str:
        return str(self.k).partition(SEPARATOR)[2].rpartition(SEPARATOR)[0]

    @property
    def shortcode(self) -> str:
        return str(self.k).rpartition(SEPARATOR)[2]


class EmojiPack(Record):
    """`packs`/name: a pack, as long as this row is there. `sha` is the checksum of its archive in `sha_revision`.

    Asked: all, by name (query) · one (get).
    """

    class Meta(Table):
        table_name = named("emoji")

    ABSENT = {"metadata": {}, "files_count": 0, "revision": 0, "generation": "", "sha_revision": -1}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    metadata = Document(null=True)
    files_count = NumberAttribute(attr_name="files_n", null=True)
    revision = NumberAttribute(attr_name="rev", null=True)
    generation = UnicodeAttribute(attr_name="gen", null=True)
    sha = UnicodeAttribute(null=True)
    sha_revision = NumberAttribute(attr_name="sha_rev", null=True)

    @property
    def name(self) -> str:
        return str(self.k)


PACKS, FILES = "packs", "files"


@dataclass(frozen=True)
class CustomEmoji:
    shortcode: str
    pack: str
    path: str


_known: tuple[float, int, dict[str, CustomEmoji]] | None = None
_changes = 0


def every() -> dict[str, CustomEmoji]:
    """All custom emoji by shortcode; of equal shortcodes the pack whose name sorts last.

    Kept in this process for two seconds, then only as long as the version number stands.
    """
    global _known
    now, changes, known = time.monotonic(), _changes, _known
    if known is not None and now - known[0] < _CACHE_SECONDS:
        return known[2]
    version = _version()
    found = known[2] if known is not None and known[1] == version else all_now()
    if changes == _changes:  # else what was read may be older than what this process has changed since
        _known = (now, version, found)
    return found


def all_now() -> dict[str, CustomEmoji]:
    """The same, read anew."""
    packs, rows = together(list_packs, lambda: list(EmojiRow.query(FILES, consistent_read=True)))
    generations = {pack.name: pack.generation for pack in packs}
    found = {row.shortcode: CustomEmoji(row.shortcode, row.pack, row.path) for row in rows
             if generations.get(row.pack) == row.generation}
    return {shortcode: found[shortcode] for shortcode in sorted(found, key=str.encode)}


def list_packs() -> list[EmojiPack]:
    """Every pack, sorted by name bytewise."""
    return list(EmojiPack.query(PACKS, consistent_read=True))


def forget() -> None:
    """Drop what this process remembers."""
    global _known, _changes
    _changes += 1
    _known = None


def were_there() -> bool:
    """Whether there ever were any."""
    return _version() > 0


def _version() -> int:
    row = next(iter(EmojiRow.query("ver", EmojiRow.k == "v", limit=1, consistent_read=True)), None)
    return int(row.number) if row is not None else 0


def file_row(pack: str, generation: str, shortcode: str, **about: Any) -> EmojiRow:
    place = (pack, generation, shortcode) if generation else (pack, shortcode)
    return EmojiRow(FILES, SEPARATOR.join(place), **about)


def code_row(shortcode: str, pack: str) -> EmojiRow:
    """Says that the pack has an emoji of this name."""
    return EmojiRow(f"code#{shortcode}", pack)


def packs_with(shortcode: str) -> list[str]:
    """The packs that have an emoji of this name."""
    return [row.k for row in EmojiRow.query(f"code#{shortcode}", consistent_read=True)]


def rows_of(condition: Condition) -> list[EmojiRow]:
    return list(EmojiRow.query(FILES, condition, consistent_read=True))


def add_file(pack: str, shortcode: str, path: str, type: str, size: int, *,
             metadata: dict[str, Any] | None = None) -> None:
    """Record a picture that is in the bucket, unless that does not matter. For worlds that are made by hand."""
    of_pack: list[Any] = [EmojiPack.files_count.add(1), EmojiPack.revision.add(1)]
    if metadata is not None:
        of_pack.append(EmojiPack.metadata.set(metadata))
    with transaction() as write:
        write.put(file_row(pack, "", shortcode, path=path, type=type, size=size))
        write.put(code_row(shortcode, pack))
        write.update(EmojiPack.stub(PACKS, pack), of_pack)
        move_version(write)
    forget()


def move_version(write: Writes) -> None:
    """Within a transaction that changes emoji: every process will notice."""
    write.update(EmojiRow.stub("ver", "v"), [EmojiRow.number.add(1)])


def touch() -> None:
    """Tell every process that the emoji changed."""
    update(EmojiRow.stub("ver", "v"), [EmojiRow.number.add(1)])
    forget()
