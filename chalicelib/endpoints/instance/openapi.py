"""The document of this API."""

from __future__ import annotations

from typing import Any

from ...web import openapi
from ...web.auth import public
from ...web.endpoint import endpoint
from .. import load


@endpoint("GET", "/api/openapi", auth=public())
def document() -> dict[str, Any]:
    """This API as an OpenAPI document, made from the same declarations that check the requests."""
    load()
    return openapi.document()
