"""Searching, as a page."""

from __future__ import annotations

from typing import Annotated

from ....domain.paging import Slice
from ....domain.search import results
from ....domain.search.results import AccountWishes
from ....domain.timelines.browsing import SHOWN
from ....domain.viewer import Viewer
from ....entities.search.results import render_found
from ....pages import reading
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.forms import Field
from ....web.limits import SEARCH
from ....web.replies import Html
from ....web.request import Request
from . import page_of

MOST_SKIPPED = 1_000


@endpoint("GET", "/account/search", auth=session_of("read:search"), limits=(SEARCH,))
def search_page(request: Request, viewer: Viewer,
                q: Annotated[Field, "Words, a name with its server, or an address."],
                offset: Annotated[Field, "How many of each kind to skip."]) -> Html:
    """Accounts, statuses and hashtags. What looks like a name or an address is looked for at other servers too."""
    query, skipped = (q or "").strip(), _number(offset)
    part = Slice(SHOWN, skipped)
    found = results.find_everything(query, viewer, part, wishes=AccountWishes(resolve=True))
    shown = render_found(found, viewer, with_relationships=True)
    ways = reading.search_ways(request.path, query, skipped,
                               is_full=SHOWN in (len(shown["accounts"]), len(shown["statuses"])))
    return page_of("search", request, viewer, query=query, found=shown, **ways)


def _number(sent: str | None) -> int:
    return min(int(sent), MOST_SKIPPED) if sent and sent.isascii() and sent.isdigit() and len(sent) < 5 else 0
