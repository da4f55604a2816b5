"""Statuses and reblogs by the addresses that other servers know them by, and the replies to and stamps of a status."""

from __future__ import annotations

from ...domain.federation import own_collections, own_statuses
from ...domain.federation.own_collections import CollectionPlace
from ...domain.federation.quotes import own_stamps
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Redirect
from ...web.request import Request
from .answers import (
    SECONDS_KEPT,
    Answer,
    AnswerOrTombstone,
    answer,
    asker_of,
    flake_in,
    redirect_to_notice,
    wants_document,
)
from .users import MinId, PageFlag


@endpoint("GET", "/objects/{uuid}", auth=public(), head=True, shared=SECONDS_KEPT, refuses=(401, 403, 404))
def show(request: Request, uuid: str) -> AnswerOrTombstone | Redirect:
    """A status or reblog for servers. What was deleted is told as such for a while. People are led to the page."""
    flake = flake_in(uuid)
    if not wants_document(request):
        return redirect_to_notice(flake)
    document = own_statuses.object_of(flake, asker_of(request))
    return answer(document, 410 if document["type"] == "Tombstone" else 200)


@endpoint("GET", "/objects/{uuid}/replies", auth=public(), head=True, shared=SECONDS_KEPT, refuses=(401, 403, 404))
def replies(request: Request, uuid: str, page: PageFlag = False, min_id: MinId = None) -> Answer:
    """Replies to a status that are for everybody, oldest first."""
    asker, flake = asker_of(request), flake_in(uuid)
    if not page:
        return answer(own_collections.replies(flake, asker))
    return answer(own_collections.replies_page(flake, CollectionPlace(min_id=min_id), asker))


@endpoint("GET", "/objects/{uuid}/stamps/{stamp}", auth=public(), head=True, shared=SECONDS_KEPT,
          refuses=(401, 403, 404))
def stamp(request: Request, uuid: str, stamp: str) -> Answer:
    """That a status may be quoted by a certain other one."""
    asker = asker_of(request)
    return answer(own_stamps.get(flake_in(uuid), flake_in(stamp), asker))
