"""The moderation log."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.staff import log
from ...entities.staff.log_entry import render_log
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.kinds import PageNumber
from ...web.params import DateTime


@endpoint("GET", "/api/pleroma/admin/moderation_log", auth=admin("admin:read"))
def moderation_log(
        user_id: str | None = None, search: str | None = None, start_date: DateTime | None = None,
        end_date: DateTime | None = None, page: Annotated[int, PageNumber(1)] = 1,
        page_size: Annotated[int, PageNumber(50)] = 50) -> entities.ModerationLog:
    """What administrators did, newest first. At most 100 entries a page.

    `search`: part of the message, in any letter case. The period includes both dates.
    """
    wanted = log.wanted(user_id=user_id, start=start_date, end=end_date, text=search)
    return render_log(log.read(wanted, page, page_size))
