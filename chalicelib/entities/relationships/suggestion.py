"""Somebody whom the viewer might like to follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ...domain.relationships import suggestions
from ...domain.viewer import Viewer
from ..accounts.account import Account, render_accounts

OLDER_WORDS = {
    suggestions.FEATURED: "staff", suggestions.OF_FRIENDS: "past_interactions", suggestions.POPULAR: "global"}


class Suggestion(TypedDict):
    """`source`: the older word for the first of `sources`."""

    source: str
    sources: list[str]
    account: Account


def render_suggestions(found: Sequence[suggestions.Suggested], viewer: Viewer) -> list[Suggestion]:
    """Reads nothing."""
    shown = render_accounts([each.account for each in found], viewer)
    return [{"source": OLDER_WORDS[each.reasons[0]], "sources": list(each.reasons), "account": account}
            for each, account in zip(found, shown, strict=True)]
