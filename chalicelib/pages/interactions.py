"""The pages between servers: to follow somebody whom another server's page named, and to go home in order to follow
somebody here.
"""

from __future__ import annotations

from typing import Any

from .. import entities
from .engine import rendered
from .filters import name
from .notices import notice

EXPLAINED = "People of other servers follow from there. Write your name there, as in name@server.example."
AGAIN = "This page is good for five minutes. After that, begin again."


# For people of this server.


def account(shown: entities.Account, meant: str, *, signed_in_as: str | None, fault: str = "") -> str:
    """Somebody, and the form to follow them."""
    return _interaction("account", f"Follow {name(shown)}", fault, signed_in_as, kept={"uri": meant}, text="",
                        action="Sign in and follow" if signed_in_as is None else "Follow", account=shown)


def account_as_it_is(shown: entities.Account, text: str) -> str:
    """Somebody with whom there is nothing to do."""
    return _interaction("account", name(shown), account=shown, text=text)


def status(shown: entities.Status) -> str:
    """A status, and how to go on with it."""
    return _interaction("status", name(shown["account"]), status=shown)


def unknown(meant: str, *, fault: str = "") -> str:
    """Nobody is signed in, so the other server is not asked yet."""
    return _interaction("unknown", "Sign in", fault, kept={"uri": meant}, text=f"To go on with {meant}",
                        action="Sign in and follow")


def second_factor(meant: str, mfa_token: str, *, fault: str = "") -> str:
    """The second step of signing in."""
    return _interaction("second_factor", "Two-factor authentication", fault, text=AGAIN, action="Verify",
                        kept={"uri": meant, "mfa[mfa_token]": mfa_token})


def _interaction(template: str, title: str, fault: str = "", signed_in_as: str | None = None, *, action: str = "",
                 kept: dict[str, str] | None = None, **shown: Any) -> str:
    return rendered(f"interactions/{template}.html", title=title, fault=fault, signed_in_as=signed_in_as, name="",
                    action=action, kept=kept or {}, **shown)


def done(shown: entities.Account, *, asked: bool) -> str:
    """They are followed, or asked to be."""
    who = name(shown)
    text = f"{who} has been asked. Their server may take a moment to agree." if asked else f"You follow {who} now."
    return notice("Asked to follow" if asked else "Followed", text)


def refused(text: str) -> str:
    """Something that cannot be done."""
    return notice("This cannot be done", text)


# For visitors.


def remote_follow(nickname: str, status_id: str, profile: str, *, fault: str = "") -> str:
    """The form for the visitor's own name. Whom they would like to follow is known, or asked too."""
    title = "Go on at your server" if status_id else "Follow from your server"
    return rendered("interactions/remote_follow.html", title=title, fault=fault, explanation=EXPLAINED,
                    nickname=nickname, status_id=status_id, profile=profile)
