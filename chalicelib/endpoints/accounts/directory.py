"""The directory of accounts that want to be found."""

from __future__ import annotations

from typing import Annotated, Literal

from ... import entities
from ...domain.accounts import directory
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.paging import Page, Sizes
from ...web.params import Flag


@endpoint("GET", "/api/v1/directory", auth=optional("read:accounts", open=True), refuses=(401,))
def index(viewer: Viewer | None, page: Annotated[Page, Sizes(default=40, most=80)],
          order: Annotated[Literal["active", "new"], "By the latest status, or by when they came."] = "active",
          local: Annotated[Flag, "Only accounts of this server."] = False) -> list[entities.Account]:
    """Accounts that want to be found (`discoverable`). Pages go by `offset`, up to the thousandth account."""
    found = directory.list_page(viewer, offset=page.offset, limit=page.limit, newest=order == directory.NEW,
                                local=local)
    return render_accounts(found, viewer)
