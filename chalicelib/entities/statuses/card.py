"""Card: the preview of a link."""

from __future__ import annotations

from typing import Any, TypedDict


class CardExtra(TypedDict):
    opengraph: dict[str, Any]


class Card(TypedDict):
    type: str
    provider_name: str
    provider_url: str
    url: str
    image: str | None
    title: str
    description: str
    pleroma: CardExtra


def render_card(stored: dict[str, Any] | None) -> Card | None:
    """The card that the status keeps. None: the status has none."""
    return None if stored is None else Card(**stored)  # type: ignore[typeddict-item]
