"""Birthdays of those whom one follows."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import birthdays
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/pleroma/birthdays", auth=signed_in("read:accounts"))
def index(viewer: Viewer, day: Annotated[int, "Of the month, from 1."],
          month: Annotated[int, "Of the year, from 1."]) -> list[entities.Account]:
    """Whom the viewer follows and whose birthday is on this day, as far as they show it. The newest account first."""
    return render_accounts(birthdays.list_followed(viewer, month, day), viewer)
