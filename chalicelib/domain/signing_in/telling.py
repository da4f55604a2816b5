"""What a page says once: what a form of the page before did, or why it was not done. It is kept with the session."""

from __future__ import annotations

from ...store.signing_in import tokens
from ..viewer import Viewer

REFUSED = "refused: "
"""What begins with this is no name of a sentence: the reason stands behind it."""


def tell(viewer: Viewer, what: str) -> None:
    """Let the next page say what was done. `what`: the name of a sentence."""
    if viewer.token is not None:
        tokens.say(viewer.token, what)


def tell_refusal(viewer: Viewer, why: str) -> None:
    """Let the next page say why something was not done. `why`: a refusal of ours, no text that anybody has sent."""
    tell(viewer, REFUSED + why)


def forget(viewer: Viewer) -> None:
    """A page has said it."""
    if viewer.token is not None and viewer.token.said:
        tokens.say(viewer.token, None)
