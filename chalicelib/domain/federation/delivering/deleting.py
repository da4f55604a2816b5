"""Telling others that something is gone, before it is forgotten who they are."""

from __future__ import annotations

from ....queues.deliveries import ForgetKeys
from ....queues.messages import outbox
from ....settings import settings
from ....store import jobs
from ....store.accounts import accounts
from ....store.dynamo.parallel import together
from ....store.federation import delivering as store
from ....store.federation import keys
from ....store.federation.delivering import Needs
from ....store.statuses import marks
from ....store.statuses.statuses import Status
from ....store.timelines import feeds
from ....store.timelines.feeds import FeedRow, Span
from ... import host_policies
from ...visibility import is_for_everybody
from .. import addresses
from . import activities, gathering
from .activities import Dispatch
from .gathering import HowFar, Sender

KEYS_KEPT = 4 * 86_400
"""Seconds for which a deleted account can sign that it is gone. So long its end is sent again where nobody answers."""
THREAD_PAGE = 4_000


def tell_of_status(tombstone: Status) -> int:
    """Tell everybody who may have a deleted status: those who got it, and those who marked or answered it."""
    if not settings.federating or tombstone.host is not None:
        return 0
    id = tombstone.account_id
    found = store.load(Needs(id), to_sign=False)
    if found is None:
        return 0
    inboxes = gathering.of_status(tombstone, Sender(found.account, found.hides))
    inboxes |= gathering.inboxes_of(accounts.find_many(_concerned(tombstone)).values())
    if not is_for_everybody(tombstone.visibility):  # a Delete says that it is for everybody, whatever the status was
        inboxes = {each for each in inboxes
                   if host_policies.may_hear(addresses.host_of(each), everybody=False)}
    return gathering.ask(Dispatch(activities.DELETE, id, tombstone.id, tombstone.id), inboxes)


def _concerned(tombstone: Status) -> set[str]:
    """Who marked the status, and if everybody could see it, who answered it."""
    favourites, reblogs, reactions, rows = together(
        lambda: marks.favourites_of(tombstone.id), lambda: marks.reblogs_of(tombstone.id),
        lambda: marks.reactions_of(tombstone.id),
        lambda: feeds.read(FeedRow, f"t#{tombstone.thread}", Span(above=tombstone.id, ascending=True),
                           limit=THREAD_PAGE) if is_for_everybody(tombstone.visibility) else [])
    answers = {str(row.author_id) for row in rows if row.parent_id == tombstone.id}
    return {*favourites, *reblogs, *reactions} | answers


def tell_of_account(account_id: str, progress: HowFar) -> None:
    """Tell everybody who may know an account that it is gone. Its keys are kept until they have heard."""
    account = accounts.find(account_id)
    if not settings.federating or account is None or account.host is not None or account.deleted:
        return
    inboxes = gathering.everybody(account)
    if inboxes:
        jobs.add([outbox(ForgetKeys(account_id), due_in=KEYS_KEPT)])
        gathering.ask(Dispatch(activities.DELETE, account_id, account_id, account_id), inboxes, progress)


def forget_keys(account_id: str) -> None:
    """Destroy the keys of a deleted account; of another one the key that was replaced."""
    account = accounts.find(account_id)
    if account is None or account.deleted:
        keys.destroy(account_id)
    else:
        keys.forget_old(account_id)


def keeps_keys(account_id: str) -> bool:
    """Whether a deleted account still has something to sign."""
    return jobs.find(ForgetKeys(account_id).job) is not None
