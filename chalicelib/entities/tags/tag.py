"""Hashtag: a tag with how often it was used on each of the last seven days."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NotRequired, TypedDict
from urllib.parse import quote

from ...domain.tags.known import KnownTag
from ...settings import settings
from ...store.tags.uses import DAY, DAYS, Uses


class UsesOfDay(TypedDict):
    """How often something was used on a day, and by how many accounts. The day is that of UTC, in seconds."""

    day: str
    uses: str
    accounts: str


class Hashtag(TypedDict):
    """A tag. Whether the viewer follows or features it is left out where nobody is signed in.

    Searches have no history, and do not say what is featured.
    """

    name: str
    url: str
    history: list[UsesOfDay]
    following: NotRequired[bool]
    featuring: NotRequired[bool]


def render_hashtags(tags: Sequence[KnownTag]) -> list[Hashtag]:
    """The tags in the order given. Reads nothing."""
    return [render_hashtag(tag) for tag in tags]


def render_hashtag(tag: KnownTag) -> Hashtag:
    shown: Hashtag = {"name": tag.name, "url": url_of_tag(tag.name), "history": render_uses(tag.uses)}
    if tag.following is not None:
        shown["following"] = tag.following
    if tag.featuring is not None:
        shown["featuring"] = tag.featuring
    return shown


def url_of_tag(name: str) -> str:
    return f"{settings.base_url}/tag/{quote(name)}"


def render_uses(uses: Uses | None) -> list[UsesOfDay]:
    """The last seven days, today first."""
    by_day = uses.by_day if uses is not None else {}
    today = int(time.time()) // DAY
    shown: list[UsesOfDay] = []
    for day in range(today, today - DAYS, -1):
        times, accounts = by_day.get(day, (0, 0))
        shown.append({"day": str(day * DAY), "uses": str(times), "accounts": str(accounts)})
    return shown
