"""The health check: whether the server works."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.instance import health
from ...entities.instance.health import render_health
from ...settings import settings
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply


@endpoint("GET", "/api/pleroma/healthcheck", auth=public())
def healthcheck() -> Annotated[Reply[entities.Health | dict[str, Any]], As(200, 503)]:
    """Whether tables and queues answer, and how many jobs wait. 503 if they do not, or if this is switched off."""
    if not settings.healthcheck:
        return Reply({}, 503)
    found = health.examine()
    return Reply(render_health(found), 200 if found.healthy else 503)
