"""Recounts everything from the rows that were counted, and compares. For stages with little data."""

from __future__ import annotations

from collections import Counter
from typing import Any

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.instance.counters import standings, statistics, statuses_by_visibility
from chalicelib.store.jobs import Job
from chalicelib.store.notifications.notifications import Notification
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.statuses.counts import COUNTED
from chalicelib.store.statuses.marks import Mark
from chalicelib.store.statuses.statuses import Status
from chalicelib.store.statuses.visibilities import FOR_FOLLOWERS, PUBLIC, STATISTICS, statistic_of
from chalicelib.store.timelines.feeds import ADDRESSED, FOLLOWED, SELF, FeedRow, HomeRow

MOST_NAMED = 20
WAITING_FOR_OTHERS = ("import_abroad",)
"""Jobs that may be left for an hour: a server that a list names does not answer."""


def all_of(model: Any) -> list[Any]:
    return list(model.scan(consistent_read=True))


class Recount:
    """Reads every table once. `faults` are sentences about what does not agree."""

    def __init__(self) -> None:
        rows = [row for row in all_of(Account) if row.part == PROFILE]
        self.accounts = {account.id: account for account in rows}
        statuses = all_of(Status)
        self.statuses = {status.id: status for status in statuses if not status.deleted}
        self.tombstones = [status.id for status in statuses if status.deleted]
        self.relations = {(row.me, row.other): row for row in all_of(Relation)}
        self.marks = all_of(Mark)
        self.feeds = all_of(FeedRow)
        self.home = all_of(HomeRow)
        self.notifications = all_of(Notification)
        self.jobs = [job for job in all_of(Job) if job.kind not in WAITING_FOR_OTHERS]
        self.faults: list[str] = []

    def report(self) -> dict[str, Any]:
        self._people()
        self._pairs()
        self._counters_of_statuses()
        self._reactions()
        self._shared_feeds()
        self._home_timelines()
        self._told()
        self._server()
        if self.jobs:
            self._fault(f"{len(self.jobs)} jobs are left: {sorted(job.kind for job in self.jobs)[:MOST_NAMED]}")
        if self.tombstones:
            self._fault(f"{len(self.tombstones)} tombstones are left")
        return {
            "faults": self.faults[:MOST_NAMED], "statuses": sorted(self.statuses),
            "follows": sorted(f"{me} {other}" for (me, other), row in self.relations.items() if row.follows),
            "reactions": sorted(f"{mark.account_id} {mark.status_id} {emoji}"
                                for mark in self.marks for emoji in mark.reactions or {}),
            "told": dict(Counter(f"{row.type} {row.account}" for row in self.notifications)),
        }

    def _fault(self, text: str) -> None:
        self.faults.append(text)

    def _same(self, what: str, stored: Any, counted: Any) -> None:
        if stored != counted:
            self._fault(f"{what}: {stored} is stored, {counted} are there")

    def _counts(self, status: Status) -> bool:
        return status.visibility in COUNTED and not status.reblog_of

    def _people(self) -> None:
        written = Counter(status.account_id for status in self.statuses.values() if self._counts(status))
        following = Counter(me for (me, _), row in self.relations.items() if row.follows)
        followers = Counter(me for (me, _), row in self.relations.items() if row.followed_by)
        for id, account in self.accounts.items():
            self._same(f"statuses of {account.nickname}", int(account.statuses_count), written[id])
            self._same(f"following of {account.nickname}", int(account.following_count), following[id])
            self._same(f"followers of {account.nickname}", int(account.followers_count), followers[id])

    def _pairs(self) -> None:
        for (me, other), row in self.relations.items():
            mirrored = self.relations.get((other, me))
            if mirrored is None:
                self._fault(f"{me} stands to {other}, but not the other way round")
            else:
                self._same(f"how {me} follows {other}", (row.follow, row.follow_id, row.version),
                           (mirrored.followed, mirrored.followed_id, mirrored.version))

    def _counters_of_statuses(self) -> None:
        replies = Counter(status.parent_id for status in self.statuses.values() if self._counts(status))
        for id, status in self.statuses.items():
            self._same(f"replies to {id}", int(status.replies_count), replies[id])
            self._same(f"whether {id} is counted", bool(status.counted), self._counts(status))
            if status.parent_id and status.parent_id not in self.statuses:
                self._fault(f"{id} replies to a status that is gone")

    def _reactions(self) -> None:
        counted: dict[str, Counter[str]] = {}
        people: dict[str, set[str]] = {}
        for mark in self.marks:
            if mark.status_id not in self.statuses:
                self._fault(f"a mark of {mark.account_id} on a status that is gone")
            for emoji in mark.reactions or {}:
                counted.setdefault(mark.status_id, Counter())[emoji] += 1
                people.setdefault(mark.status_id, set()).add(mark.account_id)
        for id, status in self.statuses.items():
            stored = {emoji: int(entry["n"]) for emoji, entry in (status.reactions or {}).items()}
            self._same(f"reactions to {id}", stored, dict(counted.get(id, {})))
            self._same(f"who reacted to {id}", set(status.reactors or ()), people.get(id, set()))

    def _shared_feeds(self) -> None:
        there = {(row.feed, row.id) for row in self.feeds}
        for feed, id in there:
            if id not in self.statuses:
                self._fault(f"{feed} has a row of {id}, which is gone")
        for id, status in self.statuses.items():
            wanted = [f"a#{status.account_id}", f"t#{status.thread}", "all"]
            if status.visibility == PUBLIC:
                wanted.append("pl" if status.shard is None else f"pl#{int(status.shard)}")
            for feed in wanted:
                if (feed, id) not in there:
                    self._fault(f"{feed} lacks {id}")

    def _home_timelines(self) -> None:
        there = {(row.feed, row.id): row.why for row in self.home}
        self._no_row_too_many(there)
        self._no_row_too_few(there)

    def _no_row_too_many(self, there: dict[tuple[str, str], str | None]) -> None:
        for (feed, id), why in there.items():
            if id not in self.statuses:
                if why != FOLLOWED:  # nobody deletes followers' rows of deleted statuses: readers skip them
                    self._fault(f"{feed} has a row of {id}, which is gone")
            elif why == FOLLOWED and not self._follows(feed.partition("#")[2], self.statuses[id].account_id):
                self._fault(f"{feed} has {id} of somebody who is not followed")

    def _no_row_too_few(self, there: dict[tuple[str, str], str | None]) -> None:
        for id, status in self.statuses.items():
            self._same(f"{id} at home", there.get((f"h#{status.account_id}", id)), SELF)
            for account_id in status.addressed:
                if account_id != status.account_id:
                    self._same(f"{id} with its addressee", there.get((f"h#{account_id}", id)), ADDRESSED)
            if status.visibility not in FOR_FOLLOWERS:
                continue
            for (me, other), row in self.relations.items():
                if other == status.account_id and row.follows and (f"h#{me}", id) not in there:
                    self._fault(f"the home timeline of {me} lacks {id}")

    def _follows(self, me: str, other: str) -> bool:
        row = self.relations.get((me, other))
        return row is not None and row.follows

    def _told(self) -> None:
        told = Counter((row.type, row.account, row.by, row.status) for row in self.notifications)
        for (kind, account, by, status), number in told.items():
            most = len({row.cause for row in self.notifications
                        if (row.type, row.account, row.by, row.status) == (kind, account, by, status)})
            self._same(f"notifications {kind} of {by} for {account}", number, most)
            if status is not None and status not in self.statuses:
                self._fault(f"{account} is told of {status}, which is gone")
        for me, other in self.relations:
            if self._follows(me, other):
                self._same(f"{other} told of the follow of {me}", told[("o", other, me, None)], 1)
        for mark in self.marks:
            status = self.statuses.get(mark.status_id)
            if status is not None and status.account_id != mark.account_id:
                number = told[("e", status.account_id, mark.account_id, status.id)]
                self._same(f"reactions of {mark.account_id} to {status.id} told", number, len(mark.reactions or {}))

    def _server(self) -> None:
        facts = statistics(strong=True)
        counted = sum(self._counts(status) for status in self.statuses.values())
        self._same("statuses of the server", facts.statuses, counted)
        there = Counter(statistic_of(each.visibility) for each in self.statuses.values() if not each.reblog_of)
        self._same("statuses by visibility", statuses_by_visibility(), {word: there[word] for word in STATISTICS})
        self._same("accounts of the server", facts.users, len(self.accounts))
        by_standing = Counter(account.standing for account in self.accounts.values() if account.standing is not None)
        self._same("accounts by their standing", standings(), dict(by_standing))
