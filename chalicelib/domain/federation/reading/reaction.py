"""The emoji with which an account elsewhere reacts: of Unicode, one of Misskey's names, or a custom one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ... import text
from .. import addresses
from . import values
from .values import Document

OF_MISSKEY = {
    "like": "👍", "love": "❤", "laugh": "😆", "hmm": "🤔", "surprise": "😮", "congrats": "🎉", "angry": "💢",
    "confused": "😥", "rip": "😇", "pudding": "🍮", "star": "⭐",
}
LONGEST_PICTURE = 500
"""Characters of an address. A status keeps those of fifty emoji."""
LONGEST_HOST = 255
HERE = "."
"""How Misskey calls the server of whoever reacts."""
_CUSTOM = re.compile(r"([A-Za-z0-9_.+-]{1,100})(?:@([^@\s/?#]+))?")


class SeveralEmoji(Exception):
    """It is more than one emoji."""


@dataclass(frozen=True)
class ForeignReaction:
    """`name`: the emoji, `name@host` of a custom one. `picture`: its address. `has_host`: the host was told."""

    name: str
    picture: str | None = None
    has_host: bool = True

    @property
    def shortcode(self) -> str:
        return self.name.partition("@")[0]


def read_reaction(document: Document, by: str) -> ForeignReaction | None:
    """With which emoji this reacts. None: it is a favourite. `by`: the account's uri. Raises SeveralEmoji."""
    said = (values.text(document.get("_misskey_reaction")) or values.text(document.get("content"))).strip()
    emoji = text.find_emoji(OF_MISSKEY.get(said, said))
    if emoji is not None:
        return ForeignReaction(emoji)
    if said and _are_emoji(said):
        raise SeveralEmoji
    match = _CUSTOM.fullmatch(said.strip(":"))
    return _custom(document, match[1], match[2], by) if match is not None else None


def is_only_one(document: Document) -> bool:
    """Whether an account has a single reaction to a status, as on Misskey and servers like it."""
    return "_misskey_reaction" in document


def _are_emoji(said: str) -> bool:
    """Whether the text is nothing but emoji."""
    rest = said[:100]
    while rest:
        longest = next((end for end in range(min(len(rest), 20), 0, -1) if text.find_emoji(rest[:end])), 0)
        if not longest:
            return False
        rest = rest[longest:].lstrip()
    return True


def _custom(document: Document, shortcode: str, said: str | None, by: str) -> ForeignReaction | None:
    """A custom emoji. Without a tag nobody could show it."""
    host = addresses.host_of(by if said in (None, HERE) else f"https://{said}")
    picture = _picture(document, {shortcode, f"{shortcode}@{said}"})
    if host is None or len(host) > LONGEST_HOST or picture is None or len(picture) > LONGEST_PICTURE:
        return None
    return ForeignReaction(f"{shortcode}@{host}", picture, has_host=said not in (None, HERE))


def _picture(document: Document, names: set[str]) -> str | None:
    """The picture of the emoji of one of these names."""
    for tag in values.maps(document.get("tag")):
        if "Emoji" in values.as_list(tag.get("type")) and values.text(tag.get("name")).strip(":") in names:
            return values.picture_of(tag.get("icon"))
    return None
