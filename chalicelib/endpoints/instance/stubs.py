"""Lists that clients ask for at their start and that are empty on this server, as on the reference server."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import public, signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/trends", auth=public())
def trends() -> list[Any]:
    """Hashtags in fashion: none are counted."""
    return []


@endpoint("GET", "/api/v1/suggestions", auth=signed_in("read"))
def suggestions(viewer: Viewer) -> list[Any]:
    """Whom to follow: nobody is suggested."""
    return []


@endpoint("GET", "/api/v1/endorsements", auth=signed_in("read:accounts"))
def endorsements(viewer: Viewer) -> list[Any]:
    """Whom the viewer recommends: nobody can be."""
    return []


@endpoint("GET", "/api/v1/accounts/{id}/identity_proofs", auth=signed_in("read:accounts"))
def identity_proofs(viewer: Viewer, id: str) -> list[Any]:
    """Proofs of an account's identity elsewhere: none are kept."""
    return []
