"""Figures of the server for Prometheus, as Akkoma has them. CloudWatch gets its own by the log (`metrics.py`)."""

from __future__ import annotations

from typing import Annotated

from ...domain.instance import about, health
from ...entities.instance.metrics import CONTENT_TYPE, render_metrics
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.replies import As, Reply


@endpoint("GET", "/api/v1/akkoma/metrics", auth=admin("admin:read", "admin:metrics"))
def metrics() -> Annotated[Reply[str], As(kinds=("text/plain",))]:
    """How much is on this server, and how many jobs wait, as Prometheus reads it."""
    return Reply(render_metrics(about.get_statistics(), health.examine()), content_type=CONTENT_TYPE)
