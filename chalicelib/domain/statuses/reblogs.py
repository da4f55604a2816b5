"""Reblogs: passing a status on to one's followers, once.

| what | who may |
|---|---|
| public, unlisted, local | everybody who sees it |
| private | its author, privately |
| direct, list, a reblog | nobody |
"""

from __future__ import annotations

from dataclasses import dataclass

from ...ids import new_flake
from ...store.quotes.quotes import FOLLOWERS, depends_on_follows
from ...store.statuses import reblogs, statuses
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.statuses.visibilities import DIRECT, LOCAL, PRIVATE, PUBLIC
from .. import events, policies, visibility
from ..event_types.event import Event
from ..event_types.statuses import ReblogRemoved, StatusArrived, StatusReblogged
from ..federation.receiving import dating
from ..notifications import making
from ..policies import Proposal
from ..refusals import BadRequest, NotFound
from ..retrying import expect, retried
from ..viewer import Viewer
from . import fan_out, keeping


def add(status_id: str, by: Viewer, wanted: str | None = None) -> tuple[Status, Surroundings]:
    """Reblog a status. A second time answers the first reblog. `wanted`: the visibility asked for."""
    return retried(lambda: _add(status_id, by, wanted))


@dataclass(frozen=True)
class FromAfar:
    """What another server says of a reblog. `published`: in seconds since 1970."""

    uri: str
    published: float | None


def add_from_afar(status_id: str, by: Viewer, afar: FromAfar, wanted: str | None) -> None:
    """Reblog a status in the name of an account of another server, and place it. A second time changes nothing."""
    reblog, _ = retried(lambda: _add(status_id, by, wanted, afar))
    if not reblog.fetched:
        fan_out.deliver_arrived(reblog)


def _wrapper(original: Status, by: Viewer, visibility: str, afar: FromAfar | None) -> Status:
    wrapper = Status(
        new_flake(after=original.id), account_id=by.id, visibility=visibility, thread=original.thread,
        reblog_of=original.id, reblog_of_account_id=original.account_id, quote_of=original.quote_of,
        quote_of_account_id=original.quote_of_account_id,
        quote_policy=FOLLOWERS if depends_on_follows(original) else None,
    )
    if afar is not None:
        dating.date(wrapper, afar.published, original)
        wrapper.foreign_uri, wrapper.host = afar.uri, by.account.host
    return wrapper


def _add(status_id: str, by: Viewer, wanted: str | None, afar: FromAfar | None = None) -> tuple[Status, Surroundings]:
    original, around, author = visibility.open_to(status_id, by)
    word = policies.judged(by.account, Proposal(_visibility(original, by, wanted))).visibility
    mark = around.marks.get(original.id)
    there = statuses.find(mark.reblog) if mark is not None and mark.reblog else None
    if there is not None:
        around.statuses[there.id] = there
        around.accounts[by.id] = by.account
        return there, around
    wrapper = _wrapper(original, by, word, afar)
    event: Event = (StatusReblogged(wrapper.id, by.id, original.id, _leaves(original, by)) if afar is None
                    else StatusArrived(wrapper.id, by.id))
    told = making.notice("reblog", author, by=by.account, cause=wrapper.id, status=original)
    if wrapper.fetched:
        told = None
    kept = keeping.kept(original, by)
    expect(reblogs.add(wrapper, original, told, events.owed(event, *kept)))
    events.tell(*([] if wrapper.fetched else [event]), *kept, *events.told([told]))
    return _after(wrapper, original, around, by)


def _leaves(original: Status, by: Viewer) -> bool:
    """Whether somebody at another server may hear of a reblog. Those of one's own private statuses stay here."""
    there = original.host is not None or by.account.foreign_followers_count > 0
    return by.account.host is None and there and visibility.is_for_everybody(original.visibility)


def _visibility(original: Status, by: Viewer, wanted: str | None) -> str:
    """The reblog's visibility. NotFound if the status may not be reblogged."""
    if not visibility.may_reblog(original, by):
        raise NotFound
    if visibility.is_private(original.visibility):
        if wanted is not None and visibility.is_open(wanted):
            raise NotFound
        return PRIVATE
    if wanted in (PRIVATE, DIRECT):
        return PRIVATE
    return LOCAL if visibility.is_local(original.visibility) else PUBLIC


def _after(wrapper: Status, original: Status, around: Surroundings, by: Viewer) -> tuple[Status, Surroundings]:
    original.reblogs_count += 1
    mark = around.marks.get(original.id) or Mark.blank(by.id, original.id)
    mark.reblog = wrapper.id
    around.marks[original.id] = mark
    around.statuses[wrapper.id] = wrapper
    around.accounts[by.id] = by.account
    return wrapper, around


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Take a reblog back. Answers the original."""
    return retried(lambda: _remove(status_id, by))


def _remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    original, around, _ = visibility.open_to(status_id, by)
    mark = around.marks.get(original.id)
    if mark is None or not mark.reblog:
        raise BadRequest("Could not unrepeat")
    event = ReblogRemoved(mark.reblog, by.id, original.id, _leaves(original, by),
                          original.uri, original.account_id, original.visibility)
    expect(reblogs.remove(original, mark, by.id, events.owed(event)))
    events.tell(event)
    original.reblogs_count -= 1
    mark.reblog = None
    return original, around
