"""Cards: previews of the first link of a status or chat message. A job fetches them after it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from ... import outside
from ...ids import iso
from ...settings import settings
from ...store import chat_documents, chats
from ...store.statuses import cards, statuses
from ...store.statuses.statuses import Status
from .. import events, hosts, visibility
from ..event_types.statuses import CardKept
from ..retrying import expect, retried
from ..text import page_cards
from ..viewer import Viewer

UNSEEN = frozenset({"local", "localdomain", "lan"})


def link_of(status: Status, content: Mapping[str, Any] | None = None) -> str | None:
    """The first link of a status that may have a card. `content`: what it will say. None: what it says.

    A link that another server attached comes before all others. Its other attachments take the place of a card.
    """
    content = status.content if content is None else content
    if status.reblog_of:
        return None
    attached = content.get("card_link")
    if attached and settings.rich_media and _may_ask(attached):
        return str(attached)
    if status.host is not None and content.get("attachments"):
        return None
    return link_in(content.get("html", ""))


def kept_for(status: Status, content: Mapping[str, Any]) -> dict[str, Any]:
    """What remains of a card when a status says something else from now on: all of it, or nothing for another link."""
    card = status.content.get("card")
    return {"card": card} if card is not None and link_of(status) == link_of(status, content) else {}


def is_wanted(status: Status, content: Mapping[str, Any]) -> bool:
    """Whether the card has to be fetched of a status that says this from now on."""
    return "card" not in content and link_of(status, content) is not None


def link_in(html: str) -> str | None:
    """The first link that may have a card: no mention, no hashtag, https, to a host that may be asked."""
    if not settings.rich_media or "<a " not in html:
        return None
    links = _Links()
    links.feed(html)
    return next((url for url in links.found if _may_ask(url)), None)


def _may_ask(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return False
    ignored = {each.strip().casefold() for each in settings.rich_media_ignore_hosts.split(",") if each.strip()}
    if not host or host in ignored or host.rpartition(".")[2] in UNSEEN:
        return False
    # This machine has no certificate, so the local stage may read its own pages without one.
    return parts.scheme == "https" or (settings.is_local and parts.scheme == "http" and host == "127.0.0.1")


class _Links(HTMLParser):
    """The addresses of plain links in a status' HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        words = (values.get("class") or "").split()
        if tag == "a" and values.get("href") and not {"mention", "hashtag"} & set(words):
            self.found.append(values["href"] or "")


def fetch(status_id: str) -> None:
    """Fetch the card of a status and store it with the status. Without a card, the status stays as it is.

    Raises NotNow.
    """
    status = statuses.find(status_id)
    url = link_of(status) if status is not None and "card" not in status.content else None
    if status is None or url is None:
        return
    card = _card(url)
    if card is not None:
        retried(lambda: _keep(status_id, card))


def _keep(status_id: str, card: dict[str, Any]) -> None:
    status = statuses.find(status_id)
    if status is not None:
        expect(cards.keep(status, card))
        events.tell(CardKept(status.id, status.account_id))


def fetch_for_message(chat: str, message_id: str) -> None:
    """Fetch the card of a chat message and store it with both copies. Without a card, they stay as they are.

    Raises NotNow.
    """
    message = chats.find_message(chat, message_id)
    url = link_in(message.content.get("html", "")) if message is not None and "card" not in message.content else None
    if message is None or url is None:
        return
    card = _card(url)
    if card is not None:
        retried(lambda: _keep_with_twin(chat, message_id, card))


def _keep_with_twin(chat: str, message_id: str, card: dict[str, Any]) -> None:
    """Put the card into each copy that still exists.

    The copy that the job knows comes last. While it has no card, a function that died in between is followed by one
    that does both.
    """
    message = chats.find_message(chat, message_id)
    for copy in chat_documents.with_twins([message] if message is not None else []):
        if "card" not in copy.content:
            expect(chat_documents.keep_card(copy, card))


def _card(url: str) -> dict[str, Any] | None:
    try:
        with hosts.asking(url):
            page = outside.fetch(url, accept="text/html", most_bytes=page_cards.MOST_BYTES, cut=True)
    except outside.Unreachable:
        return None
    if page.status != 200 or page.content_type != "text/html":
        return None
    said = page_cards.read(page.body, page.headers.get("content-type", ""))
    return None if said is None else _arranged(page.url, said)


def _arranged(url: str, said: page_cards.PageCard) -> dict[str, Any]:
    """The card as clients see it. An address is absolute and http(s), or missing."""
    own = _web(url, said.values.get("url")) or url
    parts = urlsplit(own)
    card = {
        "type": "link", "provider_name": parts.hostname, "provider_url": f"{parts.scheme}://{parts.netloc}",
        "url": own, "image": _web(url, said.values.get("image")), "title": said.title,
        "description": said.values.get("description", ""), "pleroma": {"opengraph": said.values},
    }
    more = {"author": said.author, "published_at": _moment(said.published)}
    return card | {name: value for name, value in more.items() if value}


def _moment(said: str) -> str | None:
    """A time as clients expect it. None for what is none."""
    try:
        moment = datetime.fromisoformat(said)
        return iso((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def _web(base: str, address: str | None) -> str | None:
    try:
        joined = urljoin(base, address) if address else ""
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None


def find_of_status(status_id: str, viewer: Viewer | None) -> dict[str, Any] | None:
    """The card of a status, if it has one."""
    status, _ = visibility.readable(status_id, viewer)
    card: dict[str, Any] | None = status.content.get("card")
    return card
