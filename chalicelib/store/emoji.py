"""Custom emoji: packs of picture files. The pictures are in the bucket; here is what they are called."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .attributes import Document, NumberAttribute, UnicodeAttribute
from .table import Record, Table, named, transaction, update

SEPARATOR = "\x01"  # sorts below every character a name may have, so files sort as their packs do
_CACHE_SECONDS = 2.0


class EmojiRow(Record):
    """`packs`/name · `files`/name+shortcode · `code#`shortcode/pack · `ver`/`v`.

    Asked: every file, by pack (query) · is this shortcode taken (query) · has anything changed (get).
    """

    class Meta(Table):
        table_name = named("emoji")

    ABSENT = {"files_count": 0, "revision": 0, "number": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    path = UnicodeAttribute(null=True)
    type = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    metadata = Document(null=True)
    files_count = NumberAttribute(attr_name="files_n", null=True)
    revision = NumberAttribute(attr_name="rev", null=True)
    number = NumberAttribute(attr_name="n", null=True)


@dataclass(frozen=True)
class CustomEmoji:
    shortcode: str
    pack: str
    path: str


_known: tuple[float, int, dict[str, CustomEmoji]] | None = None


def every() -> dict[str, CustomEmoji]:
    """All custom emoji by shortcode; of equal shortcodes the pack whose name sorts last.

    Kept in this process for two seconds, then only as long as the version number stands.
    """
    global _known
    now = time.monotonic()
    if _known is not None and now - _known[0] < _CACHE_SECONDS:
        return _known[2]
    version = _version()
    if _known is not None and _known[1] == version:
        found = _known[2]
    else:
        found = {}
        for row in EmojiRow.query("files"):
            pack, _, shortcode = row.k.partition(SEPARATOR)
            found[shortcode] = CustomEmoji(shortcode, pack, row.path)
        found = {shortcode: found[shortcode] for shortcode in sorted(found, key=str.encode)}
    _known = (now, version, found)
    return found


def forget() -> None:
    """Drop what this process remembers."""
    global _known
    _known = None


def _version() -> int:
    row = next(iter(EmojiRow.query("ver", EmojiRow.k == "v", limit=1)), None)
    return int(row.number) if row is not None else 0


def add_file(pack: str, shortcode: str, path: str, type: str, size: int, *,
             metadata: dict[str, Any] | None = None) -> None:
    """Record a picture that is already in the bucket; `metadata` becomes that of its pack."""
    of_pack: list[Any] = [EmojiRow.files_count.add(1), EmojiRow.revision.add(1)]
    if metadata is not None:
        of_pack.append(EmojiRow.metadata.set(metadata))
    with transaction() as write:
        write.put(EmojiRow("files", pack + SEPARATOR + shortcode, path=path, type=type, size=size))
        write.put(EmojiRow(f"code#{shortcode}", pack))
        write.update(EmojiRow.stub("packs", pack), of_pack)
    touch()


def touch() -> None:
    """Tell every process that the emoji changed."""
    update(EmojiRow.stub("ver", "v"), [EmojiRow.number.add(1)])
    forget()
