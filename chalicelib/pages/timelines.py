"""Pages of timelines: of an account with its profile, of a hashtag, and of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .. import entities
from ..settings import settings
from . import heads
from .engine import rendered
from .visits import Visit, place_of

WITH_REPLIES, MEDIA = "with_replies", "media"
TABS = (("", "Posts"), (WITH_REPLIES, "Posts and replies"), (MEDIA, "Media"))
NO_POSTS = "No posts yet."
NOTHING_TAGGED = "No public posts with this tag yet."
EXPLAINED = {
    "public": ("Posts from here", "What people of this server wrote for everybody, newest first."),
    "all": ("Posts from everywhere", "What people of all servers known here wrote for everybody, newest first."),
}


@dataclass(frozen=True)
class PostList:
    """Statuses, newest first. `newer`, `older`: ids; None: there is nothing."""

    shown: Sequence[entities.Status]
    newer: str | None = None
    older: str | None = None
    pinned: Sequence[entities.Status] = field(default_factory=list)

    def values(self, path: str, nothing: str) -> dict[str, Any]:
        """What the template needs. `path`: of the page. `nothing`: what is said where there are no statuses."""
        return {"shown": self.shown, "pinned": self.pinned, "nothing": nothing,
                "newer": f"{path}?min_id={quote(self.newer, safe='')}" if self.newer else "",
                "older": f"{path}?max_id={quote(self.older, safe='')}" if self.older else ""}


def profile(account: entities.Account, posts: PostList, tags: Sequence[entities.FeaturedTag], *, visit: Visit,
            part: str = "", max_id: str | None = None) -> str:
    """An account with some of its statuses: `part` says which. That of another server is for members alone."""
    is_foreign = "@" in account["acct"]
    address = place_of(account["acct"]) if is_foreign else account["url"].removeprefix(settings.base_url)
    path = f"{address}/{part}" if part else address
    tabs = [(f"{address}/{word}".rstrip("/"), label, word == part) for word, label in TABS]
    head = heads.elsewhere(account) if is_foreign else heads.profile(
        account, max_id=max_id, part=f"/{part}" if part else "")
    is_own = visit.account is not None and visit.account["id"] == account["id"]
    return rendered("accounts/profile.html", visit=visit, head=head, account=account, tags=tags, tabs=tabs,
                    is_foreign=is_foreign, standing=None if is_own else account["pleroma"]["relationship"],
                    **posts.values(path, NO_POSTS))


def tag(name: str, posts: PostList, *, visit: Visit) -> str:
    head = heads.plain(f"#{name}", robots="noindex")
    feeds = f"/tags/{quote(name, safe='')}"
    for kind, ending in ((heads.ATOM, "atom"), (heads.RSS, "rss")):
        head.alternate(kind, f"{settings.base_url}{feeds}.{ending}", f"#{name}")
    return rendered("timelines/timeline.html", visit=visit, head=head, title=f"#{name}", feeds=feeds, tabs=(),
                    explained="Public posts with this tag, newest first.",
                    **posts.values(f"/tag/{quote(name, safe='')}", NOTHING_TAGGED))


def public(which: str, posts: PostList, *, visit: Visit) -> str:
    """The timeline of this server (`public`), or of all that are known (`all`)."""
    title, explained = EXPLAINED[which]
    tabs = [(f"/main/{word}", label, word == which) for word, (label, _) in EXPLAINED.items()]
    return rendered("timelines/timeline.html", visit=visit, head=heads.plain(title, robots="noindex"), title=title,
                    explained=explained, feeds="", tabs=tabs if settings.federating else (),
                    **posts.values(f"/main/{which}", NO_POSTS))
