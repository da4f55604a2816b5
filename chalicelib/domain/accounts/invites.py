"""Invites: who may sign up where registrations are closed. A use counts only if an account was made with it."""

from __future__ import annotations

from datetime import date

from ...ids import new_flake
from ...queues.messages import Mail
from ...store.accounts import invites as store
from ...store.accounts.invites import Invite
from ..mail import mailing
from ..refusals import BadRequest, NotFound
from ..viewer import Viewer

SPENT = "Expired token"
UNKNOWN = "Invalid token"


def create(max_use: int | None = None, expires_at: date | None = None) -> Invite:
    """A new invite: for one use, for `max_use` uses, until the end of the day `expires_at`, or both."""
    return store.add(max_use, expires_at)


def list_all() -> list[Invite]:
    """All invites, oldest first, the used ones too."""
    return store.every()


def revoke(token: str) -> Invite:
    """Revoke an invite. A second time changes nothing. Raises NotFound."""
    invite = store.find(token) if store.revoke(token) else None
    if invite is None:
        raise NotFound
    return invite


def send(invite: Invite, to: str, name: str, *, by: Viewer) -> None:
    """Mail an invite to somebody who has no account yet."""
    args = {"to": to, "name": name, "token": invite.token}
    mailing.ask([Mail(new_flake(), mailing.INVITATION, by.id, args)])


def demand_usable(invite: Invite | None, token: str | None) -> Invite:
    """The invite of a token, if it can be used now. Raises BadRequest."""
    if token is None:
        raise BadRequest(SPENT)
    if invite is None:
        raise BadRequest(UNKNOWN)
    if invite.used or invite.expired:
        raise BadRequest(SPENT)
    return invite
