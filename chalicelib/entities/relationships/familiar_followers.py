"""Which followers of an account the viewer knows."""

from __future__ import annotations

from typing import TypedDict

from ...domain.relationships.followers import Familiar
from ...domain.viewer import Viewer
from ..accounts.account import Account, render_accounts


class FamiliarFollowers(TypedDict):
    """`id`: of the account. `accounts`: its followers whom the viewer follows."""

    id: str
    accounts: list[Account]


def render_familiar(familiar: Familiar, viewer: Viewer) -> FamiliarFollowers:
    """Reads nothing."""
    return {"id": familiar.id, "accounts": render_accounts(familiar.accounts, viewer)}
