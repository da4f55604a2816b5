"""The front page: what the instance says about itself, and how to get an account or a client.

Naming a client is a promise: those in CHECKED sign in, post and read in our own tests.
"""

from __future__ import annotations

from functools import lru_cache

from ..domain.instance import rules
from ..domain.instance.about import Statistics
from ..domain.text.sanitise import clean
from ..settings import settings
from .engine import rendered

CHECKED = "toot (for the terminal) and Mastodon.py (for programs of your own)"


def front(statistics: Statistics) -> str:
    return rendered("instance/front.html", description=_description(settings.instance_description),
                    rules=rules.list_rules(), signing_up=_signing_up(), checked=CHECKED, statistics=statistics,
                    elsewhere=_elsewhere())


def _elsewhere() -> str:
    """Whether there are people of other servers to follow."""
    if settings.federating:
        return "People here and on other servers of the Fediverse can follow one another."
    return "This server does not exchange statuses with other servers."


@lru_cache(maxsize=2)
def _description(html: str) -> str:
    """The only setting that may have HTML: as much of it as a status."""
    return clean(html)


def _signing_up() -> list[str]:
    if not settings.registrations_open:
        return ["Registrations are closed: a new account needs an invite. Who has one gives it where the client asks "
                "for an invite while signing up."]
    told = ["Anybody may sign up. In a client, choose to make a new account and give this server's address."]
    if settings.account_activation_required:
        told.append("A letter is sent to your e-mail address; the account opens with the link in it.")
    if settings.account_approval_required:
        told.append("An administrator looks at every new account before it opens. Say why you would like to join when "
                    "the client asks for a reason.")
    return told
