"""Subscriptions: being notified of every new status of an account, except replies, whether or not one follows it."""

from __future__ import annotations

from ...settings import settings
from ...store.relationships import subscriptions
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ...store.statuses import addressing
from ...store.statuses.statuses import Status
from .. import events
from ..notifications import making
from ..refusals import Forbidden
from ..viewer import Viewer
from ..visibility import is_for_followers, may_see
from .changing import change
from .standing import Standing


def add(account_id: str, by: Viewer) -> Standing:
    """Subscribe to an account. A second time changes nothing."""
    return _set(account_id, by, subscribed=True)


def remove(account_id: str, by: Viewer) -> Standing:
    return _set(account_id, by, subscribed=False)


def _set(account_id: str, by: Viewer, *, subscribed: bool) -> Standing:
    if account_id == by.id:
        raise Forbidden("Can not subscribe to yourself")

    def decide(meeting: Meeting) -> Relation:
        mine = meeting.pair.mine
        if subscribed and settings.deny_follow_blocked and mine.blocked_by:
            raise Forbidden(f"Could not subscribe: {meeting.account.acct} is blocking you")
        return mine if bool(mine.subscribes) == subscribed else subscriptions.set_subscribed(meeting.pair, subscribed)

    return change(account_id, by, decide)


def tell_of(status: Status) -> None:
    """Notify subscribers of a new status: those who may see it and are not mentioned in it."""
    if status.parent_id or status.reblog_of or not is_for_followers(status.visibility):
        return
    ids, after = subscriptions.subscriber_ids(status.account_id)
    while ids:
        _tell(status, [id for id in ids if id not in status.addressed])
        if after is None:
            return
        ids, after = subscriptions.subscriber_ids(status.account_id, after=after)


def _tell(status: Status, ids: list[str]) -> None:
    people = addressing.people([*ids, status.account_id], status.account_id).by_id
    author = people.get(status.account_id)
    if author is None:
        return
    notices = []
    for id in ids:
        person = people.get(id)
        if person is None or not may_see(status, Viewer(person.account, person.hides), person.relation):
            continue
        notice = making.news(person, by=author.account, status=status)
        if notice is not None:
            notices.append(notice)
    subscriptions.tell(notices)
    events.tell(*events.told(notices))
