"""Lists: an account's private groups of accounts."""

from __future__ import annotations

from typing import Any

from ... import entities
from ...domain.relationships import lists
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.relationships.list import render_list
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId

READ, WRITE = signed_in("read:lists"), signed_in("write:lists")


@endpoint("GET", "/api/v1/lists", auth=READ)
def index(viewer: Viewer) -> list[entities.List]:
    """The viewer's lists, newest first, at most fifty."""
    return [render_list(row) for row in lists.list_of(viewer)]


@endpoint("POST", "/api/v1/lists", auth=WRITE)
def create(viewer: Viewer, title: str) -> entities.List:
    """Make a list."""
    return render_list(lists.create(title, viewer))


@endpoint("GET", "/api/v1/lists/{id}", auth=READ)
def show(viewer: Viewer, id: FlakeId) -> entities.List:
    """One of the viewer's lists."""
    return render_list(lists.get(id, viewer))


@endpoint("PUT", "/api/v1/lists/{id}", auth=WRITE)
def rename(viewer: Viewer, id: FlakeId, title: str) -> entities.List:
    """Give a list another title."""
    return render_list(lists.rename(id, title, viewer))


@endpoint("DELETE", "/api/v1/lists/{id}", auth=WRITE)
def remove(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Delete a list."""
    lists.remove(id, viewer)
    return {}


@endpoint("GET", "/api/v1/lists/{id}/accounts", auth=READ)
def members(viewer: Viewer, id: FlakeId) -> list[entities.Account]:
    """Everybody on a list, newest account first."""
    return render_accounts(lists.list_members(id, viewer), viewer)


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
