"""Scrobbles: what an account listens to. They are on no timeline, and nobody is notified."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ...ids import new_flake
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch, end_of
from ...store.relationships import relations
from ...store.relationships.relations import Relation
from ...store.statuses import scrobbles
from ...store.timelines.feeds import FeedRow
from .. import events, text
from ..event_types.statuses import Scrobbled
from ..pages import fill
from ..paging import Cursors, Window, window
from ..viewer import Viewer
from ..visibility import is_for_followers, is_local, may_see

LONGEST = 5000


@dataclass(frozen=True)
class Listening:
    title: str
    artist: str = ""
    album: str = ""
    length: int | None = None
    visibility: str = "public"
    external_link: str | None = None


@dataclass(frozen=True)
class ScrobblePage:
    rows: list[FeedRow] = field(default_factory=list)
    continues: str | None = None


def add(listening: Listening, by: Viewer) -> FeedRow:
    """Note what the viewer listens to. HTML tags are removed."""
    event = Scrobbled(new_flake(), by.id, listening.visibility, _leaves(listening, by))
    row = scrobbles.add(event.scrobble_id, by.id, listening.visibility, _document(listening), jobs=events.owed(event))
    events.tell(event)
    return row


def _document(listening: Listening) -> dict[str, Any]:
    words = {name: text.strip_tags(getattr(listening, name))[:LONGEST] for name in ("title", "artist", "album")}
    return {**words, "length": listening.length, "externalLink": _link(listening.external_link)}


def _link(typed: str | None) -> str | None:
    """The address where the music is, if it is one that a browser may follow."""
    link = (typed or "").strip()
    return link if link.lower().startswith(("https://", "http://")) and len(link) <= LONGEST else None


def _leaves(listening: Listening, by: Viewer) -> bool:
    """Whether followers elsewhere hear of it."""
    for_followers = is_for_followers(listening.visibility) and not is_local(listening.visibility)
    return for_followers and by.account.foreign_followers_count > 0


def add_from_afar(id: str, listening: Listening, by: Account) -> None:
    """Note what an account elsewhere listens to, for as long as its statuses are on timelines. Twice makes one."""
    ttl = int(time.time()) + settings.federated_days * 86_400 if settings.federated_days else None
    scrobbles.add(id, by.id, listening.visibility, _document(listening), ttl=ttl)


def list_of(account: Account, viewer: Viewer | None, page: Cursors) -> ScrobblePage:
    """What the account listened to, latest first, as far as the viewer may know."""
    relation: Relation | None = None

    def read(left: Window, turn: int) -> Stretch[FeedRow]:
        nonlocal relation
        query = partial(scrobbles.list_of, account.id, limit=left.limit + 1, above=left.above, below=left.below,
                        ascending=left.ascending)
        if turn == 0 and viewer is not None and viewer.id != account.id:
            rows, relation = together(query, lambda: relations.find(viewer.id, account.id))
        else:
            rows = query()
        return Stretch(rows, end_of(rows, left.limit + 1, lambda row: str(row.id)))

    def show(rows: Sequence[FeedRow]) -> list[FeedRow]:
        return [row for row in rows if may_see(row, viewer, relation)]

    found = fill(window(page), read, show)
    return ScrobblePage(found.shown, found.continues)
