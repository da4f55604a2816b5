"""Hashtags: what is known of one, having it on one's profile, and feeds of what has it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from ... import entities
from ...domain.tags import featured, known
from ...domain.timelines import syndication
from ...domain.viewer import Viewer
from ...entities.tags.tag import render_hashtag
from ...entities.timelines.feed_documents import ATOM
from ...settings import settings
from ...web.accepting import preferred
from ...web.auth import optional, public, signed_in
from ...web.endpoint import endpoint
from ...web.replies import Redirect
from ...web.request import Request
from ..timelines.feeds import FORMATS, FeedReply, MaxId, reply_with

WRITE = signed_in("write:accounts")
HTML = "text/html"
BY_FORM = {"Vary": "Accept, Accept-Encoding"}
Name = Annotated[str, "In any spelling, with or without `#`."]


@endpoint("GET", "/api/v1/tags/{name}", auth=optional("read:follows"), ahead=known.ahead, refuses=(404,))
def show(viewer: Viewer | None, name: Name) -> entities.Hashtag:
    """A hashtag, with how often it was used in the last seven days."""
    return render_hashtag(known.get(name, viewer))


@endpoint("POST", "/api/v1/tags/{name}/feature", auth=WRITE, ahead=known.ahead, refuses=(404,))
def feature(viewer: Viewer, name: Name) -> entities.Hashtag:
    """Feature a hashtag on the viewer's profile. At most 10 can be featured, each once."""
    return render_hashtag(featured.feature(name, viewer))


@endpoint("POST", "/api/v1/tags/{name}/unfeature", auth=WRITE, ahead=known.ahead, refuses=(404,))
def unfeature(viewer: Viewer, name: Name) -> entities.Hashtag:
    """Feature a hashtag no more."""
    return render_hashtag(featured.unfeature(name, viewer))


@endpoint("GET", "/tags/{tag}", auth=public(), head=True, refuses=(404,))
def feed(request: Request, tag: str, max_id: MaxId = None) -> FeedReply | Redirect:
    """Public statuses with a hashtag, newest first, as a feed: Atom, or RSS if the path ends with `.rss`.

    Browsers are led to the page of the hashtag.
    """
    name, dot, ending = tag.rpartition(".")
    if dot and ending in FORMATS:
        return reply_with(request, syndication.of_tag(name, max_id), FORMATS[ending])
    if preferred(request.headers.get("accept", ""), [ATOM, HTML]) == HTML:
        page = Redirect(f"{settings.base_url}/tag/{quote(tag, safe='')}")
        page.headers = {**page.headers, **BY_FORM}
        return page
    reply = reply_with(request, syndication.of_tag(tag, max_id), ATOM)
    reply.headers = {**reply.headers, **BY_FORM}
    return reply
