"""Status: what was written, as a viewer sees it, or a reblog of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict
from urllib.parse import quote

from ...domain import text, visibility
from ...domain.quotes import links
from ...domain.quotes import states as quote_states
from ...domain.timelines.filtering import Filtering
from ...domain.viewer import Viewer
from ...ids import iso, participation_number, thread_number
from ...settings import settings
from ...store.accounts.accounts import Account as AccountRecord
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status as Record
from ...store.statuses.statuses import uri_of
from ...store.statuses.surroundings import Surroundings
from ..accounts.account import Account, arrange_account
from ..emoji.emoji import Emoji, picture_of, render_used
from ..media.attachment import Attachment, render_attachment
from ..timelines.filter import FilterResult, render_filter_results
from .card import Card, render_card
from .poll import Poll, arrange_poll
from .quote import PleromaQuote, Quote, QuoteApproval, arrange_approval, arrange_for_pleroma, arrange_shallow


class Mention(TypedDict):
    id: str
    acct: str
    username: str
    url: str


class Tag(TypedDict):
    name: str
    url: str


class ReactionSummary(TypedDict):
    name: str
    count: int
    me: bool
    url: NotRequired[str]
    static_url: NotRequired[str]


class ReactionOfAkkoma(TypedDict):
    """As `ReactionSummary`, with the first fifty accounts. `url`: the picture of a custom emoji."""

    name: str
    count: int
    me: bool
    url: str | None
    account_ids: list[str]


class Application(TypedDict):
    name: str
    website: str | None


class StatusExtra(PleromaQuote, total=False):
    local: bool
    conversation_id: int
    in_reply_to_account_acct: str | None
    content: dict[str, str]
    spoiler_text: dict[str, str]
    expires_at: str | None
    direct_conversation_id: int | None
    thread_muted: bool
    emoji_reactions: list[ReactionSummary]
    parent_visible: bool
    pinned_at: str | None
    context: str
    list_id: str | None
    event: None
    bookmark_folder: str | None


class AkkomaSource(TypedDict):
    content: str
    mediaType: str


class AkkomaExtra(TypedDict):
    """`source`: null for what another server did not tell."""

    source: AkkomaSource | None
    in_reply_to_apid: str | None
    quote_apid: str | None


class WithoutAuthor(TypedDict):
    """All of a status but `account`, which administration gets in another form.

    `filtered`: the filters of the viewer that it matches. It is there if somebody is signed in.
    """

    id: str
    uri: str
    url: str
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    reblog: dict[str, Any] | None
    card: Card | None
    content: str
    text: str | None
    created_at: str
    edited_at: str | None
    reblogs_count: int
    replies_count: int
    favourites_count: int
    quotes_count: int
    quote: Quote | None
    quote_approval: QuoteApproval
    reblogged: bool
    favourited: bool
    bookmarked: bool
    muted: bool
    pinned: bool
    sensitive: bool
    spoiler_text: str
    visibility: str
    media_attachments: list[Attachment]
    poll: Poll | None
    mentions: list[Mention]
    tags: list[Tag]
    application: Application
    language: str | None
    emojis: list[Emoji]
    emoji_reactions: list[ReactionOfAkkoma]
    pleroma: StatusExtra
    akkoma: AkkomaExtra
    filtered: NotRequired[list[FilterResult]]


class Status(WithoutAuthor):
    account: Account


def render_statuses(shown: Sequence[Record], viewer: Viewer | None, around: Surroundings, *,
                    with_muted: bool = False, context: str | None = None) -> list[Status]:
    """The statuses as `viewer` sees them, in the order given. Reads nothing: `around` has everything.

    `context`: where they are seen, as filters know it. None: `filtered` has the filters of all contexts.
    """
    page = _Page(viewer, around, with_muted, context)
    return [page.arrange(status) for status in shown]


def render_status(status: Record, viewer: Viewer | None, around: Surroundings, *, with_text: bool = False,
                  with_muted: bool = False, id: str | None = None) -> Status:
    """One status. `with_text` adds its source, for the reply to a deletion. `id` is the id of a preview."""
    shown = _Page(viewer, around, with_muted).arrange(status)
    if with_text:
        shown["text"] = status.source
    if id is not None:
        shown["id"] = id
        shown["pleroma"]["conversation_id"] = -1
    return shown


class _Page:
    """Arranges the statuses of one reply. An author of several of them is arranged once."""

    def __init__(self, viewer: Viewer | None, around: Surroundings, with_muted: bool,
                 context: str | None = None) -> None:
        self.viewer, self.around, self.with_muted = viewer, around, with_muted
        self.plain_reader = viewer is not None and bool(viewer.account.profile.get("no_rich_text"))
        self._filtering = Filtering(viewer.hides if viewer is not None else None, context)
        self._accounts: dict[str, Account] = {}

    def arrange(self, status: Record) -> Status:
        return self._reblog(status) if status.reblog_of else self._original(status)

    def _account(self, id: str) -> Account:
        if id not in self._accounts:
            self._accounts[id] = arrange_account(self.around.accounts[id], self.viewer)
        return self._accounts[id]

    def _original(self, status: Record) -> Status:
        """A status with what it quotes."""
        if not status.quote_of and not status.quote_state:
            return self._single(status)
        state = quote_states.state_of(status, self.viewer, self.around, with_muted=self.with_muted)
        quoted = self.around.quoted_by(status) if state in quote_states.WITH_STATUS else None
        inner = None if quoted is None else dict(self._single(quoted))
        shown = self._single(status)
        told = inner is not None or (self.viewer is not None and self.viewer.takes_every_state)
        shown["quote"] = {"state": state, "quoted_status": inner} if told else None
        shown["pleroma"] = {**shown["pleroma"], **arrange_for_pleroma(status, inner)}
        return shown

    def _single(self, status: Record) -> Status:
        """A status, but of what it quotes only the id."""
        content = status.content
        mark = self.around.marks.get(status.id)
        author = self.around.accounts[status.account_id]
        thread_muted = self.viewer is not None and self.viewer.mutes_thread(status.thread)
        reactions = self._reactions(status, mark)
        shown: Status = {
            "id": status.id,
            "uri": status.uri,
            "url": status.url,
            "account": self._account(status.account_id),
            "in_reply_to_id": status.parent_id,
            "in_reply_to_account_id": status.parent_account_id if status.parent_id else None,
            "reblog": None,
            "card": render_card(content.get("card")),
            "content": self._html(status),
            "text": None,
            "created_at": status.created_at,
            "edited_at": status.edited_at,
            "reblogs_count": int(status.reblogs_count),
            "replies_count": int(status.replies_count),
            "favourites_count": int(status.favourites_count),
            "quotes_count": int(status.quotes_count),
            "quote": arrange_shallow(status),
            "quote_approval": arrange_approval(status, self.viewer, self.around),
            "reblogged": mark is not None and mark.reblog is not None,
            "favourited": mark is not None and mark.favourite is not None,
            "bookmarked": mark is not None and mark.bookmark is not None,
            "muted": thread_muted or (self.viewer is not None and self.viewer.mutes(status.account_id)),
            "pinned": status.id in (author.pins or ()),
            "sensitive": bool(status.sensitive),
            "spoiler_text": content.get("spoiler", ""),
            "visibility": visibility.for_clients(status.visibility),
            "media_attachments": [render_attachment(each) for each in content.get("attachments", ())],
            "poll": arrange_poll(status, self.viewer, mark),
            "mentions": [_mention(*each) for each in content.get("mentions", ())],
            "tags": [_tag(name) for name in content.get("tags", ())],
            "application": {"name": "Web", "website": None},
            "language": content.get("language"),
            "emojis": render_used(content.get("emojis")),
            "emoji_reactions": self._with_names(reactions, status),
            "pleroma": self._extra(status, author, mark, reactions, thread_muted=thread_muted),
            "akkoma": _for_akkoma(status, content),
        }
        if self.viewer is not None:
            shown["filtered"] = render_filter_results(self._filtering.matches(status))
        return shown

    def _html(self, status: Record) -> str:
        html = links.content_of(status)
        return text.for_plain_reader(html) if self.plain_reader and html else html

    def _extra(self, status: Record, author: AccountRecord, mark: Mark | None, reactions: list[ReactionSummary], *,
               thread_muted: bool) -> StatusExtra:
        content = status.content
        is_own = self.viewer is not None and self.viewer.id == status.account_id
        parent_author = self.around.accounts.get(status.parent_account_id) if status.parent_id else None
        return {
            "local": status.host is None,
            "conversation_id": thread_number(status.thread),
            "in_reply_to_account_acct": _acct(parent_author, status, content),
            "content": {"text/plain": content.get("plain", "")},
            "spoiler_text": {"text/plain": content.get("spoiler", "")},
            "expires_at": _expires_at(status, author) if is_own else None,
            "direct_conversation_id": self._direct_conversation(status),
            "thread_muted": thread_muted,
            "emoji_reactions": reactions,
            "parent_visible": self._parent_visible(status),
            "pinned_at": _pinned_at(status, author),
            "context": status.context,
            "list_id": status.list_id if is_own else None,
            "event": None,
            "bookmark_folder": mark.folder if mark is not None and mark.bookmark is not None else None,
            **arrange_for_pleroma(status, None),
        }

    def _direct_conversation(self, status: Record) -> int | None:
        if self.viewer is None or not visibility.takes_part(status, self.viewer):
            return None
        return participation_number(self.viewer.id, status.thread)

    def _reactions(self, status: Record, mark: Mark | None) -> list[ReactionSummary]:
        summary = status.reactions
        if not summary:
            return []
        own: Any = (mark.reactions if mark is not None else None) or {}
        less = self._unwanted_reactions(status)
        shown: list[ReactionSummary] = []
        for emoji in sorted(summary, key=lambda emoji: str(summary[emoji]["f"])):
            count = int(summary[emoji]["n"]) - less.get(emoji, 0)
            if count > 0:
                shown.append({"name": emoji, "count": count, "me": emoji in own,
                              **picture_of(summary[emoji].get("u"))})
        return shown

    def _with_names(self, reactions: Sequence[ReactionSummary], status: Record) -> list[ReactionOfAkkoma]:
        summary: Any = status.reactions
        return [{"name": each["name"], "count": each["count"], "me": each["me"], "url": each.get("url"),
                 "account_ids": self._reacting(summary[each["name"]])} for each in reactions]

    def _reacting(self, entry: Mapping[str, Any]) -> list[str]:
        """Who put an emoji there, as far as the status tells and the viewer wants to know."""
        ids = entry.get("w", ()) if settings.show_reactions else ()
        return [id for id in ids if not self._hides(id)]

    def _unwanted_reactions(self, status: Record) -> dict[str, int]:
        """How many of each emoji come from accounts that the viewer blocks or mutes. Loaded only if there are such."""
        less: dict[str, int] = {}
        for other in self.around.reactions.get(status.id, ()):
            for emoji in (other.reactions or {}) if self._hides(other.account_id) else ():
                less[emoji] = less.get(emoji, 0) + 1
        return less

    def _hides(self, account_id: str) -> bool:
        """Whether the viewer does not want to see what this account does."""
        return self.viewer is not None and (
            self.viewer.blocks(account_id) or (not self.with_muted and self.viewer.mutes(account_id)))

    def _parent_visible(self, status: Record) -> bool:
        relation = self.around.relations.get(status.parent_account_id)
        return visibility.may_see_parent(status, self.viewer, relation)

    def _reblog(self, status: Record) -> Status:
        original = self.around.original_of(status)
        inner = self._original(original)
        author = self.around.accounts[original.account_id]
        wrapper: Status = {
            **inner,
            "id": status.id,
            "url": inner["uri"],
            "account": self._account(status.account_id),
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "reblog": dict(inner),
            "card": None,
            "poll": None,
            "created_at": status.created_at,
            "edited_at": None,
            "reblogs_count": 0,
            "replies_count": 0,
            "favourites_count": 0,
            "quotes_count": 0,
            "quote": None,
            "muted": False,
            "pinned": False,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": visibility.for_clients(status.visibility),
            "mentions": [_mention(author.id, author.acct, author.url)],
            "emojis": [],
            "pleroma": {"local": status.host is None},
        }
        return wrapper


def _pinned_at(status: Record, author: AccountRecord) -> str | None:
    moment = (author.pinned_at or {}).get(status.id)
    return None if moment is None else iso(moment)


def _expires_at(status: Record, author: AccountRecord) -> str | None:
    """As its author gets it. A pinned status does not expire."""
    return iso(status.expires) if status.expires is not None and status.id not in (author.pins or ()) else None


def _acct(parent_author: AccountRecord | None, status: Record, content: dict[str, Any]) -> str | None:
    """The name of the parent's author: it was loaded, or it is among the mentions of the reply."""
    if not status.parent_id:
        return None
    if parent_author is not None:
        return parent_author.acct
    named = {each[0]: each[1] for each in content.get("mentions", ())}
    known: str | None = named.get(status.parent_account_id) or content.get("parent_acct")
    return known


def _mention(id: str, acct: str, url: str | None = None) -> Mention:
    """`url`: the page of an account of another server."""
    return {"id": id, "acct": acct, "username": acct.partition("@")[0],
            "url": url or f"{settings.base_url}/users/{acct}"}


def _for_akkoma(status: Record, content: dict[str, Any]) -> AkkomaExtra:
    tells_source = status.host is None or "text" in content
    parent = content.get("answers") or content.get("parent_uri")
    if parent is None and status.parent_id and "@" not in (_acct(None, status, content) or "@"):
        parent = uri_of(status.parent_id)
    return {"source": {"content": status.source, "mediaType": status.content_type} if tells_source else None,
            "in_reply_to_apid": parent, "quote_apid": content.get("quote_uri")}


def _tag(name: str) -> Tag:
    return {"name": name, "url": "/tag/" + quote(name)}


__all__ = ["Mention", "ReactionSummary", "Status", "Tag", "WithoutAuthor", "render_status", "render_statuses"]
