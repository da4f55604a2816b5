"""Files that pages load (the stylesheet, and scripts), and the terms of service."""

from __future__ import annotations

from typing import Annotated

from ...domain.instance.documents import TERMS
from ...domain.refusals import NotFound
from ...pages import engine
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.replies import As, Html, Reply
from . import documents

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MINUTE = "public, max-age=60"
File = Annotated[Reply[str], As(200, kinds=("text/css", "text/javascript"))]


@endpoint("GET", "/static/{name}", auth=public(), head=True, refuses=(404,))
def static(name: str) -> File:
    """A file of the pages, under the hash of its content. Pages that a cache has kept may know an older hash."""
    found = engine.find_asset(name)
    if found is None:
        raise NotFound(NOT_IMPLEMENTED)
    file, is_current = found
    return Reply(file.text, content_type=file.kind,
                 headers={"Cache-Control": FOR_EVER if is_current else FOR_A_MINUTE})


@endpoint("GET", "/static/terms-of-service.html", auth=public(), head=True, shared=60)
def terms_of_service() -> Html:
    """The terms of service, as HTML."""
    return documents.document(TERMS)
