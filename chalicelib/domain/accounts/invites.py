"""Invites: who may sign up where registrations are closed. A use counts only if an account was made with it."""

from __future__ import annotations

from datetime import date

from ...ids import new_flake
from ...queues.notifications import Mail
from ...settings import settings
from ...store.accounts import invites as store
from ...store.accounts.invites import Invite
from ..mail import mailing
from ..refusals import BadRequest, NotFound
from ..viewer import Viewer

MOST_LISTED = 1_000
"""The API's list has no pages. It would not fit into a reply for ever, so it has the latest."""
SPENT = "Expired token"
UNKNOWN = "Invalid token"
OPEN = "To send invites you need to set the `registrations_open` option to false."
SWITCHED_OFF = "To send invites you need to set the `invites_enabled` option to true."


def create(max_use: int | None = None, expires_at: date | None = None) -> Invite:
    """A new invite: for one use, for `max_use` uses, until the end of the day `expires_at`, or both."""
    invite = store.make(max_use, expires_at)
    store.add(invite)
    return invite


def list_latest() -> list[Invite]:
    """The latest invites, oldest first, the used ones too."""
    return store.latest(MOST_LISTED)


def revoke(token: str) -> Invite:
    """Revoke an invite. A second time changes nothing. Raises NotFound."""
    invite = store.find(token) if store.revoke(token) else None
    if invite is None:
        raise NotFound("Not found")
    return invite


def mail_one(to: str, name: str, *, by: Viewer | None) -> None:
    """Mail an invite for one use to somebody who has no account yet. `by`: None behind the admin token.

    Raises BadRequest where nobody needs invites, or none are mailed.
    """
    if settings.registrations_open:
        raise BadRequest(OPEN)
    if not settings.invites_enabled:
        raise BadRequest(SWITCHED_OFF)
    invite = store.make(None, None)
    args = {"to": to, "name": name, "token": invite.token}
    letters = [Mail(new_flake(), mailing.INVITATION, by.id if by is not None else mailing.NOBODY, args)]
    store.add(invite, mailing.owed(letters))
    mailing.hurry(letters)


def demand_usable(invite: Invite | None, token: str | None) -> Invite:
    """The invite of a token, if it can be used now. Raises BadRequest."""
    if token is None:
        raise BadRequest(SPENT)
    if invite is None:
        raise BadRequest(UNKNOWN)
    if invite.used or invite.expired:
        raise BadRequest(SPENT)
    return invite
