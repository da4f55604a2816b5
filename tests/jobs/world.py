"""A world that leaves one job to do: built once, and put back as it was as often as somebody wants to run the job.

What comes of a run is its *outcome*: what requests show afterwards, and all that tables, bucket, queues and mailbox
hold. Ids, tokens and times that the run itself has made are left out of it, since no two runs make the same.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from app import app
from chalicelib.domain import hosts
from chalicelib.domain.federation import fetching
from chalicelib.domain.instance import about
from chalicelib.jobs.sweep import sweep
from chalicelib.queues import messages
from chalicelib.queues.messages import Message
from chalicelib.settings import settings
from chalicelib.store.emoji import rows
from chalicelib.store.federation import presence
from chalicelib.store.jobs import Job
from infra.local import pump
from infra.local.server import Context
from tests import leftovers
from tests.cast import Cast, Person
from tests.faults import Killed, power_cut
from tests.jobs.worker import Clock
from tests.simulated_aws import LocalAws

Shows = Callable[[], Mapping[str, Any]]
"""What requests show, by names that the scenario gives to the parts."""
Outcome = dict[str, list[str]]
COMES_BACK_AFTER = 360
"""Seconds after which SQS hands out again what a dead worker had received."""
LATER = 3600
"""Seconds after which whatever was lost has been swept up, and an ended follow has left the home timelines."""
APART = 30
"""Seconds between what was before and a run, so that no time of the one is a time of the other."""
# What a run may make anew: moments; ids, tokens and hashes; times, and ids that are numbers.
_MADE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|[\w-]{18,}|\d{10,}")
_A_WORD = re.compile(r"[a-z_-]+")


@dataclass(frozen=True)
class Scenario:
    """How one kind of job comes about. `build` leaves exactly one of it to do, and answers what shows its outcome.

    `resent` names parts of the outcome that may hold more than once what is there once, when a worker has died;
    `repeated` those that may whenever the job runs again. Each says why.
    """

    kind: type[Message]
    build: Callable[[World], Shows]
    settings: Mapping[str, Any] = field(default_factory=dict)
    resent: Mapping[str, str] = field(default_factory=dict)
    repeated: Mapping[str, str] = field(default_factory=dict)


class World:
    """One scenario's world, from `with` to its end. `begin` puts it back to where the job has not run."""

    def __init__(self, aws: LocalAws, scenario: Scenario) -> None:
        self.aws, self.scenario = aws, scenario
        self.cast, self.clock = Cast(), Clock()
        self.open = ExitStack()
        """What ends with the world: servers, and changes to modules and settings."""
        self.patch = self.open.enter_context(pytest.MonkeyPatch.context())
        self._queues = {queue.name.removeprefix(settings.queue_prefix): queue
                        for queue in pump.queues_of(app, aws.sqs)}

    def __enter__(self) -> World:
        try:
            self._build()
        except BaseException:
            self.open.close()
            raise
        return self

    def _build(self) -> None:
        self.aws.wipe()
        _forget_what_was_read()
        self.patch.setattr(time, "time", self.clock.now)
        self.set(**self.scenario.settings)
        self._shows = self.scenario.build(self)
        self.run_all(but=self.scenario.kind)
        self._before = leftovers.contents(self.aws)
        known = [[_told_of(*each) for each in self._before.items.items()], list(self._before.files)]
        self._known = frozenset(_MADE.findall(json.dumps(known)))
        self.message, self._row = self._work_left()
        self._starts = self.clock.ahead + APART
        self.begin()
        with power_cut(0) as writes:
            self.receive()
        self.writes = list(writes)
        self.clean = self.outcome()

    def __exit__(self, *_: object) -> None:
        self.open.close()

    def set(self, **values: Any) -> None:
        """Change settings for as long as the world stands."""
        for name, value in values.items():
            assert name in vars(settings), f"there is no setting {name}"
            self.patch.setattr(settings, name, value)

    def people(self, *nicknames: str) -> list[Person]:
        return [self.cast.person(nickname) for nickname in nicknames]

    def _work_left(self) -> tuple[Message, Job | None]:
        """The one message that is left to do, and its row, if its kind has rows."""
        kind = self.scenario.kind
        if kind.row:
            found = [(messages.of(row.kind, row.payload), row) for row in Job.scan(Job.kind == kind.kind)]
        else:
            found = [(messages.from_text(body), None) for body in self.aws.messages(kind.queue)]
        assert [type(message) for message, _ in found] == [kind], "the world leaves exactly one to do"
        return found[0]

    # Running.

    def begin(self) -> None:
        """Nothing has run yet; its time has come, and the message waits."""
        self.clock.ahead = self._starts
        leftovers.restore(self.aws, self._before)
        _forget_what_was_read()
        if self._row is not None and self._row.timed:
            self.clock.pass_by(max(int(self._row.due) - time.time(), 0) + 1)
        self.send()

    def send(self) -> None:
        """The message is sent, by whoever caused it or by the sweep."""
        queue = self._queues[self.message.queue]
        self.aws.sqs.send_message(QueueUrl=queue.url, MessageBody=messages.to_text(self.message))

    def put_row_back(self) -> None:
        """The job row is as it was before anything ran."""
        if self._row is not None:
            row = [item for item in self._before.items["jobs"] if item["id"]["S"] == self.message.job]
            self.aws.put_items("jobs", row)

    def receive(self) -> None:
        """The job's function is handed its messages, and those that it sends itself; what else it sends waits."""
        self._run(self.message.queue, lambda kind: kind == self.message.kind)

    def run_all(self, but: type[Message] | None = None) -> None:
        """Whatever waits is run, and what that sends, and so on; one kind may stay."""
        left_out = but.kind if but is not None else ""
        while sum(self._run(name, lambda kind: kind != left_out) for name in self._queues):
            pass

    def _run(self, name: str, wanted: Callable[[str], bool]) -> int:
        """Run the messages that wait in a queue, one by one; those not wanted stay. How many were run."""
        queue, count = self._queues[name], 0
        while self.aws.has_messages(queue.name):
            (message,) = self.aws.sqs.receive_message(
                QueueUrl=queue.url, WaitTimeSeconds=0, MessageSystemAttributeNames=["All"])["Messages"]
            if wanted(json.loads(message["Body"])["kind"]):
                record = {"messageId": message["MessageId"], "body": message["Body"],
                          "attributes": message["Attributes"]}
                failed = queue.handler({"Records": [record]}, Context(900))["batchItemFailures"]
                assert not failed, f"a job failed: {message['Body']}"
                self.aws.sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
                count += 1
        self.aws.time_out(name)
        return count

    def die(self, number: int, *, after: bool) -> None:
        """The function dies at a write. A while later SQS hands out again what it had received."""
        with pytest.raises(Killed), power_cut(number, after=after):
            self.receive()
        self.aws.time_out(self.message.queue)
        self.clock.pass_by(COMES_BACK_AFTER)

    # Looking.

    def outcome(self) -> Outcome:
        """What has come of it an hour later: by then all that it causes has been done too."""
        self.run_all()
        self.clock.pass_by(LATER)
        sweep()
        self.run_all()
        now = leftovers.contents(self.aws)
        found = {f"table {name}": sorted(self._told(_told_of(name, items))) for name, items in now.items.items()}
        found["files"] = sorted(self._told(now.files))
        found["letters"] = sorted(self._told({**each, "at": ""} for each in self.aws.letters.letters()))
        found["queued"] = sorted(self._told(self._left_in_queues()))
        shown = {part: self._told(each if isinstance(each, list) else [each]) for part, each in self._shows().items()}
        return {part: whole for part, whole in {**found, **shown}.items() if whole}

    def _told(self, things: Iterable[Any]) -> list[str]:
        """As text, without what the run has made anew."""
        return [_MADE.sub(self._unless_new, json.dumps(each, sort_keys=True, ensure_ascii=False)) for each in things]

    def _unless_new(self, found: re.Match[str]) -> str:
        text = found.group()
        return text if text in self._known or _A_WORD.fullmatch(text) else "(new)"

    def _left_in_queues(self) -> list[str]:
        """What is put off, and what was given up."""
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.sqs.models import sqs_backends

        queues = sqs_backends[DEFAULT_ACCOUNT_ID][settings.region].queues.values()
        return [f"{queue.name}: {message.body}" for queue in queues for message in queue._messages]


def _forget_what_was_read() -> None:
    """What a process keeps in memory: each run is that of a new one."""
    rows.forget()
    about.forget()
    hosts.forget()
    fetching.forget()
    presence.forget()


# When a job will be sent again, and how often it was, is not what it is about. Other times are those of an id.
_LEFT_OUT = {("jobs", "due"), ("jobs", "tries")}
_TIMES = {"at", "ttl"}
# It follows from the id. A job that is given up has none.
_SHARD = ("jobs", "q")


def _told_of(table: str, items: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Items with their sets in order."""
    return [{name: "a time" if name in _TIMES else "a shard" if (table, name) == _SHARD else _in_order(value)
             for name, value in item.items()
             if (table, name) not in _LEFT_OUT} for item in items if not _tells_of_a_host(table, item)]


def _tells_of_a_host(table: str, item: Mapping[str, Any]) -> bool:
    """Whether it says how another server answered lately, or how often it asked: that is no part of what a job does."""
    return table == "ephemeral" and str(item["key"]["S"]).startswith(("h#", "l#"))


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: sorted(each) if name in ("SS", "NS") else _in_order(each) for name, each in value.items()}
    return [_in_order(each) for each in value] if isinstance(value, list) else value
