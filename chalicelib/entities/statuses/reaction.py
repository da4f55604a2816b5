"""Reaction: an emoji on a status, and who put it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ...domain.statuses.reactions import SeenReaction as Record
from ...domain.viewer import Viewer
from ..accounts.account import Account, arrange_account


class Reaction(TypedDict):
    name: str
    count: int
    me: bool
    accounts: list[Account]


def render_reactions(reactions: Sequence[Record], viewer: Viewer | None) -> list[Reaction]:
    return [
        {
            "name": each.name, "count": each.count, "me": each.me,
            "accounts": [arrange_account(account, viewer) for account in each.accounts],
        }
        for each in reactions
    ]
