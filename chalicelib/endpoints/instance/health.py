"""Whether the function answers at all, for whoever watches it. `healthcheck.py` looks at what is behind it."""

from __future__ import annotations

from typing import Annotated

from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply

TEXT = "text/plain; charset=utf-8"


@endpoint("GET", "/health", auth=public())
def health() -> Annotated[Reply[str], As(kinds=("text/plain",))]:
    """OK."""
    return Reply("OK", content_type=TEXT)


@endpoint("GET", "/api/v1/streaming/health", auth=public())
def streaming_health() -> Annotated[Reply[str], As(kinds=("text/plain",))]:
    """OK, for clients that ask before they listen."""
    return Reply("OK", content_type=TEXT)
