"""Fan-out: placing new statuses on the home timelines of their authors' followers.

Everything written here has a key of account and status, so that doing it twice changes nothing. What several statuses
need is read together and written together. Followers are read page by page; a job of its own goes through the pages
after the first, and each of them is a message, so that no run is long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ... import request_ids
from ...queues import messages, queue
from ...queues.statuses import Deliver, DeliverChunk, DeliverPages, DeliverPosted
from ...store import jobs
from ...store.dynamo.parallel import together
from ...store.relationships import lists, relations
from ...store.statuses import delivery, posting, readdressing, undelivered
from ...store.statuses.delivery import Rows
from ...store.statuses.statuses import Status
from ...store.timelines import feeds
from ...store.timelines.feeds import ADDRESSED, FOLLOWED, SELF, HomeRow
from .. import events
from ..event_types.statuses import StatusDelivered
from ..relationships import subscriptions
from ..retrying import retried
from ..search import index
from ..tags import counting
from ..tags import fan_out as by_tags
from ..visibility import has_changed, is_direct, is_for_followers, is_public
from . import cards
from . import posting as writing

FOLLOWERS_PER_PAGE = 500
PAGES_A_RUN = 40


def deliver_posted(wanted: Sequence[DeliverPosted]) -> None:
    """Do all that follows from new statuses, unless that has been done. Nothing is left to do for those that are
    gone, or whose authors are."""
    there = delivery.find_undelivered((each.status_id, each.account_id) for each in wanted)
    _deliver(there, {each.status_id: each.request_id for each in wanted})
    undelivered.done({each.status_id for each in wanted})


def deliver(wanted: Sequence[Deliver]) -> None:
    """As `deliver_posted`, for statuses that the sweep has found."""
    there = delivery.find((each.status_id, each.account_id) for each in wanted)
    _deliver(there, {each.status_id: each.request_id for each in wanted})


def deliver_arrived(status: Status) -> None:
    """Do all that follows from a status, or reblog, of another server. Twice changes nothing."""
    if not status.deleted:
        _deliver([status], {status.id: request_ids.current()})


def take_up_overdue() -> int:
    """Make jobs of the statuses that should have been delivered by now. They are tried less and less often."""
    found = undelivered.overdue()
    jobs.add(messages.outbox(Deliver(row.id, row.author_id, request_id=row.request_id or ""), due_in=-1)
             for row in found)
    undelivered.done(row.id for row in found)
    return len(found)


def _deliver(there: Sequence[Status], origins: Mapping[str, str]) -> None:
    """`origins`: by status, the id of the request that posted it."""
    for status in there:
        with request_ids.followed(origins[status.id]):
            _serve_the_rest(status)
    rows = {status.id: rows for status, rows in zip(there, _rows(there, origins), strict=True)}
    _place(rows, there)
    counting.count(there)
    events.tell(*[_delivered(status, origins[status.id]) for status in there])


def _rows(statuses: Sequence[Status], origins: Mapping[str, str]) -> list[Rows]:
    """The rows of each status in timelines, lists and the search index. Their queries are one round.

    `origins`: by status, the id of the request that posted it.
    """
    def answer(status: Status, ask: Callable[[Status], list[Any]]) -> list[Any]:
        with request_ids.followed(origins[status.id]):
            return ask(status)

    asked = [(status, question) for status in statuses for question in _questions(status)]
    answers = together(*[partial(answer, status, ask) for status, ask in asked])
    rows: dict[str, Rows] = {
        status.id: [*_shared_rows(status), *index.rows(status)] for status in statuses}
    for (status, _), found in zip(asked, answers, strict=True):
        rows[status.id] += found
    return [_each_once(found) for found in rows.values()]


def _shared_rows(status: Status) -> Rows:
    """The rows in feeds that everybody shares, as far as they were not written with the status."""
    return [delivery.row_of_everything(status)] if status.host is None else [*feeds.federated_rows(status)]


def _each_once(rows: Rows) -> Rows:
    """Of several rows at one place the first. Who began to follow the author a moment ago may be found by a tag too."""
    at_home: dict[tuple[str, str], HomeRow] = {}
    others: Rows = []
    for row in rows:
        if isinstance(row, HomeRow):
            at_home.setdefault((row.feed, row.id), row)
        else:
            others.append(row)
    return [*others, *at_home.values()]


def _questions(status: Status) -> Iterator[Callable[[Status], list[Any]]]:
    """What has to be asked for a status. Each answers rows."""
    if is_for_followers(status.visibility):
        yield _for_followers
        if by_tags.tags_of(status):
            yield by_tags.rows
        if not status.reblog_of:
            yield _for_lists
            if not status.parent_id:
                yield _for_subscribers
    if status.list_id is not None:
        yield _for_members


def _for_subscribers(status: Status) -> Rows:
    subscriptions.tell_of(status)
    return []


def _for_lists(status: Status) -> Rows:
    """An original goes to the lists that its author is on. When a list is read, it is asked who may see the status."""
    return [feeds.list_row(status, list_id) for list_id in lists.having(status.account_id)]


def _for_members(status: Status) -> Rows:
    """A status for a list is put on the home timelines of those who are on the list now."""
    members = lists.member_ids(status.account_id, status.list_id or "")
    return [feeds.home_row(status, id, ADDRESSED) for id in members if id not in status.addressed]


def _for_followers(status: Status) -> Rows:
    """The first page. A job goes on from there, if there are more."""
    ids, after = relations.follower_ids(status.account_id, limit=FOLLOWERS_PER_PAGE)
    if after is not None:
        rest = DeliverPages(status.id, status.account_id, after)
        jobs.add([messages.outbox(rest)])
        queue.send(rest)
    return _home_rows(status, ids)


def _serve_the_rest(status: Status) -> None:
    """What the request left for later: those who are addressed beyond the first."""
    if len(status.addressed) > posting.ADDRESSED_AT_ONCE:
        publication = writing.publication_of(status)
        if publication is not None:
            retried(partial(posting.serve_the_rest, publication))
            events.tell(*events.told(publication.notices_later))


def _delivered(status: Status, origin: str) -> StatusDelivered:
    wants_card = "card" not in status.content and cards.link_of(status) is not None
    return StatusDelivered(status.id, status.account_id, wants_card, origin)


def deliver_pages(wanted: DeliverPages) -> queue.Again | None:
    """Send a message for each further page of followers. The job row holds the follower to go on after."""
    job = jobs.find(wanted.job)
    after = (job.cursor if job is not None else None) or wanted.after
    for _ in range(PAGES_A_RUN):
        ids, following = relations.follower_ids(wanted.account_id, after=after, limit=FOLLOWERS_PER_PAGE)
        if ids:
            queue.send(DeliverChunk(wanted.status_id, ids, wanted.account_id))
        if following is None or not jobs.save_cursor(wanted.job, following):
            return None
        after = following
    return queue.Again()


def deliver_chunk(wanted: Sequence[DeliverChunk]) -> None:
    """Place statuses on the home timelines of one page of followers each."""
    there = {status.id: status for status in delivery.find((each.status_id, each.account_id) for each in wanted)}
    for each in wanted:
        if (status := there.get(each.status_id)) is not None:
            _place({status.id: _home_rows(status, each.account_ids)}, [status])


def place_again(found: Sequence[Status]) -> None:
    """Place statuses where they were at home, for tables that have lost it. Nobody is told of them once more."""
    for status in found:
        if not status.deleted:
            _place({status.id: _rows_at_home(status)}, [status])


def place_anew(status: Status) -> None:
    """Put a status whose visibility has changed wherever it belongs now, and nowhere else."""
    if not is_public(status.visibility):
        delivery.take_back(readdressing.rows_if_public(status))
    at_home = [] if status.fetched else _rows_at_home(status)
    _place({status.id: [*readdressing.shared_rows(status), *at_home]}, [status])


def _rows_at_home(status: Status) -> Rows:
    """What posting, and its job, put on timelines that are one account's. Those of direct statuses stay for ever."""
    author: list[str] = [status.account_id] if status.host is None else []
    concerned = list(dict.fromkeys([*author, *status.addressed]))
    rows: Rows = []
    if is_direct(status.visibility) or status.list_id is not None:
        rows += [feeds.direct_row(status, id) for id in (concerned if status.list_id is None else concerned[:1])]
    if feeds.is_too_old(status):
        return rows
    rows += [feeds.home_row(status, id, SELF if id == status.account_id else ADDRESSED) for id in concerned
             if status.host is None or id != status.account_id]
    asked = [ask for ask in _questions(status) if ask is not _for_subscribers]
    return rows + [row for answer in together(*[lambda ask=ask: ask(status) for ask in asked]) for row in answer]


def _home_rows(status: Status, account_ids: Sequence[str]) -> Rows:
    """The rows at these accounts' homes. Those whom it addresses have it already, whether they follow or not."""
    addressed = {*status.addressed, status.account_id, status.reblog_of_account_id}
    return [feeds.home_row(status, account_id, FOLLOWED) for account_id in account_ids if account_id not in addressed]


def _place(rows: dict[str, Rows], statuses: Sequence[Status]) -> None:
    """Write the rows of these statuses. Of those that are gone by then, perhaps before they were written, take them
    back. Those whose visibility has changed meanwhile are placed once more.
    """
    delivery.write(row for each in rows.values() for row in each)
    still = {status.id: status for status in delivery.find((status.id, status.account_id) for status in statuses)}
    delivery.take_back(row for id, each in rows.items() if id not in still for row in each)
    for status in statuses:
        now = still.get(status.id)
        if now is not None and has_changed(status.visibility, now.visibility):
            place_anew(now)
