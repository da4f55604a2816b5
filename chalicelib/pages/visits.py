"""Who looks at a page, and at which address: what the header of every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from .sentences import SENTENCES

if TYPE_CHECKING:
    from .. import entities
    from ..domain.viewer import Viewer


@dataclass(frozen=True)
class Visit:
    """`path`: where signing in leads back to; empty: the page offers no signing in. `account`: who is signed in.
    `said`: what the page says at its top, once. `refused`: why something was not done, in the same place.
    """

    path: str = ""
    account: entities.Account | None = None
    said: str = ""
    refused: str = ""

    @property
    def sign_in(self) -> str:
        return f"/account/sign-in?next={quote(self.path, safe='/')}" if self.path else ""


NOBODY = Visit()


def place_of(acct: str) -> str:
    """The path of an account's profile here, by the name that clients see: `bob`, or `bob@other.example`."""
    return f"/users/{quote(acct, safe='@')}"


def visit_of(viewer: Viewer | None, path: str) -> Visit:
    """A visit of this viewer, or of nobody. Nothing is read."""
    if viewer is None:
        return Visit(path)
    from ..domain.signing_in.telling import REFUSED
    from ..entities.accounts.account import arrange_account

    said = (viewer.token.said if viewer.token is not None else None) or ""
    refused = said.removeprefix(REFUSED) if said.startswith(REFUSED) else ""
    return Visit(path, arrange_account(viewer.account, viewer), SENTENCES.get(said, ""), refused)
