"""Whom one blocks, and whom one mutes."""

from __future__ import annotations

from ... import entities
from ...domain.relationships import hidden
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import Flag


@endpoint("GET", "/api/v1/blocks", auth=signed_in("follow", "read:blocks"))
def blocked(viewer: Viewer, page: Page, with_relationships: Flag = False) -> Paged[entities.Account]:
    """Whom the viewer blocks, in the order of the accounts' ids."""
    return _reply(viewer, page, muted=False, with_relationships=with_relationships)


@endpoint("GET", "/api/v1/mutes", auth=signed_in("follow", "read:mutes"))
def muted(viewer: Viewer, page: Page, with_relationships: Flag = False) -> Paged[entities.Account]:
    """Whom the viewer mutes, in the order of the accounts' ids."""
    return _reply(viewer, page, muted=True, with_relationships=with_relationships)


def _reply(viewer: Viewer, page: Page, *, muted: bool, with_relationships: bool) -> Paged[entities.Account]:
    found = hidden.list_of(viewer, page, muted=muted)
    shown = render_accounts(found.accounts, viewer, with_relationships=with_relationships)
    return page.reply(shown, continues=found.continues, ascending=True)
