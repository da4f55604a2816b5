"""Links, mentions and hashtags turned into anchors, and the rest of the text escaped."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.text import recognise


@dataclass(frozen=True)
class Mentioned:
    """What a mention needs of an account; the keys of the API's Mention."""

    id: str
    acct: str
    username: str
    url: str


@dataclass
class Linker:
    """Links one text after another, and remembers which people and tags it met."""

    people: Mapping[str, Mentioned]  # by name as typed, casefolded: "bob", "bob@two.example"
    base_url: str
    hashtags: bool = True
    cards: bool = True  # wrap a mention as an h-card, or give only the link
    tags: dict[str, None] = field(default_factory=dict)
    mentions: dict[str, Mentioned] = field(default_factory=dict)  # by id, in order of appearance

    def link(self, text: str) -> str:
        """`text` (as typed, nothing escaped) as HTML. Line breaks stay as they are."""
        parts: list[str] = []
        done = 0
        for found in recognise.find(text):
            anchor = self._anchor(found, text[found.start : found.end])
            if anchor:
                parts += escape(text[done : found.start]), anchor
                done = found.end
        parts.append(escape(text[done:]))
        return "".join(parts)

    def _anchor(self, found: recognise.Piece, typed: str) -> str | None:
        match found.kind:
            case "link":
                return f'<a href="{escape(found.value)}" rel="ugc">{escape(typed)}</a>'
            case "hashtag":
                return self._hashtag(found.value, typed) if self.hashtags else None
            case "mention":
                person = self.people.get(found.value.casefold())
                return self._mention(person, found.value.partition("@")[0]) if person else None

    def _hashtag(self, tag: str, typed: str) -> str:
        self.tags[tag] = None
        return f'<a class="hashtag" data-tag="{tag}" href="{escape(self.base_url)}/tag/{tag}">{escape(typed)}</a>'

    def _mention(self, person: Mentioned, name: str) -> str:
        self.mentions.setdefault(person.id, person)
        attributes = f'class="u-url mention" data-user="{escape(person.id)}" href="{escape(person.url)}" rel="ugc"'
        if not self.cards:
            return f"<a {attributes}>@{name}</a>"
        return f'<span class="h-card"><a {attributes}>@<span>{name}</span></a></span>'


def escape(text: str) -> str:
    """`text`, escaped for a place between tags or in a quoted attribute. Quotes are spelt as in the reference."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
    )
