"""TrendingLink: a card, with how often its link was used on each of the last seven days."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.tags.trends import PopularLink
from ..statuses.card import Card, render_card
from .tag import UsesOfDay, render_uses


class TrendingLink(Card):
    """A card with `history`. Its address is the one by which the timeline of the link is asked for."""

    history: list[UsesOfDay]


def render_links(found: Sequence[PopularLink]) -> list[TrendingLink]:
    shown: list[TrendingLink] = []
    for link in found:
        card = render_card(link.card)
        if card is not None:
            shown.append({**card, "url": link.url, "history": render_uses(link.uses)})
    return shown
