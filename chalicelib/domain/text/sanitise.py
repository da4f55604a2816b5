"""Which HTML is allowed, and the walk over sanitised HTML.

nh3 parses as browsers do, and writes well-formed HTML. Only because of that can `tokens` cut its output with a simple
pattern. So `tokens` must get nothing that has not been through `clean` or `links_only`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chalicelib.domain.text import blocks
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
# In a field a link may also say "this is me". Pages elsewhere recognise their owner by that.
RELATIONS_IN_A_FIELD = CLASSES_AND_RELATIONS["a", "rel"] | {"me"}
SCHEMES_OF: dict[str, frozenset[str | None]] = {
    "href": SCHEMES | {None},  # None: without a scheme it leads to this server
    "src": frozenset({"http", "https"}),
}
DEEPEST = 100
"""Tags within each other."""

_TOKEN = re.compile(r"""<[^<>"]*(?:"[^"]*"[^<>"]*)*>|[^<]+""")
_VOID = re.compile(r"""(<(?:br|img)(?:\s[^<>"]*(?:"[^"]*"[^<>"]*)*)?)>""")
_TAG_NAME = re.compile(r"</?([a-z0-9]+)")
_END_OF_FIRST_SEGMENT = re.compile(r"[/?#]")
_BLOCKS = blocks.LINES | blocks.CELLS
_BLOCK = re.compile(r"<(?:x-|hr)")
_CLOSED_ANYWAY = frozenset({"br", "img", "p", "li", "hr"})
_IGNORED = "</x-none"
"""An end of nothing. A parser passes over it, with all attributes that it has."""
_TYPED_TAG = re.compile(r"<(/?)([a-z][a-z0-9:_-]*)", re.IGNORECASE)


def clean(html: str) -> str:
    """What is allowed of `html` in a status: its tags, attributes and schemes, and all text, block by block."""
    cleaned = _written(_cleaner().clean(_prepared(html)))
    return blocks.without_tags_of(tokens(cleaned), _BLOCKS.__contains__) if _BLOCK.search(cleaned) else cleaned


def links_only(html: str) -> str:
    """What is allowed of `html` in an account's field: links, and all text."""
    return _written(_links_only_cleaner().clean(_prepared(html)))


def without_tags(html: str) -> str:
    """All text of `html`, still escaped."""
    return _tagless_cleaner().clean(_prepared(html))


def tokens(html: str) -> Iterator[str]:
    """The tags (each begins with `<`) and the texts between them, in order. `html` must be sanitised."""
    return (match[0] for match in _TOKEN.finditer(html))


def tag_name(token: str) -> str:
    """`p` for `<p>`, `<p class="x">` and `</p>`; empty for a text."""
    match = _TAG_NAME.match(token)
    return match[1] if match else ""


def _prepared(html: str) -> str:
    """`html`, changed so that no text in it gets lost.

    A `<` that is never closed becomes a character. Blocks that may not stay get names that `blocks` knows.
    nh3 would remove some tags with all that is in them: those of SVG and MathML. These get a name that is unknown.
    Tags beyond a depth that nobody needs go: at each tag the parser looks through all that are open.
    """
    end = html.rfind(">") + 1
    if "<" in html[end:]:
        html = html[:end] + html[end:].replace("<", "&lt;")
    return _TYPED_TAG.sub(_Depth().renamed, html)


class _Depth:
    """How many tags are open. Those that a parser closes by itself do not count."""

    def __init__(self) -> None:
        self.opened: Counter[str] = Counter()
        self.depth = 0

    def renamed(self, match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in _CLOSED_ANYWAY:
            return match[0]
        if match[1]:
            closes = self.opened[name] > 0
            self.opened[name] -= closes
            self.depth -= closes
        elif self.depth >= DEEPEST:
            return _IGNORED
        else:
            self.opened[name] += 1
            self.depth += 1
        return _renamed(match, name)


def _renamed(match: re.Match[str], name: str) -> str:
    if name in blocks.RENAMED:
        return f"<{match[1]}{blocks.RENAMED[name]}"
    return f"<{match[1]}x-{name}" if name not in TAGS and _swallows_its_text(name) else match[0]


@lru_cache(maxsize=256)
def _swallows_its_text(name: str) -> bool:
    # HTML, SVG and MathML do not know the inner tag. With it, <svg> and <math> themselves are found too.
    return "1" not in _tagless_cleaner().clean(f"<{name}><of-none>1</of-none></{name}>")


def _written(html: str) -> str:
    """The HTML with void tags closed as the reference does: `<br/>`."""
    return _VOID.sub(r"\1/>", html) if "<br" in html or "<img" in html else html


@cache
def _cleaner() -> "Cleaner":
    return _build(TAGS | _BLOCKS, CLASSES_AND_RELATIONS)


@cache
def _links_only_cleaner() -> "Cleaner":
    return _build(frozenset({"a"}), {**CLASSES_AND_RELATIONS, ("a", "rel"): RELATIONS_IN_A_FIELD})


@cache
def _tagless_cleaner() -> "Cleaner":
    return _build(frozenset(), {})


def _scheme(address: str) -> str | None:
    """What stands before the first colon, whatever it is. nh3 would take `\\u2028javascript:` for a file of ours."""
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
        clean_content_tags=set(),  # the text within a script is kept as text
        attributes={tag: ATTRIBUTES[tag] for tag in tags if tag in ATTRIBUTES},
        attribute_filter=keep,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
