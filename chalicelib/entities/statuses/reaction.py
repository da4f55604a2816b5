"""Reaction: an emoji on a status, and who put it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from ...domain.statuses.reactions import SeenReaction as Record
from ...domain.viewer import Viewer
from ..accounts.account import Account, arrange_account
from ..emoji.emoji import picture_of


class Reaction(TypedDict):
    """Only a custom emoji has a picture: it is called `name@host`."""

    name: str
    count: int
    me: bool
    url: NotRequired[str]
    static_url: NotRequired[str]
    accounts: list[Account]


def render_reactions(reactions: Sequence[Record], viewer: Viewer | None) -> list[Reaction]:
    return [
        {
            "name": each.name, "count": each.count, "me": each.me, **picture_of(each.picture),
            "accounts": [arrange_account(account, viewer) for account in each.accounts],
        }
        for each in reactions
    ]
