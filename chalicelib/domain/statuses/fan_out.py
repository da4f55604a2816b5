"""Fan-out: placing a new status on the home timelines of the author's followers.

Everything written here has a key of account and status, so that doing it twice changes nothing. Followers are read page
by page. Each page after the first is a message of its own, so that no run is long.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...queues import messages, queue
from ...store.accounts import accounts
from ...store.relationships import lists, relations
from ...store.statuses import delivery, posting, statuses
from ...store.statuses.statuses import Status
from ...store.timelines import feeds
from ...store.timelines.feeds import ADDRESSED, FOLLOWED
from .. import events
from ..event_types import StatusDelivered
from ..relationships import subscriptions
from ..search import index
from ..visibility import is_for_followers
from . import cards
from . import posting as writing

FOLLOWERS_PER_PAGE = 500


def deliver(status_id: str) -> None:
    """Do all that follows from a new status. Nothing is left to do if the status or its author is gone."""
    status = statuses.find(status_id)
    if status is not None and not _has_left(status.account_id):
        if len(status.addressed) > posting.ADDRESSED_AT_ONCE:
            publication = writing.publication_of(status)
            if publication is not None:
                posting.serve_the_rest(publication)
                events.tell(*events.told(publication.notices_later))
        delivery.count(status)
        subscriptions.tell_of(status)
        if is_for_followers(status.visibility):
            _to_lists(status)
            _to_followers(status)
        if status.list_id is not None:
            _to_members(status, status.list_id)
        index.index(status)
        wants_card = "card" not in status.content and cards.link_of(status) is not None
        events.tell(StatusDelivered(status.id, status.account_id, wants_card))


def _to_followers(status: Status) -> None:
    ids, after = relations.follower_ids(status.account_id, limit=FOLLOWERS_PER_PAGE)
    place(status, ids)
    while after is not None:
        ids, after = relations.follower_ids(status.account_id, after=after, limit=FOLLOWERS_PER_PAGE)
        if ids:
            queue.send(messages.DeliverChunk(status.id, ids))


def _to_lists(status: Status) -> None:
    """Put an original on the lists that its author is on. When a list is read, it is asked who may see the status."""
    if not status.reblog_of:
        delivery.write([feeds.list_row(status, list_id) for list_id in lists.having(status.account_id)])


def _to_members(status: Status, list_id: str) -> None:
    """Put a status for a list on the home timelines of those who are on the list now."""
    members = lists.member_ids(status.account_id, list_id)
    delivery.write([feeds.home_row(status, id, ADDRESSED) for id in members if id not in status.addressed])


def deliver_chunk(status_id: str, account_ids: Sequence[str]) -> None:
    status = statuses.find(status_id)
    if status is not None:
        place(status, account_ids)


def place(status: Status, account_ids: Sequence[str]) -> None:
    """Put the status on these home timelines. Those whom it addresses have it already, whether they follow or not."""
    addressed = {*status.addressed, status.account_id, status.reblog_of_account_id}
    rows = [feeds.home_row(status, account_id, FOLLOWED) for account_id in account_ids if account_id not in addressed]
    delivery.write(rows)
    if rows and _has_left(status.account_id):  # deleted meanwhile, and perhaps before the rows were written
        delivery.take_back(rows)


def _has_left(account_id: str) -> bool:
    account = accounts.find(account_id)
    return account is None or bool(account.deleted)
