"""HTML that another server sent, in the profile for that: no pictures, no styles, and what is no text goes whole.

It is parsed as browsers do and written anew. Links are made absolute, because relative ones would lead to this server.
"""

from __future__ import annotations

import html as html_entities
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from . import sanitise
from .plain import opening_no_tag, plain_text, whole

if TYPE_CHECKING:
    from nh3 import Cleaner

TAGS = (sanitise.TAGS - {"img"}) | {"h1", "h2", "h3", "h4", "h5", "hr"}
ATTRIBUTES = {
    "a": {"href", "rel", "title", "class"}, "span": {"class"}, "p": {"class"}, "ol": {"start"}, "abbr": {"title"},
}
CLASSES = frozenset({"mention", "hashtag", "u-url", "h-card", "ellipsis", "invisible", "quote-inline"})
MICROFORMATS = re.compile(r"(?:h|p|u|dt|e)-[a-z-]+")
NO_TEXT = frozenset({
    "script", "style", "math", "svg", "iframe", "object", "embed", "form", "template", "noscript", "title",
    "textarea", "select", "audio", "video", "canvas",
})
"""These go with all that they hold."""
SCHEMES = frozenset({"http", "https"})
RELATIONS = "nofollow noopener noreferrer ugc"
DEEPEST = 100
MOST_ELEMENTS = 5_000
_OPENED = re.compile(r"<([a-z][a-z0-9:_-]*)", re.IGNORECASE)
_TYPED_TAG = re.compile(r"<(/?)([a-z][a-z0-9:_-]*)", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")
_UNRELATED = re.compile(r"<a(?![^<>]* rel=)")
"""The beginning of a link of sanitised HTML that has no relations."""
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_ENDS_A_LINE = re.compile(r"</h[1-5]>|<hr>")
_CLOSED_ANYWAY = frozenset({"br", "hr", "p", "li", "img", "input", "meta", "link", "wbr"})
_VOID = frozenset({"br", "hr"})


def clean(html: str, base: str = "") -> str:
    """What may be shown of a foreign text. `base`: the address that relative links in it are meant from."""
    html = whole(html)
    if "<" not in html:
        return html_entities.escape(html_entities.unescape(html), quote=False)
    if len(_OPENED.findall(html)) > MOST_ELEMENTS or _depth(html) > DEEPEST:
        return html_entities.escape(_text_of(html), quote=False).replace("\n", "<br>")
    return _cleaner(base).clean(html)


def links_only(html: str) -> str:
    """What may be shown in a field of a profile: links, and text."""
    html = whole(html)
    if len(_OPENED.findall(html)) > MOST_ELEMENTS or _depth(html) > DEEPEST:
        return html_entities.escape(_text_of(html), quote=False)
    return _UNRELATED.sub(f'<a rel="{RELATIONS}"', _build(frozenset({"a", "span"}), "", me=True).clean(html))


def plain(html: str) -> str:
    """The text without tags, and with entities decoded: of a subject, a name, a description.

    It opens no tag, even if somebody takes it for HTML.
    """
    html = whole(html)
    if "<" not in html and "&" not in html:
        return html
    return opening_no_tag(_text_of(html))


def _text_of(html: str) -> str:
    if _depth(html) > DEEPEST:
        html = _ANY_TAG.sub(" ", html).replace("<", "&lt;").strip()  # a parser would take long; what is left is text
    return plain_text(_build(frozenset({"p", "br"}), "").clean(html))


def plain_of(clean_html: str) -> str:
    """The text of HTML that `clean` made."""
    return plain_text(_ENDS_A_LINE.sub("<br>", clean_html))


def from_plain(text: str) -> str:
    """HTML of a text that is none."""
    return html_entities.escape(whole(text), quote=False).replace("\n", "<br>")


def shortened(clean_html: str, longest: int) -> str:
    """HTML that `clean` made, cut after so many characters of it, but never within a tag or an element."""
    if len(clean_html) <= longest:
        return clean_html
    parts: list[str] = []
    opened: list[str] = []
    room = longest
    for token in sanitise.tokens(clean_html):
        piece = token if token.startswith("<") else _cut(token, room)
        if len(piece) > room:
            break
        room -= len(piece)
        parts.append(piece)
        name = sanitise.tag_name(token)
        if name and token.startswith("</"):
            if name in opened:
                del opened[len(opened) - 1 - opened[::-1].index(name):]
        elif name and name not in _VOID:
            opened.append(name)
        if len(piece) < len(token):
            break
    return "".join(parts) + "".join(f"</{name}>" for name in reversed(opened))


def shortened_at_paragraph(clean_html: str, longest: int, more: str) -> str:
    """As `shortened`, but it ends with a paragraph where there is one, and then with `more`."""
    if len(clean_html) <= longest:
        return clean_html
    end = clean_html.rfind("</p>", 0, longest)
    head = clean_html[:end + 4] if end > 0 else clean_html
    return shortened(head, longest) + more


def _cut(text: str, room: int) -> str:
    """The beginning of an escaped text, with no half of an entity at the end."""
    if len(text) <= room:
        return text
    cut = text[:room]
    start = cut.rfind("&")
    return cut if start == -1 or ";" in cut[start:] else cut[:start]


def _depth(html: str) -> int:
    """How many tags are open at most, as far as their spelling tells."""
    depth = deepest = 0
    for match in _TYPED_TAG.finditer(html):
        if match[2].lower() in _CLOSED_ANYWAY:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _cleaner(base: str) -> Cleaner:
    return _build(frozenset(TAGS), base)


def _build(tags: frozenset[str], base: str, *, me: bool = False) -> Cleaner:
    import nh3

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return _link(value, base)
        if attribute == "class":
            return " ".join(each for each in value.split() if each in CLASSES or MICROFORMATS.fullmatch(each)) or None
        if attribute == "rel":
            return f"{RELATIONS} me" if me and "me" in value.split() else RELATIONS
        if attribute == "start":
            return value if value.isascii() and value.isdigit() and len(value) < 9 else None
        return value

    return nh3.Cleaner(
        tags=set(tags), clean_content_tags=set(NO_TEXT),
        attributes={tag: ATTRIBUTES[tag] for tag in tags & ATTRIBUTES.keys()},
        attribute_filter=keep, url_schemes=set(SCHEMES), link_rel=None, strip_comments=True,
        set_tag_attribute_values={"a": {"rel": RELATIONS}} if "a" in tags and not me else {},
    )


def _link(address: str, base: str) -> str | None:
    """The address as an absolute one of the web, else None."""
    if _CONTROLS.search(address.strip()):
        return None
    try:
        absolute = urljoin(base, address.strip()) if base else address.strip()
    except ValueError:
        return None
    scheme, colon, rest = absolute.partition(":")
    return absolute if colon and scheme.lower() in SCHEMES and rest.startswith("//") else None
