"""Featured hashtags: what an account shows on its profile as its subjects.

They are a few names in the profile's document, so whoever shows the account has them. How often each is used is counted
when somebody asks, among the newest statuses of the account: one query, however many tags there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...ids import created_at, new_decimal
from ...store.accounts.accounts import Account
from ...store.accounts.profiles import AccountGone, Writing
from ...store.timelines import feeds
from ...store.timelines.feeds import NEWEST, FeedRow
from .. import documents, lookup
from ..accounts.changing import change
from ..instance.about import MAX_FEATURED_TAGS
from ..refusals import Forbidden, NotFound, Unacceptable
from ..viewer import Viewer
from ..visibility import is_for_everybody
from . import known
from .known import FEATURED, KnownTag

COUNTED = 500
"""How many statuses are looked at: at most a quarter of a megabyte."""
SUGGESTED = 10
SIGNED_OUT = "Invalid credentials."
NO_TAG = "Validation failed: Tag is invalid"
TAKEN = "Validation failed: Tag is already featured"
TOO_MANY = "Validation failed: You have already featured the maximum number of hashtags"
Kept = Sequence[Sequence[str]]
"""Pairs of an id and a name, in the order in which they were featured."""


@dataclass(frozen=True)
class CountedTag:
    """A tag on a profile. `last`: the day of its last use."""

    id: str
    name: str
    times: int = 0
    last: str | None = None


def list_of(id_or_nickname: str, viewer: Viewer | None) -> list[CountedTag]:
    """What an account features. Raises NotFound."""
    return featured_by(lookup.get_visible(id_or_nickname, viewer))


def featured_by(account: Account) -> list[CountedTag]:
    """What an account features, the first one first. Nothing is read if that is nothing."""
    kept = _kept(account)
    return _counted(kept, _open_rows(account)) if kept else []


def add(name: str, viewer: Viewer) -> CountedTag:
    """Feature a tag. Raises Unacceptable for what is none, for a second time, and above the limit."""
    try:
        tag = known.checked(name)
    except NotFound:
        raise Unacceptable(NO_TAG) from None
    made = _add(tag, viewer)
    return _counted([next(each for each in _kept(made.account) if each[1] == tag)], _open_rows(made.account))[0]


def remove(id: str, viewer: Viewer) -> None:
    """Feature a tag no more, by the id that it has among the featured ones. Raises NotFound."""
    if all(each != id for each, _ in _kept(viewer.account)):
        raise NotFound
    _change(viewer, lambda kept: [pair for pair in kept if pair[0] != id])


def feature(name: str, viewer: Viewer) -> KnownTag:
    """As `add`, with what is known of the tag. What is no tag is not found."""
    return known.get(name, _add(known.checked(name), viewer))


def unfeature(name: str, viewer: Viewer) -> KnownTag:
    """Feature a tag no more. Harmless if it is not featured."""
    tag = known.checked(name)
    if tag in known.featured_names(viewer):
        viewer = _change(viewer, lambda kept: [pair for pair in kept if pair[1] != tag])
    return known.get(tag, viewer)


def suggest(viewer: Viewer) -> list[KnownTag]:
    """The tags that the viewer uses most and does not feature, by the statuses that are counted."""
    featured = known.featured_names(viewer)
    used = Counter(tag for row in _open_rows(viewer.account) for tag in row.tags or () if tag not in featured)
    names = sorted(used, key=lambda tag: (-used[tag], tag))[:SUGGESTED]
    return known.load(names, viewer) if names else []


def _add(tag: str, viewer: Viewer) -> Viewer:
    def added(kept: Kept) -> Kept:
        if any(name == tag for _, name in kept):
            raise Unacceptable(TAKEN)
        if len(kept) >= MAX_FEATURED_TAGS:
            raise Unacceptable(TOO_MANY)
        return [*kept, [str(new_decimal()), tag]]

    return _change(viewer, added)


def _change(viewer: Viewer, decide: Callable[[Kept], Kept]) -> Viewer:
    """Write what `decide` makes of what is featured. Answers the viewer with it."""
    def written(account: Account, _: dict[str, Any]) -> Writing:
        doc = {**account.profile, FEATURED: [list(pair) for pair in decide(_kept(account))]}
        doc = {name: value for name, value in doc.items() if name != FEATURED or value}
        if documents.size(doc) > documents.LARGEST_PROFILE:
            raise Unacceptable(TOO_MANY)
        return Writing({"doc": doc})

    try:
        return replace(viewer, account=change(viewer.account, written))
    except AccountGone:
        raise Forbidden(SIGNED_OUT) from None


def _kept(account: Account) -> Kept:
    kept: Kept = account.profile.get(FEATURED) or []
    return kept


def _open_rows(account: Account) -> list[FeedRow]:
    """The newest statuses of an account that everybody may see, as rows of its feed."""
    found = feeds.stretch(FeedRow, f"a#{account.id}", NEWEST, limit=COUNTED, strong=False)
    return [row for row in found.rows if isinstance(row, FeedRow) and is_for_everybody(row.visibility)]


def _counted(kept: Kept, rows: Sequence[FeedRow]) -> list[CountedTag]:
    times = Counter(tag for row in rows for tag in row.tags or ())
    last = {tag: created_at(row.id).partition("T")[0] for row in reversed(rows) for tag in row.tags or ()}
    return [CountedTag(id, name, times[name], last.get(name)) for id, name in kept]
