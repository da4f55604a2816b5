"""Fan-out by hashtags: public originals come home to those who follow one of their tags.

A status is once at each home. Whoever follows its author, or is addressed by it, has it for that reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from ...queues import messages, queue
from ...queues.tags import DeliverTagged
from ...store import jobs
from ...store.dynamo.parallel import together
from ...store.statuses import delivery
from ...store.statuses.delivery import Rows
from ...store.statuses.statuses import Status
from ...store.tags import follows
from ...store.timelines import feeds
from ...store.timelines.feeds import TAGGED, TAGS_PER_STATUS
from ..visibility import is_public

PER_PAGE = 500
PAGES_A_RUN = 20


def tags_of(status: Status) -> list[str]:
    """The tags by which a status goes to homes and is counted: of public originals only."""
    if status.reblog_of or status.fetched or not is_public(status.visibility):
        return []
    return list(status.content.get("tags") or [])[:TAGS_PER_STATUS]


def rows(status: Status) -> Rows:
    """The rows at home of the first followers of each tag. Jobs go on from there, if there are more."""
    tags = tags_of(status)
    pages = together(*[partial(follows.follower_ids, tag, limit=PER_PAGE) for tag in tags])
    rest = [DeliverTagged(status.id, status.account_id, tag, after)
            for tag, (_, after) in zip(tags, pages, strict=True) if after is not None]
    if rest:
        jobs.add(map(messages.outbox, rest))
        queue.send_all(rest)
    return _home_rows(status, dict.fromkeys(id for ids, _ in pages for id in ids))


def _home_rows(status: Status, account_ids: Iterable[str]) -> Rows:
    """Without those who have it for another reason, who do not want the author, or whom the author does not want."""
    concerned = {*status.addressed, status.account_id}
    ids = [id for id in account_ids if id not in concerned]
    unwilling = follows.not_for(status.account_id, ids)
    return [feeds.home_row(status, id, TAGGED) for id in ids if id not in unwilling]


def deliver_further(wanted: DeliverTagged) -> queue.Again | None:
    """Place a status at home of the followers of a tag, page by page. The job row holds whom to go on after."""
    job = jobs.find(wanted.job)
    after = (job.cursor if job is not None else None) or wanted.after
    for _ in range(PAGES_A_RUN):
        ids, following = follows.follower_ids(wanted.tag, after=after, limit=PER_PAGE)
        if not _place(wanted, ids) or following is None or not jobs.save_cursor(wanted.job, following):
            return None
        after = following
    return queue.Again()


def _place(wanted: DeliverTagged, ids: Sequence[str]) -> bool:
    """Place the status at these homes. False if it is gone, perhaps before it was placed."""
    there = delivery.find([(wanted.status_id, wanted.account_id)])
    if not there or wanted.tag not in tags_of(there[0]):
        return False
    placed = _home_rows(there[0], ids)
    delivery.write(placed)
    if not delivery.find([(wanted.status_id, wanted.account_id)]):
        delivery.take_back(placed)
        return False
    return True
