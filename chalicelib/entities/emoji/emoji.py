"""Custom emoji in three forms: used in a text, listed for pickers, and in the older list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import quote

from ...settings import settings
from ...store.emoji.rows import CustomEmoji


class Emoji(TypedDict):
    """A custom emoji used in a text."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool


class CustomEmojiEntry(TypedDict):
    """A custom emoji in the list for pickers."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool
    tags: list[str]
    category: str


class ReactionPicture(TypedDict, total=False):
    """Where the picture of a custom emoji is with which somebody reacts."""

    url: str
    static_url: str


class EmojiPicture(TypedDict):
    """A custom emoji in the older list, where the shortcode is the key."""

    image_url: str
    tags: list[str]


def address(path: str) -> str:
    """The public path of an emoji's picture, given `PACK/PATH`."""
    return "/emoji/" + quote(path, safe="/!$&'()*+,;=:@")


def picture_of(url: str | None) -> ReactionPicture:
    return {"url": url, "static_url": url} if url is not None else {}


def render_used(emojis: Mapping[str, str] | None) -> list[Emoji]:
    """The emoji of a text. `emojis` are stored with it: by shortcode, each as `PACK/PATH`. Those of other servers are
    addresses.
    """
    if not emojis:
        return []
    found: list[Emoji] = []
    for shortcode, path in emojis.items():
        url = path if "://" in path else settings.base_url + address(path)
        found.append({"shortcode": shortcode, "url": url, "static_url": url, "visible_in_picker": False})
    return found


def render_pictures(emojis: Mapping[str, CustomEmoji]) -> dict[str, EmojiPicture]:
    return {
        each.shortcode: {"image_url": address(f"{each.pack}/{each.path}"), "tags": [f"pack:{each.pack}"]}
        for each in emojis.values()
    }


def render_entries(emojis: Mapping[str, CustomEmoji]) -> list[CustomEmojiEntry]:
    found: list[CustomEmojiEntry] = []
    for each in emojis.values():
        url, tag = settings.base_url + address(f"{each.pack}/{each.path}"), f"pack:{each.pack}"
        found.append({"shortcode": each.shortcode, "url": url, "static_url": url, "visible_in_picker": True,
                      "tags": [tag], "category": tag})
    return found
