"""From typed text to HTML: a status, an account's note, an account's field.

Links, mentions and hashtags are recognised last, in the texts of the finished HTML, but never within a link or code.
"""

import html as html_entities
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.domain.text import blocks, recognise, sanitise
from chalicelib.domain.text.linking import Linker, Mentioned, escape
from chalicelib.domain.text.plain import plain_text, whole

RICH = frozenset({"text/html", "text/markdown", "text/bbcode"})  # anything else is plain text
_NOT_LINKED_WITHIN = frozenset({"a", "code", "pre"})
_FOR_PLAIN_READERS = frozenset({"a", "br", "p", "span", "img"})


@dataclass(frozen=True)
class Formatted:
    """A status as it is stored: as HTML, as plain text, with its hashtags and mentions."""

    html: str
    plain: str
    tags: list[str]  # lower case, without the #, in order of appearance
    mentions: list[Mentioned]  # in order of appearance


def mentioned_names(text: str, content_type: str) -> list[str]:
    """Every `name` or `name@host` that is a mention if there is such an account, in order, each once."""
    if "@" not in text:
        return []
    names: dict[str, str] = {}
    for piece in _linkable(whole(text), content_type):
        for found in recognise.find(piece):
            if found.kind == "mention":
                names.setdefault(found.value.casefold(), found.value)
    return list(names.values())


def format_status(text: str, content_type: str, *, people: Mapping[str, Mentioned], base_url: str) -> Formatted:
    """A typed status as HTML. `people` are those of `mentioned_names` that exist, by casefolded name."""
    text = whole(text)
    linker = Linker(people, base_url)
    html = _rich(text, content_type, linker) if content_type in RICH else _plain(text, linker)
    return Formatted(html, plain_text(html), list(linker.tags), list(linker.mentions.values()))


def markdown_html(text: str) -> str:
    """The HTML of a text in Markdown, which has yet to be sanitised."""
    from chalicelib.domain.text import markdown

    return markdown.to_html(whole(text))


def format_note(text: str, *, people: Mapping[str, Mentioned], base_url: str) -> str:
    """What an account says about itself, as HTML: plain text with links, mentions and hashtags."""
    return _plain(whole(text), Linker(people, base_url))


def format_field(value: str, *, people: Mapping[str, Mentioned], base_url: str) -> str:
    """The value of an account's field, as HTML with text and links only."""
    linker = Linker(people, base_url, hashtags=False, cards=False)
    return _linked(sanitise.links_only(whole(value)), linker)


def for_plain_reader(html: str) -> str:
    """HTML made here, for a viewer who wants no rich text."""
    return blocks.without_tags_of(sanitise.tokens(html), lambda name: name not in _FOR_PLAIN_READERS)


def _plain(text: str, linker: Linker) -> str:
    return linker.link(text).replace("\n", "<br/>")


def _rich(text: str, content_type: str, linker: Linker) -> str:
    return _linked(_cleaned(text, content_type), linker)


@lru_cache(maxsize=4)
def _cleaned(text: str, content_type: str) -> str:
    # Cached, because the same text comes twice in a row: to find its mentions, and then to link them.
    return sanitise.clean(_as_html(text, content_type))


def _as_html(text: str, content_type: str) -> str:
    match content_type:
        case "text/markdown":
            from chalicelib.domain.text import markdown

            return markdown.to_html(text)
        case "text/bbcode":
            from chalicelib.domain.text import bbcode

            return bbcode.to_html(text)
        case _:
            return text


def _linked(html: str, linker: Linker) -> str:
    """Sanitised HTML with its texts linked, and the quotes in them escaped."""
    parts = []
    for token, linkable in _pieces(html):
        if token.startswith("<"):
            parts.append(token)
        else:
            text = html_entities.unescape(token)
            parts.append(linker.link(text) if linkable else escape(text))
    return "".join(parts)


def _linkable(text: str, content_type: str) -> Iterator[str]:
    if content_type not in RICH:
        yield text
        return
    for token, linkable in _pieces(_cleaned(text, content_type)):
        if linkable:
            yield html_entities.unescape(token)


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """The tokens of sanitised HTML, each with whether links may be made in it."""
    depth = 0
    for token in sanitise.tokens(html):
        if not token.startswith("<"):
            yield token, depth == 0
            continue
        if sanitise.tag_name(token) in _NOT_LINKED_WITHIN:
            depth += -1 if token.startswith("</") else 1
        yield token, False
