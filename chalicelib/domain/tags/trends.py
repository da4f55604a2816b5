"""What is in fashion: hashtags and links by how many used them, statuses by what people did with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...store.dynamo.parallel import together
from ...store.federation import presence
from ...store.statuses import statuses, surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.tags import rankings, uses
from ...store.tags.rankings import LINKS, STATUSES, TAGS
from ...store.tags.uses import Uses
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow
from ..paging import Cursors, Slice, Window, window
from ..relationships import domain_blocks
from ..remembered import RememberedByName
from ..timelines.filtering import PUBLIC, Filtering
from ..timelines.timelines import Timeline
from ..viewer import Viewer
from ..visibility import is_shown
from . import counting, known
from .known import KnownTag

NEWEST = 100
"""How many of the newest public statuses might be in fashion, though nobody has reblogged them."""
MOST_LISTED = 200
SHOWN_BY = 5
"""In how many of the statuses that have a link its card is looked for."""
_popular: RememberedByName[list[str]] = RememberedByName(seconds=60, most=1)


def forget() -> None:
    """Forget which statuses are popular (in tests)."""
    _popular.forget()


def tags(part: Slice, viewer: Viewer | None) -> list[KnownTag]:
    """Hashtags that many use, first those of the most accounts."""
    names = part.of(counting.best(rankings.find(TAGS).scores))
    return known.load(names, viewer) if names else []


# Statuses.


def list_statuses(part: Slice, viewer: Viewer | None) -> Timeline:
    """Public statuses of the last days with most favourites and reblogs, of authors who want to be found."""
    return _shown(_popular_ids()[:part.end + MOST_LISTED // 2], part, viewer, is_fit=_is_discoverable)


def _popular_ids() -> list[str]:
    """The ids of all that might be shown, the most popular first. Remembered for a minute."""
    found = _popular.get("")
    return found if found is not None else _popular.put("", _rank())


def _rank() -> list[str]:
    names = [*feeds.public_feeds(), *([feeds.FEDERATED] if presence.is_known() else [])]
    ranking, *rows = together(lambda: rankings.find(STATUSES),
                              *[partial(feeds.read, FeedRow, name, limit=NEWEST) for name in names])
    ids = dict.fromkeys([*ranking.scores, *(row.id for found in rows for row in found)])
    scores = {status.id: (counting.day_of(status.id), counting.popularity(status))
              for status in statuses.find_many(ids).values() if counting.is_open(status) and not status.sensitive}
    return counting.best(scores)[:MOST_LISTED]


def _is_discoverable(status: Status, around: Surroundings) -> bool:
    return bool(around.accounts[status.account_id].profile.get("discoverable"))


def _any(status: Status, around: Surroundings) -> bool:
    return True


def _shown(ids: Sequence[str], part: Slice, viewer: Viewer | None, is_fit: Any = _any) -> Timeline:
    """Those of the statuses that the viewer may and wants to see, in the order given."""
    loaded = statuses.find_many(ids)
    around = surroundings.load_statuses(list(loaded.values()), viewer.eyes if viewer else None)
    unwanted = domain_blocks.find_unwanted(around.accounts.values(), viewer)
    filtering = Filtering(viewer.hides if viewer else None, PUBLIC)
    found = [loaded[id] for id in ids if id in loaded]
    return Timeline(part.of([status for status in found if is_shown(status, viewer, around)
                             and status.account_id not in unwanted and not _hides(status, viewer)
                             and not filtering.leaves_out(status)
                             and is_fit(status, around)]), around, context=PUBLIC)


def _hides(status: Status, viewer: Viewer | None) -> bool:
    """Whether the viewer does not want to see a status of a list that nobody made for them."""
    if viewer is None:
        return False
    return (viewer.blocks(status.account_id) or viewer.mutes(status.account_id) or viewer.mutes_thread(status.thread)
            or any(viewer.blocks(each) or viewer.mutes(each) for each in status.addressed))


# Links.


@dataclass(frozen=True)
class PopularLink:
    """A link with its card, and how often it is used."""

    url: str
    card: dict[str, Any]
    uses: Uses


def links(part: Slice) -> list[PopularLink]:
    """Links that many use, as far as a status shows them with a card."""
    names = counting.best(rankings.find(LINKS).scores)
    counted = uses.find_many(map(uses.of_link, names))
    rows = {name: row for name in names if (row := counted.get(uses.of_link(name))) is not None}
    latest = {name: sorted(row.statuses, reverse=True)[:SHOWN_BY] for name, row in rows.items()}
    there = statuses.find_many([id for ids in latest.values() for id in ids])
    cards = {name: next((there[id].content["card"] for id in ids if id in there and counting.is_open(there[id])
                         and there[id].content.get("card")), None) for name, ids in latest.items()}
    return part.of([PopularLink(name, card, rows[name]) for name, card in cards.items() if card is not None])


def of_link(url: str, viewer: Viewer | None, page: Cursors) -> Timeline:
    """Public statuses that have a link, of some that are known, newest first."""
    name, part = uses.of_link(url), window(page)
    row = uses.find_many([name]).get(name)
    ids = [id for id in sorted(row.statuses if row is not None else (), reverse=True) if _within(id, part)]
    if not ids or part.empty:
        return Timeline()
    found = _shown(ids, Slice(len(ids)), viewer, is_fit=lambda status, _: counting.is_open(status))
    return Timeline(found.statuses[-part.limit:] if part.ascending else found.statuses[:part.limit], found.around,
                    context=PUBLIC)


def _within(id: str, part: Window) -> bool:
    return (part.above is None or id > part.above) and (part.below is None or id < part.below)
