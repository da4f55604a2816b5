"""Custom emoji: the pictures of this server that `:shortcodes:` in a text stand for."""

from __future__ import annotations

from collections.abc import Mapping

from ...store.emoji import rows
from ...store.emoji.changes import finish_left
from ...store.emoji.rows import CustomEmoji
from ..text import custom_shortcodes


def every() -> Mapping[str, CustomEmoji]:
    """All of them by shortcode, bytewise sorted. The same object as long as nothing changed."""
    return rows.every()


def named_in(*texts: str) -> dict[str, str]:
    """The custom emoji that the texts use: shortcode to `PACK/PATH`. Without a shortcode nothing is read."""
    shortcodes = custom_shortcodes(*texts)
    known = rows.every() if shortcodes else {}
    return {code: f"{known[code].pack}/{known[code].path}" for code in shortcodes if code in known}


def reload() -> None:
    """Have every process read them anew, once nothing is left half done."""
    finish_left()
    rows.touch()
