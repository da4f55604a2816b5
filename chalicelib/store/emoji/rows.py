"""Packs of custom emoji and their emoji, as rows. The pictures themselves are in the bucket (`bucket.py`).

Each emoji has a row of its own. A row counts only if its *generation* is the one that the pack's row names. So many
emoji can appear at once: their rows are written under a new generation, which nobody sees until the pack names it.

Here rows are read; `changes.py` changes them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.condition import Condition

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import Record, Table, Writes, fetch, named, transaction, update

SEPARATOR = "\x01"  # sorts below every character a name may have, so files sort as their packs do
AFTER = "\x02"
PACKS, FILES = "packs", "files"
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
    """`packs`/name: a pack. It exists as long as this row does. `sha` is the checksum of the archive that was made of
    the revision `sha_revision`.

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


def file_row(pack: str, generation: str, shortcode: str, **about: Any) -> EmojiRow:
    """The row of an emoji."""
    parts = (pack, generation, shortcode) if generation else (pack, shortcode)
    return EmojiRow(FILES, SEPARATOR.join(parts), **about)


def shortcode_row(shortcode: str, pack: str) -> EmojiRow:
    """The row that says: this pack has an emoji of this shortcode."""
    return EmojiRow(f"code#{shortcode}", pack)


# A pack with its emoji.


@dataclass(frozen=True)
class Contents:
    """A pack with the rows of its emoji by shortcode. `unseen`: rows that do not count, or do not count yet."""

    pack: EmojiPack
    files: Mapping[str, EmojiRow]
    unseen: Sequence[EmojiRow] = field(default=())

    @property
    def is_whole(self) -> bool:
        """Whether pack and emoji belong together. False if the pack was exchanged between the two reads."""
        return len(self.files) == self.pack.files_count

    @property
    def paths(self) -> dict[str, str]:
        """Shortcode to path."""
        return {shortcode: str(row.path) for shortcode, row in self.files.items()}


def _sorted(pack: EmojiPack, rows: Iterable[EmojiRow]) -> Contents:
    found = list(rows)
    return Contents(pack, {row.shortcode: row for row in found if row.generation == pack.generation},
                    [row for row in found if row.generation != pack.generation])


def load_pack(name: str) -> tuple[Contents | None, list[EmojiRow]]:
    """A pack, and those of its rows that do not count. Without a pack none counts. Costs one round."""
    found, rows = together(lambda: fetch(strong=[key(EmojiPack, PACKS, name)]),
                           lambda: _files(EmojiRow.k.startswith(name + SEPARATOR)))
    pack = found.get(EmojiPack, PACKS, name)
    if pack is None:
        return None, rows
    contents = _sorted(pack, rows)
    return contents, list(contents.unseen)


def find_contents(name: str) -> Contents | None:
    """A pack with all its emoji. It is read again if it was exchanged while it was read."""
    for _ in range(3):
        contents = load_pack(name)[0]
        if contents is None or contents.is_whole:
            break
    return contents


def find_pack(name: str) -> EmojiPack | None:
    """A pack's own row."""
    return fetch(strong=[key(EmojiPack, PACKS, name)]).get(EmojiPack, PACKS, name)


def list_packs() -> list[EmojiPack]:
    """Every pack, sorted by name bytewise."""
    return list(EmojiPack.query(PACKS, consistent_read=True))


def list_page(page: int, count: int) -> tuple[list[Contents], int]:
    """A page of so many packs by name, with all their emoji, and how many packs there are. Costs two rounds.

    Pages are numbered from 1; 0 is the last one.
    """
    packs = list_packs()
    before = (page - 1 if page else (len(packs) - 1) // max(count, 1)) * count
    wanted = packs[before:before + count]
    if not wanted:
        return [], len(packs)
    by_pack: dict[str, list[EmojiRow]] = {}
    for row in _files(EmojiRow.k.between(wanted[0].name + SEPARATOR, wanted[-1].name + AFTER)):
        by_pack.setdefault(row.pack, []).append(row)
    found = [_sorted(pack, by_pack.get(pack.name, ())) for pack in wanted]
    return [each if each.is_whole else find_contents(each.pack.name) or each for each in found], len(packs)


def _files(condition: Condition | None = None) -> list[EmojiRow]:
    return list(EmojiRow.query(FILES, condition, consistent_read=True))


def list_packs_with(shortcode: str) -> list[str]:
    """The packs that have an emoji of this shortcode."""
    return [row.k for row in EmojiRow.query(f"code#{shortcode}", consistent_read=True)]


def remember_archive(pack: EmojiPack, sha: str | None) -> bool:
    """Note the checksum of the archive of this revision. None: it has no archive, because files are missing.

    False if the pack has changed since it was read.
    """
    of_sha = EmojiPack.sha.remove() if sha is None else EmojiPack.sha.set(sha)
    return update(EmojiPack.stub(PACKS, pack.name), [of_sha, EmojiPack.sha_revision.set(int(pack.revision))],
                  EmojiPack.kind.exists() & (EmojiPack.revision == int(pack.revision)))


# All custom emoji of the server. Each process remembers them.


@dataclass(frozen=True)
class CustomEmoji:
    shortcode: str
    pack: str
    path: str


_known: tuple[float, int, dict[str, CustomEmoji]] | None = None
_changes = 0


def list_all() -> dict[str, CustomEmoji]:
    """All custom emoji by shortcode. If two packs share a shortcode, the pack whose name sorts last wins.

    This process remembers them for two seconds without asking, and longer as long as the version has not changed.
    """
    global _known
    now, changes, known = time.monotonic(), _changes, _known
    if known is not None and now - known[0] < _CACHE_SECONDS:
        return known[2]
    version = _version()
    found = known[2] if known is not None and known[1] == version else list_all_now()
    if changes == _changes:  # else this process has changed emoji meanwhile, and what was read may be older
        _known = (now, version, found)
    return found


def list_all_now() -> dict[str, CustomEmoji]:
    """As `list_all`, but always read."""
    packs, rows = together(list_packs, _files)
    generations = {pack.name: pack.generation for pack in packs}
    found = {row.shortcode: CustomEmoji(row.shortcode, row.pack, row.path) for row in rows
             if generations.get(row.pack) == row.generation}
    return {shortcode: found[shortcode] for shortcode in sorted(found, key=str.encode)}


def forget() -> None:
    """Drop what this process remembers."""
    global _known, _changes
    _changes += 1
    _known = None


def were_there() -> bool:
    """Whether there has ever been a custom emoji."""
    return _version() > 0


def _version() -> int:
    row = next(iter(EmojiRow.query("ver", EmojiRow.k == "v", limit=1, consistent_read=True)), None)
    return int(row.number) if row is not None else 0


def move_version(write: Writes) -> None:
    """Part of every transaction that changes emoji: it makes every process read them again."""
    write.update(EmojiRow.stub("ver", "v"), [EmojiRow.number.add(1)])


def tell_every_process() -> None:
    """Make every process read the emoji again."""
    update(EmojiRow.stub("ver", "v"), [EmojiRow.number.add(1)])
    forget()


# For worlds that are made by hand.


def add_file(pack: str, shortcode: str, path: str, type: str, size: int, *,
             metadata: dict[str, Any] | None = None) -> None:
    """Add an emoji by its rows alone. Nothing is stored in the bucket."""
    of_pack: list[Any] = [EmojiPack.files_count.add(1), EmojiPack.revision.add(1)]
    if metadata is not None:
        of_pack.append(EmojiPack.metadata.set(metadata))
    with transaction() as write:
        write.put(file_row(pack, "", shortcode, path=path, type=type, size=size))
        write.put(shortcode_row(shortcode, pack))
        write.update(EmojiPack.stub(PACKS, pack), of_pack)
        move_version(write)
    forget()
