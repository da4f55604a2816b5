"""What templates do with values: HTML that is safe already, times, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from html import escape, unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from ..domain.text import sanitise
from ..domain.text.emoji_pictures import with_pictures
from ..settings import settings
from .acting import acts_on
from .scope_words import in_words
from .visits import Visit, place_of

if TYPE_CHECKING:
    from markupsafe import Markup

RELATIONS = "nofollow noopener ugc"
LONG, MANY_LINES = 2_000, 16
EMOJI = 'class="emoji" width="20" height="20" loading="lazy"'
_REL = re.compile(r'\srel="([^"]*)"')
_ADDRESS = re.compile(r'\shref="([^"]*)"')


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


def page_of(account: Mapping[str, Any], visit: Visit) -> str:
    """The profile that a link leads to: for who is signed in the one here, where there is something to press."""
    return place_of(account["acct"]) if visit.account is not None else str(account["url"])


def post_of(status: Mapping[str, Any], visit: Visit) -> str:
    """The page of a status that a link leads to, in the same way."""
    return f"/notice/{status['id']}" if visit.account is not None else str(status["url"] or status["uri"])


def pages_in(status: Mapping[str, Any], visit: Visit) -> dict[str, str]:
    """For who is signed in: where links of a text lead instead, by the addresses of those whom it mentions, and by its
    `#tags`. Those of other servers lead to pages there.
    """
    if visit.account is None:
        return {}
    people = {each["url"]: place_of(each["acct"]) for each in status["mentions"]}
    return people | {f"#{each['name'].casefold()}": f"/tag/{quote(each['name'], safe='')}" for each in status["tags"]}


def with_emoji(text: str, emojis: Iterable[Mapping[str, Any]]) -> Markup:
    """A text with its custom emoji as pictures."""
    from markupsafe import escape as marked

    return as_content(str(marked(text)), emojis)


def as_content(html: str, emojis: Iterable[Mapping[str, Any]], away: bool = False,
               instead: Mapping[str, str] = MappingProxyType({})) -> Markup:
    """HTML of a status, a note or a field, which the domain has made safe, with its custom emoji as pictures.

    `away`: links open elsewhere. What somebody links is not vouched for, whatever their server said of it. `instead`:
    as `pages_in` has it.
    """
    pictures = {each["shortcode"]: each["url"] for each in emojis}
    if "<a" in html or "<img" in html:
        html = "".join(_finished(token, away, instead) for token in sanitise.tokens(html))
    return safe_html(with_pictures(html, pictures, EMOJI))


def _finished(token: str, away: bool, instead: Mapping[str, str]) -> str:
    """A tag or a text, with what every link and every picture has on a page."""
    if token.startswith("<img"):
        return token if " alt=" in token else f'<img alt=""{token[4:]}'
    if not token.startswith("<a ") and token != "<a>":
        return token
    address = _ADDRESS.search(token) if instead else None
    if address is not None:
        place = _place_instead(token, unescape(address[1]), instead)
        token = token.replace(address[0], f' href="{escape(place)}"')
    said = _REL.search(token)
    relations = f"{RELATIONS} me" if said is not None and "me" in said[1].split() else RELATIONS
    target = ' target="_blank"' if away else ""
    return f'{_REL.sub("", token)[:-1]} rel="{relations}"{target}>'


def is_long(html: str) -> bool:
    """Whether a text would push everything else on a list out of sight."""
    return len(html) > LONG or html.count("<br") + html.count("<p") > MANY_LINES


def _place_instead(link: str, address: str, instead: Mapping[str, str]) -> str:
    """Where a link leads. That of a tag is known by its class, and by the tag at the end of its address."""
    if "hashtag" in link:
        return instead.get(f"#{unquote(address.rstrip('/').rpartition('/')[2]).casefold()}", address)
    return instead.get(address, address)


def host_of(address: str) -> str:
    """The host of an address, as people know it. Empty for what is no address."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def in_fours(text: str) -> str:
    """A long word in groups of four, so that people can copy it by hand."""
    return " ".join(text[start:start + 4] for start in range(0, len(text), 4))


ALL: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (
        safe_html, said, day, counted, name, handle, page_of, post_of, pages_in, with_emoji, as_content, is_long,
        host_of, in_fours, in_words, acts_on)}
