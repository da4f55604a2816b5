"""Ending the follows between a person and the hosts that they have blocked, as a job that goes on where it stopped."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ...store import jobs
from ...store.accounts import accounts
from ...store.relationships import follow_requests, relations
from ..refusals import BadRequest, NotFound
from ..viewer import Viewer
from . import followers, following
from .domain_blocks import covers_host

LOOKED_AT = 100
"""So many accounts are looked at in one run."""
FOLLOWERS, FOLLOWED, REQUESTS, END = range(4)
"""What a job goes through, one after the other."""


def end_follows(account_id: str, domains: Collection[str], cause: str, job: str) -> int | None:
    """End the follows between an account and hosts that it has blocked, looking at a hundred accounts of other servers.

    The row of the job holds where to go on. Answers how many accounts were concerned; None if that was all, or the
    hosts are not blocked any more. `cause`: the flake of the block. Later follows stay. What a run has done before is
    not done again.
    """
    account, hides = accounts.find_with_hides(account_id)
    blocked = hides.blocked_domains.intersection(domains)
    if account is None or account.deleted or not blocked:
        return None
    by, place = Viewer(account, hides), jobs.find_cursor(job) or {"step": FOLLOWERS}
    step, ids = int(place["step"]), _at(account_id, place)
    there = [id for id, other in accounts.find_many(ids).items()
             if other.host is not None and any(covers_host(pattern, other.host) for pattern in blocked)]
    _end(there, step, by, cause)
    place = {"step": step, "after": ids[-1]} if step < REQUESTS and len(ids) == LOOKED_AT else {"step": step + 1}
    return len(there) if place["step"] != END and jobs.save_cursor(job, place) else None


def _at(account_id: str, place: Mapping[str, Any]) -> list[str]:
    """Who is next, by id."""
    if place["step"] == REQUESTS:
        return [*follow_requests.requester_ids(account_id), *follow_requests.asked_ids(account_id)]
    return relations.listed(account_id, followers=place["step"] == FOLLOWERS, above=place.get("after"), below=None,
                            ascending=True, limit=LOOKED_AT)


def _end(ids: Sequence[str], step: int, by: Viewer, cause: str) -> None:
    earlier = {id for id, row in relations.find_many(by.id, ids).items()
               if (row.follows or row.requested) and (row.follow_id or "") < cause}
    for id in ids:
        with suppress(NotFound, BadRequest):
            if step != FOLLOWED:
                followers.remove(id, by=by)
            if step != FOLLOWERS and id in earlier:
                following.unfollow(id, by=by)
