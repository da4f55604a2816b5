"""Scrobbles: what an account listens to. They are on no timeline and tell nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from ...ids import new_flake
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import relations
from ...store.relationships.relations import Relation
from ...store.statuses import scrobbles
from ...store.timelines.feeds import FeedRow
from .. import text
from ..paging import Cursors, window
from ..viewer import Viewer
from ..visibility import may_see

MOST_PAGES = 4
LONGEST = 5000


@dataclass(frozen=True)
class Listening:
    title: str
    artist: str = ""
    album: str = ""
    length: int | None = None
    visibility: str = "public"


@dataclass(frozen=True)
class ScrobblePage:
    rows: list[FeedRow] = field(default_factory=list)
    continues: str | None = None


def add(listening: Listening, by: Viewer) -> FeedRow:
    """Note what the viewer listens to; HTML tags are stripped."""
    words = {name: text.strip_tags(getattr(listening, name))[:LONGEST] for name in ("title", "artist", "album")}
    doc = {**words, "length": listening.length}
    return scrobbles.add(new_flake(), by.id, listening.visibility, doc)


def list_of(account: Account, viewer: Viewer | None, page: Cursors) -> ScrobblePage:
    """What the account listened to, latest first, as far as the viewer may know."""
    part = window(page)
    if part.empty:
        return ScrobblePage()
    above, below = part.above, part.below
    shown: list[FeedRow] = []
    relation: Relation | None = None
    wanted = part.limit + 1
    for turn in range(MOST_PAGES):
        read = partial(scrobbles.list_of, account.id, limit=wanted, above=above, below=below, ascending=part.ascending)
        if turn == 0 and viewer is not None and viewer.id != account.id:
            rows, relation = together(read, lambda: relations.find(viewer.id, account.id))
        else:
            rows = read()
        shown += [row for row in rows if may_see(row, viewer, relation, [])]
        if len(shown) >= part.limit or len(rows) < wanted:
            return ScrobblePage(_turned(shown[:part.limit], ascending=part.ascending))
        above, below = (rows[-1].id, below) if part.ascending else (above, rows[-1].id)
    return ScrobblePage(_turned(shown, ascending=part.ascending), above if part.ascending else below)


def _turned(rows: list[FeedRow], *, ascending: bool) -> list[FeedRow]:
    return list(reversed(rows)) if ascending else rows
