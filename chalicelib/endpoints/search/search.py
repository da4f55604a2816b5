"""Searching for accounts, statuses and hashtags at once, or for accounts alone (to mention somebody)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ... import entities
from ...domain.paging import Slice, window
from ...domain.search import results
from ...domain.search.results import AccountWishes, Among, Everything
from ...domain.viewer import Viewer
from ...entities.search.results import render_found, render_found_accounts, render_found_plainly
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.limits import SEARCH
from ...web.paging import Page, Sizes
from ...web.params import Flag, FlakeId, Flat


@dataclass(frozen=True)
class Search:
    q: Annotated[str, "Words, \"a phrase\", or, -word, from:me, has:media, is:reply, language:de, "
                      "before:2024-05-01, in:library; or the address of a status or an account."]
    type: Annotated[Literal["accounts", "statuses", "hashtags"] | None, "Look for these only."] = None
    account_id: Annotated[FlakeId | None, "Statuses by this author only."] = None
    following: Annotated[Flag, "Accounts that the viewer follows only."] = False
    with_relationships: Annotated[Flag, "Embed how the viewer stands to each account."] = False
    resolve: Annotated[Flag, "Looks for this exact name or address, at other servers too."] = False


@endpoint("GET", "/api/v2/search", auth=optional("read:search"), limits=(SEARCH,))
def search(viewer: Viewer | None, page: Page, search: Flat[Search]) -> entities.Found:
    """Accounts by their names, public statuses by their words, and the hashtags that the query names."""
    return render_found(_found(search, page, viewer), viewer, with_relationships=search.with_relationships)


@endpoint("GET", "/api/v1/search", auth=optional("read:search"), limits=(SEARCH,))
def search_plainly(viewer: Viewer | None, page: Page, search: Flat[Search]) -> entities.FoundPlainly:
    """The first version of the search, with hashtags as texts."""
    return render_found_plainly(_found(search, page, viewer), viewer, with_relationships=search.with_relationships)


def _found(search: Search, page: Page, viewer: Viewer | None) -> Everything:
    part = window(page)
    among = Among(search.account_id, part.above, part.below)
    return results.find_everything(search.q, viewer, Slice(page.limit, page.offset), kind=search.type, among=among,
                                   wishes=AccountWishes(search.following, search.resolve))


@endpoint("GET", "/api/v1/accounts/search", auth=optional("read:search"), limits=(SEARCH,))
def search_accounts(viewer: Viewer | None, q: Annotated[str, "The beginnings of words of a name; an address or URL."],
           page: Annotated[Page, Sizes(default=40, most=40)],
           following: Annotated[Flag, "Accounts that the viewer follows only."] = False,
           resolve: Annotated[Flag, "Looks for this exact name or address, at other servers too."] = False,
           with_relationships: Annotated[Flag, "Embed how the viewer stands to each account."] = False,
           ) -> list[entities.Account]:
    """Accounts whose nickname or display name has a word that begins so, best match first."""
    people = results.search_accounts(q, viewer, Slice(page.limit, page.offset), AccountWishes(following, resolve))
    return render_found_accounts(people, viewer, with_relationships=with_relationships)
