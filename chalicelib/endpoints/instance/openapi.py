"""The document of this API, for programs and for readers."""

from __future__ import annotations

from typing import Annotated, Any

from ...pages import api as pages
from ...pages import visit_of
from ...web import openapi
from ...web.accepting import wants_page
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import by_form, public_page
from ...web.replies import Html, Reply
from ...web.request import Request
from .. import load


@endpoint("GET", "/api/openapi", auth=public(), head=True)
def document(request: Request, subject: Annotated[str, "On the page: which part of it."] = "",
             ) -> Html | Reply[dict[str, Any]]:
    """This API as an OpenAPI document, made from the same declarations that check the requests.

    Browsers get a page with the same, one subject at a time.
    """
    load()
    made = openapi.document()
    if not wants_page(request.headers.get("accept", "")):
        return by_form(Reply(made))
    return public_page(request, pages.reference(made, subject, visit=visit_of(None, request.target)))
