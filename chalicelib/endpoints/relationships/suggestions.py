"""Suggestions of whom to follow. Clients ask when they start."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.relationships import following, suggestions
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.relationships.suggestion import render_suggestions
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Sizes
from ...web.params import FlakeId

Some = Annotated[Page, Sizes(default=40, most=80)]


@endpoint("GET", "/api/v1/suggestions", auth=signed_in("read"))
def index(viewer: Viewer, page: Some) -> list[entities.Account]:
    """Whom to follow."""
    return render_accounts([each.account for each in suggestions.list_for(viewer, page.limit)], viewer)


@endpoint("GET", "/api/v2/suggestions", auth=signed_in("read"))
def with_reasons(viewer: Viewer, page: Some) -> list[entities.Suggestion]:
    """Whom to follow, and why."""
    return render_suggestions(suggestions.list_for(viewer, page.limit), viewer)


@endpoint("DELETE", "/api/v1/suggestions/{id}", auth=signed_in("write:accounts"), ahead=following.ahead)
def dismiss(viewer: Viewer, id: FlakeId) -> dict[str, Any]:
    """Do not suggest an account any more."""
    suggestions.dismiss(id, by=viewer)
    return {}
