"""The pages between servers: to follow somebody whom another server's page named, and to go home in order to follow
somebody here.
"""

from __future__ import annotations

from ... import entities
from . import Safe, fragment, hidden, joined, page
from .people import handle_of, name_of

EXPLAINED = "People of other servers follow from there. Write your name there, as in name@server.example."
AGAIN = "This page is good for five minutes. After that, begin again."


# For people of this server.


def account(shown: entities.Account, meant: str, *, signed_in_as: str | None, fault: str = "") -> str:
    """Somebody, and the form to follow them."""
    return _interaction(f"Follow {name_of(shown)}", _account(shown), _form(meant, signed_in_as), fault)


def account_as_it_is(shown: entities.Account, text: str) -> str:
    """Somebody with whom there is nothing to do."""
    return _interaction(name_of(shown), _account(shown), fragment("paragraph", text=text))


def status(shown: entities.Status) -> str:
    """A status, and how to go on with it."""
    author, spoiler = shown["account"], shown["spoiler_text"]
    return _interaction(name_of(author), fragment(
        "interaction_status", url=author["url"], handle=handle_of(author), text=Safe(shown["content"]),
        subject=fragment("paragraph", text=spoiler) if spoiler else Safe(), written=shown["created_at"][:10],
        uri=shown["uri"], page=shown["url"] or shown["uri"]), Safe())


def unknown(meant: str, *, fault: str = "") -> str:
    """Nobody is signed in, so the other server is not asked yet."""
    return _interaction("Sign in", fragment("paragraph", text=f"To go on with {meant}"), _form(meant, None), fault)


def second_factor(meant: str, mfa_token: str, *, fault: str = "") -> str:
    """The second step of signing in."""
    kept = [hidden("uri", meant), hidden("mfa[mfa_token]", mfa_token)]
    form = fragment("interaction_form", person=fragment("interaction_code"), hidden=joined(kept), action="Verify")
    return _interaction("Two-factor authentication", fragment("paragraph", text=AGAIN), form, fault)


def done(shown: entities.Account, *, asked: bool) -> str:
    """They are followed, or asked to be."""
    name = name_of(shown)
    text = f"{name} has been asked. Their server may take a moment to agree." if asked else f"You follow {name} now."
    return page("notice", "Asked to follow" if asked else "Followed", text=text, more=Safe())


def refused(text: str) -> str:
    """Something that cannot be done."""
    return page("notice", "This cannot be done", text=text, more=Safe())


def _interaction(title: str, shown: Safe, form: Safe, fault: str = "") -> str:
    return page("interaction", title, shown=shown, form=form, fault=_fault(fault))


def _account(shown: entities.Account) -> Safe:
    return fragment("interaction_account", url=shown["url"], handle=handle_of(shown), note=Safe(shown["note"]))


def _form(meant: str, signed_in_as: str | None) -> Safe:
    person = (fragment("credentials", name="") if signed_in_as is None
              else fragment("signed_in_as", name=signed_in_as))
    action = "Sign in and follow" if signed_in_as is None else "Follow"
    return fragment("interaction_form", person=person, hidden=hidden("uri", meant), action=action)


# For visitors.


def remote_follow(nickname: str, status_id: str, profile: str, *, fault: str = "") -> str:
    """The form for the visitor's own name. Whom they would like to follow is known, or asked too."""
    subject = (hidden("status[status_id]", status_id) if status_id else
               fragment("remote_follow_whom", nickname=nickname))
    title = "Go on at your server" if status_id else "Follow from your server"
    return page("remote_follow", title, fault=_fault(fault), explanation=EXPLAINED, subject=subject, profile=profile)


def _fault(text: str) -> Safe:
    return fragment("fault", text=text) if text else Safe()
