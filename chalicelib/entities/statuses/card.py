"""Card: the preview of a link."""

from __future__ import annotations

from typing import Any, TypedDict


class CardExtra(TypedDict):
    opengraph: dict[str, Any]


class CardAuthor(TypedDict):
    name: str
    url: str
    account: None


class Card(TypedDict):
    """Pages are linked and never embedded. So there is no `html`, and sizes are those of the picture."""

    type: str
    provider_name: str
    provider_url: str
    url: str
    image: str | None
    image_description: str
    title: str
    description: str
    language: str | None
    published_at: str | None
    authors: list[CardAuthor]
    author_name: str
    author_url: str
    html: str
    width: int
    height: int
    embed_url: str
    blurhash: str | None
    pleroma: CardExtra


def render_card(stored: dict[str, Any] | None) -> Card | None:
    """The card that the status keeps. None: the status has none."""
    if stored is None:
        return None
    said: dict[str, Any] = stored["pleroma"]["opengraph"]
    author = stored.get("author", "")
    return {
        "type": stored["type"], "provider_name": stored["provider_name"], "provider_url": stored["provider_url"],
        "url": stored["url"], "image": stored["image"], "image_description": said.get("image:alt", ""),
        "title": stored["title"], "description": stored["description"],
        "language": stored.get("language"), "published_at": stored.get("published_at"),
        "authors": [{"name": author, "url": "", "account": None}] if author else [],
        "author_name": author, "author_url": "", "html": "",
        "width": _pixels(said.get("image:width")), "height": _pixels(said.get("image:height")),
        "embed_url": "", "blurhash": None, "pleroma": stored["pleroma"],
    }


def _pixels(said: Any) -> int:
    return int(said) if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 6 else 0
