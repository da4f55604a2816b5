"""Mutes of accounts. Muted threads are in `statuses/thread_mutes.py`."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import following, hidden, mutes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_muted_accounts
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import Flag, FlakeId

WRITE = signed_in("follow", "write:mutes")


@endpoint("POST", "/api/v1/accounts/{id}/mute", auth=WRITE, ahead=following.ahead)
def mute(viewer: Viewer, id: FlakeId,
         notifications: Annotated[Flag, "Whether its notifications are muted too."] = True,
         expires_in: Annotated[int, "Seconds; 0 for good."] = 0,
         duration: Annotated[int, "The same, as clients of Mastodon call it."] = 0) -> entities.Relationship:
    """Mute an account. It is not told, and follows stay."""
    standing = mutes.add(id, viewer, notifications=notifications, expires_in=expires_in or duration)
    return render_relationship(standing, viewer)


@endpoint("POST", "/api/v1/accounts/{id}/unmute", auth=WRITE, ahead=following.ahead)
def unmute(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Unmute an account."""
    return render_relationship(mutes.remove(id, viewer), viewer)


@endpoint("GET", "/api/v1/mutes", auth=signed_in("follow", "read:mutes"))
def index(viewer: Viewer, page: Page, with_relationships: Flag = False) -> Paged[entities.Account]:
    """Whom the viewer mutes, in the order of the accounts' ids. `mute_expires_at` is null where a mute has no end."""
    found = hidden.list_of(viewer, page, muted=True)
    shown = render_muted_accounts(found.accounts, viewer, with_relationships=with_relationships)
    return page.reply(shown, continues=found.continues, ascending=True)
