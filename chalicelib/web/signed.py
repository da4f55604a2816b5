"""A request as those see it who check its signature: the bytes as they came, and every spelling of its target."""

from __future__ import annotations

from ..domain.federation.signatures import Incoming
from .request import Request


def incoming(request: Request) -> Incoming:
    """What may have been signed. The public host is that of the settings: the header has the one behind the CDN."""
    return Incoming(request.method, request.target, request.headers, request.raw_body, also=(request.target_anew,))
