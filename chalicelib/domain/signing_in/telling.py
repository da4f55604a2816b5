"""What a page says once: what was done by a form of the page before. It is kept with the session."""

from __future__ import annotations

from ...store.signing_in import tokens
from ..viewer import Viewer


def tell(viewer: Viewer, what: str) -> None:
    """Let the next page say what was done. `what`: the name of a sentence."""
    if viewer.token is not None:
        tokens.say(viewer.token, what)


def forget(viewer: Viewer) -> None:
    """A page has said it."""
    if viewer.token is not None and viewer.token.said:
        tokens.say(viewer.token, None)
