"""A status of another server, as the document of its object tells of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ... import text
from ...text import foreign, languages
from .. import addresses
from . import attachments, polls, values
from .polls import ForeignPoll
from .values import Document, Unreadable

TYPES = ("Note", "Question", "Article", "Page", "Event", "Audio", "Video", "Image", "Document")
LONGEST_CONTENT = 100_000
LONGEST_SPOILER = 20_000
LONGEST_SOURCE = 100_000
LONGEST_TITLE = 1_000
MOST_TAGS_READ = 200
MOST_MENTIONS = 100
LONGEST_TAG = 100
MOST_GROUPS = 10
EDITED_AFTER = 1
"""Seconds after which `updated` is an edit."""
_QUOTES = ("quote", "quoteUrl", "_misskey_quote", "quoteUri")
_QUOTE_RELATION = "https://misskey-hub.net/ns#_misskey_quote"


@dataclass(frozen=True)
class ForeignMention:
    """Somebody whom the object names. `address`: their id, or their page."""

    address: str
    name: str


@dataclass(frozen=True)
class ForeignPolicy:
    """Who may quote, and who has to ask before: addresses of accounts and collections. Everybody is an empty one."""

    automatic: Sequence[str] = ()
    manual: Sequence[str] = ()


@dataclass(frozen=True)
class ForeignStatus:
    """What is kept of an object. The dates are seconds since 1970.

    `to` and `cc` are addresses as sent, without the ways to write "everybody": `is_public` and `is_unlisted` tell that.
    """

    uri: str
    kind: str
    author: str
    url: str
    html: str = ""
    plain: str = ""
    spoiler: str = ""
    source: str = ""
    sensitive: bool = False
    published: float | None = None
    updated: float | None = None
    is_public: bool = False
    is_unlisted: bool = False
    is_direct: bool = False
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    parent: str | None = None
    context: str | None = None
    mentions: Sequence[ForeignMention] = ()
    tags: Sequence[str] = ()
    emojis: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[dict[str, Any]] = ()
    card_link: str | None = None
    poll: ForeignPoll | None = None
    quote: str | None = None
    quote_stamp: str | None = None
    """The address of what allows the quote."""
    can_quote: ForeignPolicy | None = None
    language: str | None = None

    @property
    def host(self) -> str:
        return addresses.host_of(self.uri) or ""

    @property
    def addressed(self) -> list[str]:
        """All addresses of `to` and `cc`, each once."""
        return list(dict.fromkeys([*self.to, *self.cc]))

    @property
    def edited(self) -> float | None:
        """When it was edited last, if it was."""
        if self.updated is None:
            return None
        return self.updated if self.updated >= (self.published or 0) + EDITED_AFTER else None

    def visibility(self, followers: str | None) -> str:
        """Whom it is for. `followers`: the author's collection of followers."""
        if self.is_direct:
            return "direct"
        if self.is_public:
            return "public"
        if self.is_unlisted:
            return "unlisted"
        return "private" if followers is not None and followers in self.addressed else "direct"


@dataclass(frozen=True)
class ForeignVote:
    """A note that is a vote: for the option `name` of the question `parent`. `id` is never stored."""

    id: str | None
    author: str
    name: str
    parent: str


def author_of(document: Document) -> str | None:
    """Who wrote the object. Of several the person, else the first."""
    listed = values.as_list(document.get("attributedTo") or document.get("actor"))
    people = [each for each in listed if isinstance(each, Mapping) and each.get("type") == "Person"]
    return values.id_of([*people, *listed])


def read_vote(document: object) -> ForeignVote | None:
    """The vote that an object is. None: it is a status, or nothing."""
    if not isinstance(document, Mapping):
        return None
    name, parent, author = values.text(document.get("name")), values.id_of(document.get("inReplyTo")), None
    if values.kind(document, ("Note", "Answer")) is not None and name and parent and not document.get("content"):
        author = author_of(document)
    if author is None or parent is None:
        return None
    return ForeignVote(values.id_of(document.get("id")), author, name, parent)


def read_status(document: object, *, to: object = None, cc: object = None, embedded: bool = False) -> ForeignStatus:
    """The status of an object's document. Raises Unreadable.

    `to`, `cc`: those of the activity, for objects that have none. `embedded`: the object comes in an activity, whose
    context counts for it.
    """
    if embedded and isinstance(document, Mapping):
        document = {"@context": "https://www.w3.org/ns/activitystreams", **document}
    obj = values.demand_document(document)
    uri = obj.get("id")
    if not isinstance(uri, str) or not addresses.is_foreign(uri):
        raise Unreadable("no usable id")
    kind = values.kind(obj, TYPES)
    if kind is None:
        raise Unreadable("not a status")
    author = author_of(obj)
    if author is None or not addresses.is_foreign(author) or not addresses.are_of_one_host(author, uri):
        raise Unreadable("no author of its host")
    url = values.page_of(obj.get("url")) or uri
    html, plain = _content(obj, url)
    tags = values.maps(obj.get("tag"))[:MOST_TAGS_READ]
    hashtags = _hashtags(tags)
    everybody, to_list, cc_list = _addressing(obj, to, cc)
    return ForeignStatus(
        uri, kind, author, url, html, plain,
        spoiler=" ".join(foreign.plain(values.text_in(obj, "summary")).split(" ")).strip()[:LONGEST_SPOILER],
        source=_source(obj),
        sensitive=values.flag(obj.get("sensitive")) or "nsfw" in hashtags,
        published=_not_later_than_now(values.moment(obj.get("published"))), updated=values.moment(obj.get("updated")),
        is_public=everybody == "to", is_unlisted=everybody == "cc",
        is_direct=values.flag(obj.get("directMessage")) or values.flag(obj.get("listMessage")),
        to=to_list, cc=cc_list, parent=_parent(obj), context=_context(obj), mentions=_mentions(tags), tags=hashtags,
        emojis=values.emojis_in(tags), attachments=attachments.read_attachments(obj),
        card_link=attachments.read_card_link(obj), poll=polls.read_poll(obj), quote=_quote(obj, tags),
        quote_stamp=_stamp(obj), can_quote=_policy(obj), language=_language(obj),
    )


def _not_later_than_now(moment: float | None) -> float | None:
    return None if moment is None else min(moment, time.time())


# What it says.


def _content(obj: Document, url: str) -> tuple[str, str]:
    """The content as HTML and as plain text, with the title before it."""
    html = _html(values.text_in(obj, "content"), values.media_type(obj), url)
    title = " ".join(foreign.plain(values.text_in(obj, "name")).split())[:LONGEST_TITLE]
    if title:
        html = foreign.clean(f'<p><a href="{_escaped(url)}">{_escaped(title)}</a></p>') + html
    more = foreign.clean(f'<p><a href="{_escaped(url)}">…</a></p>')
    html = foreign.shortened_at_paragraph(html, LONGEST_CONTENT, more)
    return html, foreign.plain_of(html)


def _html(content: str, mime: str, url: str) -> str:
    content = content[:4 * LONGEST_CONTENT]
    if mime == "text/markdown":
        return foreign.clean(text.markdown_html(content), url)
    return foreign.from_plain(content) if mime == "text/plain" else foreign.clean(content, url)


def _escaped(value: str) -> str:
    return foreign.from_plain(value).replace('"', "&quot;")


def _source(obj: Document) -> str:
    source = obj.get("source")
    found = source.get("content") if isinstance(source, Mapping) else source
    return values.text(found)[:LONGEST_SOURCE]


def _language(obj: Document) -> str | None:
    by_language = obj.get("contentMap")
    if isinstance(by_language, Mapping) and by_language:
        content = obj.get("content")
        same = [each for each, html in by_language.items() if len(by_language) == 1 or html == content]
        if same:
            return languages.code(same[0])
    contexts = values.maps(obj.get("@context"))
    return next((found for each in contexts if (found := languages.code(each.get("@language"))) is not None), None)


# Whom it is for, and what it is about.


def _addressing(obj: Document, to: object, cc: object) -> tuple[str | None, list[str], list[str]]:
    """Where "everybody" stands (`to`, `cc` or nowhere), and both lists without it. `bto` and `bcc` are never read."""
    has_none = obj.get("to") is None and obj.get("cc") is None
    to_list = values.ids_of(to if has_none else obj.get("to"))
    cc_list = values.ids_of(cc if has_none else obj.get("cc"))
    everybody = "to" if values.PUBLIC.intersection(to_list) else "cc" if values.PUBLIC.intersection(cc_list) else None
    return everybody, _usable(to_list), _usable(cc_list)


def _usable(listed: Sequence[str]) -> list[str]:
    """The addresses of accounts here or elsewhere. The server's own way to write "everybody" is nobody's address."""
    return [each for each in listed if each not in values.PUBLIC and not each.endswith("#Public")
            and (addresses.is_own(each) or addresses.is_foreign(each))]


def _parent(obj: Document) -> str | None:
    parent = values.id_of(obj.get("inReplyTo"))
    if parent is None or not (addresses.is_own(parent) or addresses.is_foreign(parent)):
        return None
    return parent if parent != obj.get("id") else None


def _context(obj: Document) -> str | None:
    found = values.id_of(obj.get("context")) or values.id_of(obj.get("conversation"))
    return values.clean(found) if found is not None and len(found) <= addresses.LONGEST else None


def _mentions(tags: Sequence[Document]) -> list[ForeignMention]:
    found: dict[str, ForeignMention] = {}
    for tag in tags:
        href = tag.get("href")
        if "Mention" in values.as_list(tag.get("type")) and isinstance(href, str) and (
                addresses.is_own(href) or addresses.is_foreign(href)):
            found.setdefault(href, ForeignMention(href, values.text(tag.get("name"))[:LONGEST_TAG]))
    return list(found.values())[:MOST_MENTIONS]


def _hashtags(tags: Sequence[Document]) -> list[str]:
    """Names as those of local hashtags: without the `#`, case-folded."""
    names = [values.text(tag.get("name")).removeprefix("#").strip() for tag in tags
             if "Hashtag" in values.as_list(tag.get("type"))]
    folded = [text.fold_tag(name) for name in names if 0 < len(name) <= LONGEST_TAG]
    return list(dict.fromkeys(name for name in folded if name))


def _stamp(obj: Document) -> str | None:
    stamp = values.id_of(obj.get("quoteAuthorization"))
    return stamp if stamp and (addresses.is_foreign(stamp) or addresses.is_own(stamp)) else None


def _policy(obj: Document) -> ForeignPolicy | None:
    """Who may quote (FEP-044f). Older drafts say `always` and `approvalRequired`."""
    policy = obj.get("interactionPolicy")
    told = policy.get("canQuote") if isinstance(policy, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    automatic, manual = (
        ["" if each in values.PUBLIC else each for each in values.ids_of(told.get(name, told.get(older)))][:MOST_GROUPS]
        for name, older in (("automaticApproval", "always"), ("manualApproval", "approvalRequired")))
    return ForeignPolicy(tuple(automatic), tuple(manual))


def _quote(obj: Document, tags: Sequence[Document]) -> str | None:
    said = [values.id_of(obj.get(name)) for name in _QUOTES]
    said += [tag.get("href") for tag in tags if "Link" in values.as_list(tag.get("type")) and _says_quote(tag)]
    return next((each for each in said if isinstance(each, str)
                 and (addresses.is_foreign(each) or addresses.is_own(each))), None)


def quoted_in(obj: Document) -> str | None:
    """The address of what an object quotes."""
    return _quote(obj, values.maps(obj.get("tag"))[:MOST_TAGS_READ])


def _says_quote(tag: Document) -> bool:
    return _QUOTE_RELATION in values.as_list(tag.get("rel")) or values.media_type(tag) in (
        "application/activity+json", "application/ld+json")
