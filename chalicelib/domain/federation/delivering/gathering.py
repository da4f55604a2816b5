"""Whom an activity goes to. Inboxes are gathered once, each only once, whatever the number of people behind it.

| what | whom |
|---|---|
| a status that is not direct, a reblog, and what becomes of them | the followers elsewhere, and the addressed |
| a direct status | the addressed, each at their own inbox |
| a status for a list | its members, each at their own inbox; each server hears of its own members only |
| a mark, a vote, a follow, an answer to one, a block, and taking them back | the one account, at its own inbox |
| a report | the server of the reported account |
| a pin, and its end; a scrobble | the followers elsewhere |
| a changed profile, a move | the followers elsewhere, and those whom it follows there |
| another key, the end of an account | every server of which an account was ever met |

Left out: servers that are rejected or have not answered for a week, and for what is not public those that the author
blocks. What is not public is not sent to those in quarantine (`attempts`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ....queues import queue
from ....queues.deliveries import SendActivity
from ....settings import settings
from ....store import jobs
from ....store.accounts import accounts
from ....store.accounts.accounts import Account, ViewerSet
from ....store.federation import delivering as store
from ....store.federation import host_rows
from ....store.federation.delivering import Needs
from ....store.relationships import lists, relations
from ....store.statuses.statuses import Status
from ... import host_policies, hosts
from ...relationships.domain_blocks import blocks_domain, blocks_host
from ...viewer import Viewer
from ...visibility import is_active, is_direct, is_for_everybody, is_local
from .. import addresses, server_actor
from . import activities
from .activities import Dispatch

AT_ONCE = 10
"""How many inboxes one message has."""
PER_STEP = 2_000
"""How many are asked for before it is noted how far that is."""


@dataclass(frozen=True)
class HowFar:
    """How far a job has come that asks for thousands of inboxes, in their order. `kept`: what else its row says."""

    job: str
    kept: Mapping[str, str] = field(default_factory=dict)

    def reached(self) -> str:
        """The last inbox that was asked for by a run that did not finish."""
        return str((jobs.find_cursor(self.job) or {}).get("inbox", ""))

    def note(self, inbox: str) -> None:
        jobs.save_cursor(self.job, {**self.kept, "inbox": inbox})


@dataclass(frozen=True)
class Sender:
    """Whose activity it is, and whom they do not want to reach."""

    account: Account
    hides: ViewerSet

    def avoids(self, account: Account) -> bool:
        return account.id in self.hides.blocked or blocks_domain(Viewer(self.account, self.hides), account)


def gather(wanted: Dispatch, progress: HowFar | None = None) -> int:
    """Ask for an activity to be sent to everybody whom it is for. Answers how many inboxes that are."""
    if not settings.federating:
        return 0
    if wanted.activity == activities.FLAG:
        return ask(wanted, inboxes_of(accounts.find_many([wanted.other_id]).values()))
    found = store.load(Needs(wanted.account_id, wanted.other_id, wanted.status_id), to_sign=False)
    if found is None or found.account.host is not None or not may_speak(found.account):
        return 0
    sender = Sender(found.account, found.hides)
    if found.status is not None and found.status.list_id is not None:
        return _ask_by_host(wanted, members_of(found.status, sender))
    return ask(wanted, _inboxes(wanted, sender, found.other, found.status), progress)


def _ask_by_host(wanted: Dispatch, members: Sequence[Account]) -> int:
    """Each server gets a copy that names its own people only. `said` has their ids."""
    by_host: dict[str, list[Account]] = {}
    for each in members:
        by_host.setdefault(str(each.host), []).append(each)
    return sum(ask(replace(wanted, said=" ".join(each.id for each in people)), inboxes_of(people, personal=True))
               for people in by_host.values())


def members_of(status: Status, sender: Sender) -> list[Account]:
    """Who of other servers is on the list that a status is for."""
    known = accounts.find_many(lists.member_ids(status.account_id, status.list_id or ""))
    return [each for each in known.values() if each.host is not None and not sender.avoids(each)]


def may_speak(account: Account) -> bool:
    """Whether others may hear of what the account does. The server itself counts as deactivated, and may."""
    return is_active(account) or server_actor.is_server_actor(account)


def _inboxes(wanted: Dispatch, sender: Sender, other: Account | None, status: Status | None) -> set[str]:
    if wanted.activity in activities.FOR_ONE:
        return inboxes_of([other] if other is not None else [], personal=True)
    if wanted.is_for_every_server:
        return everybody(sender.account)
    if wanted.is_about_sender:
        return known_to(sender.account)
    if wanted.activity in activities.FOR_FOLLOWERS:
        return _followers(sender, for_everybody=not wanted.said or is_for_everybody(wanted.said))
    if wanted.activity == activities.UNDO_ANNOUNCE:
        return followers_of(sender.account) | inboxes_of([other] if other is not None else [])
    if status is None:
        return set()
    if status.reblog_of:
        authors = accounts.find_many([str(status.reblog_of_account_id)])
        return followers_of(sender.account) | inboxes_of(authors.values())
    return of_status(status, sender)


def of_status(status: Status, sender: Sender) -> set[str]:
    """Who gets a status: the followers unless it is direct, and whom it addresses."""
    if is_local(status.visibility):
        return set()
    if status.list_id is not None:
        return inboxes_of(members_of(status, sender), personal=True)
    direct = is_direct(status.visibility)
    quoted = status.quote_of_account_id if not direct else None
    concerned = accounts.find_many([*status.addressed, *([quoted] if quoted else [])])
    people = [each for each in concerned.values() if not sender.avoids(each)]
    found = inboxes_of(people, personal=direct)
    if direct:
        return found
    return found | _followers(sender, for_everybody=is_for_everybody(status.visibility))


def _followers(sender: Sender, *, for_everybody: bool) -> set[str]:
    """What is not for everybody does not go to servers that the sender blocks."""
    followers = followers_of(sender.account)
    return followers if for_everybody else {each for each in followers if not _is_blocked(each, sender)}


def _is_blocked(inbox: str, sender: Sender) -> bool:
    return blocks_host(Viewer(sender.account, sender.hides), addresses.host_of(inbox) or "")


def known_to(account: Account) -> set[str]:
    """Who knows the account: its followers, and those whom it follows."""
    following: list[str] = []
    after: str | None = ""
    while after is not None:
        page, after = relations.following_ids(account.id, after=after or None)
        following += page
    return followers_of(account) | inboxes_of(accounts.find_many(following).values())


def everybody(account: Account) -> set[str]:
    """Who may know the account: whom it has to do with, and one inbox of each other server that was ever met."""
    known = known_to(account)
    hosts_known = {addresses.host_of(each) for each in known}
    return known | {each for each in host_rows.inboxes() if addresses.host_of(each) not in hosts_known}


def followers_of(account: Account) -> set[str]:
    return relations.follower_inboxes(account.id) if account.foreign_followers_count > 0 else set()


def inboxes_of(people: Iterable[Account], *, personal: bool = False) -> set[str]:
    """Where these accounts are reached, as far as they are of other servers. `personal`: at inboxes of their own."""
    return {str(inbox) for each in people if each.host is not None and not each.deleted
            and (inbox := each.inbox if personal else each.shared_inbox or each.inbox)}


def instead_of(wanted: Dispatch, gone: Collection[str]) -> set[str]:
    """Where those who are addressed are reached by themselves, if the inbox that they share is gone."""
    found = store.load(Needs(wanted.account_id, wanted.other_id, wanted.status_id), to_sign=False)
    if found is None or not gone:
        return set()
    people = list(accounts.find_many(found.status.addressed).values()) if found.status is not None else []
    people += [found.other] if found.other is not None else []
    return inboxes_of([each for each in people if each.shared_inbox in gone], personal=True) - {*gone}


def ask(wanted: Dispatch, inboxes: Iterable[str], progress: HowFar | None = None) -> int:
    """Ask for an activity to be sent to these inboxes. Answers how many there are.

    `progress`: of the job that asks. If it dies in the midst of thousands, its next run goes on from there.
    """
    usable = sorted({each for each in inboxes if addresses.is_foreign(each)
                     and not host_policies.is_rejected(addresses.host_of(each))})
    if progress is not None and len(usable) > PER_STEP:
        reached = progress.reached()
        usable = [each for each in usable if each > reached]
    count = 0
    for start in range(0, len(usable), PER_STEP):
        step = usable[start:start + PER_STEP]
        count += _ask(wanted, step)
        if progress is not None and step[-1] != usable[-1]:
            progress.note(step[-1])
    return count


def _ask(wanted: Dispatch, inboxes: Sequence[str]) -> int:
    dead = hosts.dead_among(inboxes)
    left = [each for each in inboxes if each not in dead]
    queue.send_all(
        SendActivity(wanted.activity, wanted.account_id, wanted.subject, wanted.cause, left[start:start + AT_ONCE],
                     wanted.other_id, wanted.said)
        for start in range(0, len(left), AT_ONCE))
    return len(left)
