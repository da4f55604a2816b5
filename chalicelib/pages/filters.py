"""What templates do with values: HTML that is safe already, times, numbers, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..settings import settings
from .scope_words import in_words

if TYPE_CHECKING:
    from markupsafe import Markup


def safe_html(html: str) -> Markup:
    """HTML that the domain has made safe: contents, notes, values of fields. Of nothing else may this be said."""
    from markupsafe import Markup

    return Markup(html)


def said(iso: str) -> str:
    """A time in words: `29 Nov 2026, 14:00 UTC`."""
    at = datetime.fromisoformat(iso)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def day(iso: str) -> str:
    at = datetime.fromisoformat(iso)
    return f"{at.day} {at:%b %Y}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its word: `1 reply`, `2,048 replies`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def name(account: Mapping[str, Any]) -> str:
    """What an account is called."""
    return str(account["display_name"] or account["username"])


def handle(account: Mapping[str, Any]) -> str:
    """The name of an account with its server, without a leading `@`."""
    return account["acct"] if "@" in account["acct"] else f"{account['acct']}@{settings.host}"


def with_emoji(text: str, emojis: Iterable[Mapping[str, Any]]) -> Markup:
    """A text with its custom emoji as pictures."""
    from markupsafe import Markup, escape

    html = str(escape(text))
    for emoji in emojis:
        html = html.replace(f":{emoji['shortcode']}:", _picture(emoji))
    return Markup(html)


def _picture(emoji: Mapping[str, Any]) -> str:
    from markupsafe import Markup

    picture = Markup('<img class="emoji" src="{0}" alt="{1}" title="{1}" width="20" height="20" loading="lazy">')
    return str(picture.format(emoji["static_url"], f":{emoji['shortcode']}:"))


def host_of(address: str) -> str:
    """The host of an address."""
    return urlsplit(address).netloc


def in_fours(text: str) -> str:
    """A long word in groups of four, so that people can copy it by hand."""
    return " ".join(text[start:start + 4] for start in range(0, len(text), 4))


ALL: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (safe_html, said, day, counted, name, handle, with_emoji, host_of, in_fours, in_words)}
