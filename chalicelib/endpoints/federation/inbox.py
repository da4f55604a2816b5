"""Inboxes: where other servers send what their people do. All of it is taken at once, and done later.

Nobody signs in here. Each request is signed by whoever sends it, and that covers the bytes of the body as they came.
"""

from __future__ import annotations

from typing import Annotated, Any

from ...domain.federation.receiving import accepting
from ...domain.federation.receiving.accepting import Delivery
from ...domain.refusals import Throttled, Unavailable
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.errors import body_of, status_of
from ...web.replies import NOTHING, As, Reply
from ...web.request import Request
from ...web.signed import incoming

Taken = Annotated[Reply[Any], As(202)]
REFUSES = (401, 404, 415, 429)
WAIT = {"Retry-After": "60"}


@endpoint("POST", "/inbox", auth=public(), raw=True, refuses=REFUSES)
def share(request: Request) -> Taken:
    """Take what another server sends to anybody here."""
    return _taken(request, None)


@endpoint("POST", "/users/{nickname}/inbox", auth=public(), raw=True, refuses=(*REFUSES, 410))
def receive(request: Request, nickname: str) -> Taken:
    """Take what another server sends to one account."""
    return _taken(request, nickname)


@endpoint("POST", "/internal/fetch/inbox", auth=public(), raw=True, refuses=(404,))
def ignore(request: Request) -> Taken:
    """Take what another server sends to the account of the server itself. Nothing is done with it."""
    accepting.take_for_the_server()
    return Reply(NOTHING, 202)


def _taken(request: Request, nickname: str | None) -> Reply[Any]:
    delivery = Delivery(incoming(request), nickname, request.ip, request.headers.get("content-type", ""))
    try:
        accepting.take(delivery)
    except (Throttled, Unavailable) as refusal:
        return Reply(body_of(refusal), status_of(refusal), WAIT)
    return Reply(NOTHING, 202)
