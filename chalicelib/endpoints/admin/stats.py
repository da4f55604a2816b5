"""Statistics for administrators."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.staff import statistics
from ...entities.staff.stats import render_stats
from ...web.auth import admin
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/admin/stats", auth=admin("admin:read"))
def show(instance: Annotated[str | None, "Only statuses by accounts of this host."] = None) -> entities.AdminStats:
    """How many statuses there are, by visibility."""
    return render_stats(statistics.count_by_visibility(instance or None))
