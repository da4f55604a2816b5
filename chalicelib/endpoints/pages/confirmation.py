"""The page for a link that does not confirm an e-mail address."""

from __future__ import annotations

from . import Safe, page


def wrong_link() -> str:
    return page("notice", "This link does not work", more=Safe(),
                text="It was used already, or it is not whole. You can sign in, or ask for the letter once more.")
