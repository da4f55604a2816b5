"""What feed readers get of an account and of a hashtag: always as somebody sees it who is not signed in."""

from __future__ import annotations

from dataclasses import dataclass

from ... import ids
from ...settings import settings
from ...store.accounts.accounts import Account
from ..federation import own_accounts
from ..refusals import NotFound
from ..text import fold_tag
from . import timelines
from .timelines import ProfileWishes, Tags, Timeline, Wishes

ENTRIES = 20
LONGEST_TAG = 255
_OF_A_PROFILE = ProfileWishes(exclude_reblogs=True, exclude_replies_to_others=True)


@dataclass(frozen=True)
class Older:
    """Which part of a feed is wanted: the newest entries, or those older than `max_id`."""

    max_id: str | None
    since_id: None = None
    min_id: None = None
    limit: int = ENTRIES


@dataclass(frozen=True)
class Syndicated:
    """A page of statuses, newest first. `continues`: the id to go on from, if there may be more.

    `account`: whose feed it is. None: it is that of `tag`.
    """

    timeline: Timeline
    continues: str | None
    account: Account | None = None
    tag: str = ""


def of_account(nickname: str, max_id: str | None) -> Syndicated:
    """What an account of this server wrote for everybody, without reblogs and replies to others.

    Raises NotFound where profiles or statuses are hidden from visitors, and Vanished for a deleted account.
    """
    if settings.restrict_profiles:
        raise NotFound
    page = _page(max_id)
    account = own_accounts.get(nickname)
    return _syndicated(timelines.of_account(account, None, page, _OF_A_PROFILE), account=account)


def of_tag(tag: str, max_id: str | None) -> Syndicated:
    """Public statuses with a hashtag. Raises NotFound where timelines or statuses are hidden from visitors."""
    if settings.restrict_timelines or not 0 < len(tag) <= LONGEST_TAG:
        raise NotFound
    page = _page(max_id)
    name = fold_tag(tag)
    return _syndicated(timelines.tagged(Tags([name]), None, page, Wishes()), tag=name)


def _page(max_id: str | None) -> Older:
    if not settings.public or settings.restrict_statuses or (max_id is not None and ids.cursor(max_id) is None):
        raise NotFound
    return Older(max_id)


def _syndicated(timeline: Timeline, *, account: Account | None = None, tag: str = "") -> Syndicated:
    is_full = len(timeline.statuses) == ENTRIES
    return Syndicated(timeline, timeline.statuses[-1].id if is_full else timeline.continues, account, tag)
