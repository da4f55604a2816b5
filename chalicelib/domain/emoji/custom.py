"""Custom emoji: the pictures of this server that `:shortcodes:` in a text stand for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from urllib.parse import quote

from ...settings import settings
from ...store.emoji import rows
from ...store.emoji.changes import finish_left
from ...store.emoji.rows import CustomEmoji
from ..text import custom_shortcodes

_SAFE = "/!$&'()*+,;=:@"


def list_all() -> Mapping[str, CustomEmoji]:
    """Every custom emoji by shortcode, sorted bytewise. The same object as long as nothing changed."""
    return rows.list_all()


def list_matching(query: str, most: int) -> dict[str, CustomEmoji]:
    """The first custom emoji that have this in their shortcode; of an empty query, the first of all."""
    wanted = query.strip().strip(":").casefold()
    found = (each for each in rows.list_all().items() if wanted in each[0].casefold())
    return dict(islice(found, most))


def find_in(*texts: str) -> dict[str, str]:
    """The custom emoji that the texts use: shortcode to `PACK/PATH`. Texts without a shortcode cost no read."""
    shortcodes = custom_shortcodes(*texts)
    known = rows.list_all() if shortcodes else {}
    return {code: f"{known[code].pack}/{known[code].path}" for code in shortcodes if code in known}


def picture_of(shortcode: str) -> str | None:
    """The address of the picture of an emoji of this server. None: there is no such emoji."""
    if custom_shortcodes(f":{shortcode}:") != [shortcode]:
        return None
    emoji = rows.list_all().get(shortcode)
    return None if emoji is None else f"{settings.base_url}/emoji/{quote(f'{emoji.pack}/{emoji.path}', safe=_SAFE)}"


def reload() -> None:
    """Finish a change that was left half done, then make every process read the emoji again."""
    finish_left()
    rows.tell_every_process()
