"""Which HTML may pass, and the walk over HTML that has passed.

nh3 parses as browsers do and writes well-formed HTML; only because of that may `tokens` cut its output with a simple
pattern. Nothing that has not been through `clean` or `links_only` may be given to `tokens`.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chalicelib.domain.text.recognise import SCHEMES

if TYPE_CHECKING:
    from nh3 import Cleaner

TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "code", "del", "em", "i", "img", "li", "ol", "p", "pre", "span", "strong"}
    | {"sub", "sup", "ruby", "rb", "rp", "rt", "rtc", "u", "ul"}
)
ATTRIBUTES = {
    "a": {"href", "title", "name", "data-user", "data-tag", "class", "rel"},
    "abbr": {"title"},
    "img": {"src", "width", "height", "class", "title", "alt"},
    "span": {"class"},
}
CLASSES_AND_RELATIONS = {  # the whole attribute must be one of these
    ("a", "class"): frozenset({"hashtag", "u-url", "mention", "u-url mention", "mention u-url"}),
    ("a", "rel"): frozenset({"tag", "nofollow", "noopener", "noreferrer", "ugc"}),
    ("span", "class"): frozenset({"h-card"}),
}
# In a field a link may also claim "this is me": it is how pages elsewhere recognise their owner.
RELATIONS_IN_A_FIELD = CLASSES_AND_RELATIONS["a", "rel"] | {"me"}
SCHEMES_OF: dict[str, frozenset[str | None]] = {
    "href": SCHEMES | {None},  # without a scheme it leads to this server
    "src": frozenset({"http", "https"}),
}

_TOKEN = re.compile(r"""<[^<>"]*(?:"[^"]*"[^<>"]*)*>|[^<]+""")
_VOID = re.compile(r"""(<(?:br|img)(?:\s[^<>"]*(?:"[^"]*"[^<>"]*)*)?)>""")
_TAG_NAME = re.compile(r"</?([a-z0-9]+)")
_END_OF_FIRST_SEGMENT = re.compile(r"[/?#]")
_TYPED_TAG = re.compile(r"<(/?)([a-z][a-z0-9:_-]*)", re.IGNORECASE)


def clean(html: str) -> str:
    """What may stay of `html`: the tags, attributes and schemes allowed in a status, and all text."""
    return _written(_cleaner().clean(_prepared(html)))


def links_only(html: str) -> str:
    """What may stay of `html` in an account's field: links, and all text."""
    return _written(_links_only_cleaner().clean(_prepared(html)))


def without_tags(html: str) -> str:
    """All text of `html`, still escaped."""
    return _tagless_cleaner().clean(_prepared(html))


def tokens(html: str) -> Iterator[str]:
    """The tags (each begins with `<`) and the texts between them, in order, of HTML that was cleaned."""
    return (match[0] for match in _TOKEN.finditer(html))


def tag_name(token: str) -> str:
    """`p` of `<p>`, `<p class="x">` and `</p>`; empty for a text."""
    match = _TAG_NAME.match(token)
    return match[1] if match else ""


def _prepared(html: str) -> str:
    """`html` so that no text gets lost in it.

    A `<` that is never closed is taken for what it is, a sign. Tags that nh3 would remove with all they hold, those of
    SVG and MathML, get a name that it does not know.
    """
    end = html.rfind(">") + 1
    if "<" in html[end:]:
        html = html[:end] + html[end:].replace("<", "&lt;")
    return _TYPED_TAG.sub(_renamed, html)


def _renamed(match: re.Match[str]) -> str:
    name = match[2].lower()
    return f"<{match[1]}x-{name}" if name not in TAGS and _swallows_its_text(name) else match[0]


@lru_cache(maxsize=256)
def _swallows_its_text(name: str) -> bool:
    # The tag within is unknown to HTML, SVG and MathML alike: SVG and MathML themselves are found by it.
    return "1" not in _tagless_cleaner().clean(f"<{name}><of-none>1</of-none></{name}>")


def _written(html: str) -> str:
    """The reference closes its void tags: `<br/>`."""
    return _VOID.sub(r"\1/>", html) if "<br" in html or "<img" in html else html


@cache
def _cleaner() -> "Cleaner":
    return _build(TAGS, CLASSES_AND_RELATIONS)


@cache
def _links_only_cleaner() -> "Cleaner":
    return _build(frozenset({"a"}), {**CLASSES_AND_RELATIONS, ("a", "rel"): RELATIONS_IN_A_FIELD})


@cache
def _tagless_cleaner() -> "Cleaner":
    return _build(frozenset(), {})


def _scheme(address: str) -> str | None:
    """What stands before the first colon, however odd. nh3 would take `\\u2028javascript:` for a file of ours."""
    first_segment = _END_OF_FIRST_SEGMENT.split(address, maxsplit=1)[0]
    scheme, colon, _ = first_segment.partition(":")
    return scheme.lower() if colon else None


def _build(tags: frozenset[str], one_of: dict[tuple[str, str], frozenset[str]]) -> "Cleaner":
    import nh3

    def keep(tag: str, attribute: str, value: str) -> str | None:
        allowed = one_of.get((tag, attribute))
        if allowed is not None:
            return value if value in allowed else None
        if attribute in ("href", "src"):
            address = value.strip(" \t\n\r\f")
            return address if _scheme(address) in SCHEMES_OF[attribute] else None
        return value

    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(),  # the text of a script is only text: it stays
        attributes={tag: ATTRIBUTES[tag] for tag in tags if tag in ATTRIBUTES},
        attribute_filter=keep,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
