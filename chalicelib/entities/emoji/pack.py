"""A pack of emoji: its files by shortcode, how many there are, and the description of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from ...domain.emoji.packs import Shown


class EmojiPack(TypedDict):
    """`pack` has `share-files`, `license`, `homepage` …, and `can-download` with `download-sha256`."""

    files: dict[str, str]
    files_count: int
    pack: dict[str, Any]


class EmojiPacks(TypedDict):
    packs: dict[str, EmojiPack]
    count: int


def render_pack(shown: Shown) -> EmojiPack:
    return {"files": dict(shown.files), "files_count": shown.files_count, "pack": dict(shown.metadata)}


def render_packs(shown: Mapping[str, Shown], count: int) -> EmojiPacks:
    return {"packs": {name: render_pack(each) for name, each in shown.items()}, "count": count}
