"""Lists: an account's private groups of accounts."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.relationships import lists
from ...domain.relationships.lists import ListWishes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.relationships.list import render_list
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged, Sizes
from ...web.params import Blankable, Flag, FlakeId

Policy = Annotated[Blankable[str], "Which replies it shows: to members (list), to followed people (followed), none."]
Exclusive = Annotated[Flag | None, "Whether what its members write stays off the home timeline."]
MOST_MEMBERS = 1000
READ, WRITE = signed_in("read:lists"), signed_in("write:lists")


@endpoint("GET", "/api/v1/lists", auth=READ)
def index(viewer: Viewer) -> list[entities.List]:
    """The viewer's lists, newest first, at most fifty."""
    return [render_list(row) for row in lists.list_of(viewer)]


@endpoint("POST", "/api/v1/lists", auth=WRITE)
def create(viewer: Viewer, title: str, replies_policy: Policy = None, exclusive: Exclusive = None) -> entities.List:
    """Make a list."""
    return render_list(lists.create(ListWishes(title, replies_policy, exclusive), viewer))


@endpoint("GET", "/api/v1/lists/{id}", auth=READ)
def show(viewer: Viewer, id: FlakeId) -> entities.List:
    """One of the viewer's lists."""
    return render_list(lists.get(id, viewer))


@endpoint("PUT", "/api/v1/lists/{id}", auth=WRITE)
def change(viewer: Viewer, id: FlakeId, title: str, replies_policy: Policy = None,
           exclusive: Exclusive = None) -> entities.List:
    """Change a list. What is not sent stays as it is, but for the title, which is needed."""
    return render_list(lists.change(id, ListWishes(title, replies_policy, exclusive), viewer))


@endpoint("DELETE", "/api/v1/lists/{id}", auth=WRITE)
def remove(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a list."""
    lists.remove(id, viewer)
    return {}


@endpoint("GET", "/api/v1/lists/{id}/accounts", auth=READ)
def members(viewer: Viewer, id: FlakeId,
            page: Annotated[Page, Sizes(default=0, most=MOST_MEMBERS)]) -> Paged[entities.Account]:
    """Who is on a list, newest account first: everybody, unless there is a limit above 0."""
    found = render_accounts(lists.list_members(id, viewer, page), viewer)
    return page.reply(found) if page.limit else Paged(found)


@endpoint("POST", "/api/v1/lists/{id}/accounts", auth=WRITE)
def add(viewer: Viewer, id: FlakeId, account_ids: list[str]) -> dict[str, Any]:
    """Put accounts on a list. The viewer need not follow them."""
    lists.add(id, account_ids, viewer)
    return {}


@endpoint("DELETE", "/api/v1/lists/{id}/accounts", auth=WRITE)
def drop(viewer: Viewer, id: FlakeId, account_ids: list[str] | None = None) -> dict[str, Any]:
    """Take accounts off a list."""
    lists.drop(id, account_ids or [], viewer)
    return {}


@endpoint("GET", "/api/v1/accounts/{id}/lists", auth=READ)
def holding(viewer: Viewer, id: FlakeId) -> list[entities.List]:
    """The viewer's lists that hold an account."""
    return [render_list(row) for row in lists.list_holding(id, viewer)]
