"""Searching for accounts, as for somebody to mention."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.search import results
from ...domain.search.results import Slice
from ...domain.viewer import Viewer
from ...entities.search.results import render_found_accounts
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.limits import SEARCH
from ...web.paging import Page, Sizes
from ...web.params import Flag


@endpoint("GET", "/api/v1/accounts/search", auth=optional("read:search"), limits=(SEARCH,))
def search(viewer: Viewer | None, q: Annotated[str, "The beginnings of words of a name; an address or URL."],
           page: Annotated[Page, Sizes(default=40, most=40)],
           following: Annotated[Flag, "Accounts that the viewer follows only."] = False,
           resolve: Annotated[Flag, "Ignored: nothing is fetched from elsewhere."] = False,
           with_relationships: Annotated[Flag, "Embed how the viewer stands to each account."] = False,
           ) -> list[entities.Account]:
    """Accounts whose nickname or display name has a word that begins so, the most fitting first."""
    people = results.accounts(q, viewer, Slice(page.limit, page.offset), following=following)
    return render_found_accounts(people, viewer, with_relationships=with_relationships)
