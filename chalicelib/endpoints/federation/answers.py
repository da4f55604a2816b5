"""Answers: which form of an address is wanted, and a document as the reply.

One address has two bodies: a document for servers, and a page for people.
"""

from __future__ import annotations

from typing import Annotated, Any

from ...domain.federation import addresses, asking
from ...domain.federation.asking import UNKNOWN
from ...domain.federation.documents.context import ACTIVITY_JSON, Document
from ...domain.federation.foreign_keys import ActorKey
from ...domain.refusals import NotFound
from ...settings import settings
from ...web.accepting import form_wanted
from ...web.errors import NOT_IMPLEMENTED
from ...web.replies import LEAVE, As, Redirect, Reply
from ...web.request import Request, came_by_the_cdn
from ...web.signed import incoming

SECONDS_KEPT = 10
BY_FORM = {"Vary": "Accept, Accept-Encoding"}
BY_FORM_AND_SIGNER = {"Vary": "Accept, Signature, Accept-Encoding", "Cache-Control": "no-store"}
Answer = Annotated[Reply[dict[str, Any]], As(200, kinds=(ACTIVITY_JSON,))]
AnswerOrTombstone = Annotated[Reply[dict[str, Any]], As(200, 410, kinds=(ACTIVITY_JSON,))]


def wants_document(request: Request) -> bool:
    """Whether a document is wanted rather than a page. JSON counts as one: there is no other JSON at such addresses.

    Past the CDN its word counts: it keeps a reply under the form that it saw.
    """
    told = request.headers.get("x-kenoma-wants") if came_by_the_cdn(request.headers) else None
    return (told or form_wanted(request.headers.get("accept", ""))) in ("activity", "json")


def feed_wanted(request: Request) -> str:
    """The format of feed that is wanted rather than a page: `atom`, `rss`, or empty."""
    told = request.headers.get("x-kenoma-wants") if came_by_the_cdn(request.headers) else None
    wanted = told or form_wanted(request.headers.get("accept", ""))
    return wanted if wanted in ("atom", "rss") else ""


def demand_federation() -> None:
    """Raises NotFound on a server that speaks with no other."""
    if not settings.federating:
        raise NotFound(NOT_IMPLEMENTED)


def asker_of(request: Request) -> ActorKey | None:
    """Who asks for a document, as far as that matters. Raises Unauthenticated if they must say so and do not."""
    demand_federation()
    return asking.asker_of(incoming(request))


def answer(document: Document, status: int = 200) -> Reply[dict[str, Any]]:
    headers = {"Content-Type": f"{ACTIVITY_JSON}; charset=utf-8",
               **(BY_FORM_AND_SIGNER if asking.demands_signature() else BY_FORM)}
    return Reply(document, status, headers, session=LEAVE)


def flake_in(uuid: str) -> str:
    """The flake of the UUID in an address. Raises NotFound for other spellings of it, which name nothing."""
    flake = addresses.flake_in(uuid)
    if flake is None:
        raise NotFound(UNKNOWN)
    return flake


def redirect_to_notice(flake: str) -> Redirect:
    """To the page of a status. Whether there is one is not looked up, so this tells nobody of it."""
    return redirect(f"{settings.base_url}/notice/{flake}")


def redirect(address: str) -> Redirect:
    reply = Redirect(address, session=LEAVE)
    reply.headers = {**reply.headers, **BY_FORM}
    return reply
