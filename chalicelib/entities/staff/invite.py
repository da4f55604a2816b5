"""Invite, with its token, as administrators see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from ...store.accounts.invites import Invite as Record


class Invite(TypedDict):
    """`invite_type` is one_time, reusable, date_limited or reusable_date_limited. `expires_at`: its last day."""

    id: int
    token: str
    used: bool
    expires_at: str | None
    uses: int
    max_use: int | None
    invite_type: str


class Invites(TypedDict):
    invites: list[Invite]


def render_invites(invites: Iterable[Record]) -> Invites:
    return {"invites": [render_invite(each) for each in invites]}


def render_invite(invite: Record) -> Invite:
    return {
        "id": int(invite.number),
        "token": invite.token,
        "used": invite.used,
        "expires_at": invite.expires_at,
        "uses": int(invite.uses),
        "max_use": int(invite.max_use) if invite.max_use is not None else None,
        "invite_type": invite.invite_type,
    }
