"""The pages of a link that confirms an e-mail address."""

from __future__ import annotations

from .notices import WayOn, notice


def confirmed() -> str:
    return notice("Your address is confirmed", "If an administrator looks at new accounts here, a letter tells you "
                  "when yours opens. Else it is open now.", WayOn("/account/sign-in", "Sign in"))


def wrong_link() -> str:
    return notice("This link does not work", "It was used already, or it is not whole. If you cannot sign in, ask for "
                  "the letter once more.", WayOn("/account/confirmation", "Send a new link"))
