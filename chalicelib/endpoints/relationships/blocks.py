"""Blocks of accounts."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import blocks, following, hidden
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_blocked_accounts
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import Flag, FlakeId

WRITE = signed_in("follow", "write:blocks")


@endpoint("POST", "/api/v1/accounts/{id}/block", auth=WRITE, ahead=following.ahead)
def block(viewer: Viewer, id: FlakeId,
          duration: Annotated[int, "Seconds; 0 for good."] = 0,
          expires_in: Annotated[int, "The same."] = 0) -> entities.Relationship:
    """Block an account: follows between the two end, and the viewer hears no more of it."""
    return render_relationship(blocks.add(id, viewer, duration=duration or expires_in), viewer)


@endpoint("POST", "/api/v1/accounts/{id}/unblock", auth=WRITE, ahead=following.ahead)
def unblock(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Unblock an account. Follows do not come back."""
    return render_relationship(blocks.remove(id, viewer), viewer)


@endpoint("GET", "/api/v1/blocks", auth=signed_in("follow", "read:blocks"))
def index(viewer: Viewer, page: Page, with_relationships: Flag = False) -> Paged[entities.Account]:
    """Whom the viewer blocks, in the order of the accounts' ids. `block_expires_at` is null if it has no end."""
    found = hidden.list_of(viewer, page, muted=False)
    shown = render_blocked_accounts(found.accounts, viewer, with_relationships=with_relationships)
    return page.reply(shown, continues=found.continues, ascending=True)
