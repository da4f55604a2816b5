"""The page for a link that does not confirm an e-mail address."""

from __future__ import annotations

from .notices import notice


def wrong_link() -> str:
    return notice("This link does not work",
                  "It was used already, or it is not whole. You can sign in, or ask for the letter once more.")
