"""Feeds of accounts, for feed readers. Those of hashtags are in `tags/tags.py`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from ...domain.timelines import syndication
from ...domain.timelines.syndication import Syndicated
from ...entities.timelines import feed_documents
from ...entities.timelines.feed_documents import ATOM, RSS
from ...entities.timelines.syndication import render_feed
from ...settings import settings
from ...web.auth import public
from ...web.conditional import validated
from ...web.endpoint import endpoint
from ...web.replies import As, Empty, Redirect, Reply
from ...web.request import Request

MaxId = Annotated[str | None, "Only entries older than this id."]
FeedReply = Annotated[Reply[str], As(200, kinds=(ATOM, RSS))] | Annotated[Empty, As(304)]
FORMATS = {"atom": ATOM, "rss": RSS}
"""What an address ends with, by format."""
SECONDS_KEPT = 60


@endpoint("GET", "/users/{nickname}/feed", auth=public(), head=True, also=("/users/{nickname}/feed.atom",),
          refuses=(404, 410))
def as_atom(request: Request, nickname: str, max_id: MaxId = None) -> FeedReply:
    """What an account wrote for everybody, newest first, as an Atom feed."""
    return reply_with(request, syndication.of_account(nickname, max_id), ATOM)


@endpoint("GET", "/users/{nickname}/feed.rss", auth=public(), head=True, refuses=(404, 410))
def as_rss(request: Request, nickname: str, max_id: MaxId = None) -> FeedReply:
    """What an account wrote for everybody, newest first, as an RSS feed."""
    return reply_with(request, syndication.of_account(nickname, max_id), RSS)


@endpoint("GET", "/@{nickname}/feed.rss", auth=public(), head=True)
def lead_to_rss(nickname: str) -> Annotated[Redirect, As(301)]:
    """The address of the RSS feed on some other servers. It leads to ours."""
    return lead_to(nickname, "rss")


@endpoint("GET", "/@{nickname}/feed.atom", auth=public(), head=True)
def lead_to_atom(nickname: str) -> Annotated[Redirect, As(301)]:
    """As `feed.rss`, for Atom."""
    return lead_to(nickname, "atom")


def lead_to(nickname: str, format: str) -> Redirect:
    """To the feed of an account. Whether there is one is not looked up."""
    return Redirect(f"{settings.base_url}/users/{quote(nickname, safe='')}/feed.{format}", 301)


def reply_with(request: Request, found: Syndicated, kind: str) -> FeedReply:
    """A feed in a format, or only that it is as it was. No cookie matters, so everybody may share it."""
    feed = render_feed(found)
    headers = {"Cache-Control": f"public, max-age={SECONDS_KEPT}"}
    if not feed.listed:
        headers["X-Robots-Tag"] = "noindex"
    document = feed_documents.atom(feed) if kind == ATOM else feed_documents.rss(feed)
    reply = Reply(document, 200, headers, content_type=f"{kind}; charset=utf-8")
    return validated(request, reply, feed.updated if feed.has_moment else None)
