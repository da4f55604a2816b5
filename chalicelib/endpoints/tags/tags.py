"""Hashtags: what is known of one, having it on one's profile, and feeds and the page of what has it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from ... import entities
from ...domain.instance import openness
from ...domain.refusals import NotFound
from ...domain.tags import featured, known
from ...domain.text import fold_tag
from ...domain.timelines import browsing, syndication, timelines
from ...domain.timelines.syndication import LONGEST_TAG
from ...domain.timelines.timelines import Tags, Wishes
from ...domain.viewer import Viewer
from ...entities.tags.tag import render_hashtag
from ...entities.timelines.feed_documents import ATOM
from ...pages import timelines as pages
from ...pages import visit_of
from ...settings import settings
from ...web.accepting import preferred
from ...web.auth import optional, public, signed_in
from ...web.endpoint import endpoint
from ...web.limits import TIMELINE
from ...web.pages import SECONDS, by_form, public_page
from ...web.replies import As, Html, Redirect
from ...web.request import Request
from ..federation.answers import feed_wanted
from ..timelines.feeds import FORMATS, FeedReply, MaxId, reply_with
from ..timelines.post_lists import MaxId as BelowId
from ..timelines.post_lists import MinId as AboveId
from ..timelines.post_lists import as_list

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
        to_page = Redirect(f"{settings.base_url}/tag/{quote(tag, safe='')}")
        to_page.headers = {**to_page.headers, **BY_FORM}
        return to_page
    reply = reply_with(request, syndication.of_tag(tag, max_id), ATOM)
    reply.headers = {**reply.headers, **BY_FORM}
    return reply


@endpoint("GET", "/tag/{tag}", auth=optional("read:statuses", open=True), head=True, shared=SECONDS,
          limits=(TIMELINE.per("tag"),), refuses=(403, 404))
def page(request: Request, viewer: Viewer | None, tag: str, max_id: BelowId = None, min_id: AboveId = None,
         ) -> Html | FeedReply | Annotated[Redirect, As(301)]:
    """Public statuses with a hashtag as a page, newest first, or as a feed if that is accepted before all else.

    With `.rss` or `.atom` at its end, as on some other servers, it leads to the feed.
    """
    _, dot, ending = tag.rpartition(".")
    if dot and ending in FORMATS:
        return Redirect(f"{settings.base_url}/tags/{quote(tag, safe='')}", 301)
    wanted = feed_wanted(request)
    if wanted:
        return by_form(reply_with(request, syndication.of_tag(tag, max_id), FORMATS[wanted]))
    openness.demand_timelines(viewer)
    name = fold_tag(tag)
    if not 0 < len(name) <= LONGEST_TAG:
        raise NotFound
    at = browsing.place(max_id, min_id)
    found = browsing.browsed(timelines.tagged(Tags([name]), viewer, at, Wishes()), at)
    return public_page(request, pages.tag(name, as_list(found, viewer), visit=visit_of(viewer, request.target)))
