"""A server that is stopped or killed and started again has everything it acknowledged, and all of it agrees."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.infra.processes import ends_within
from tests.running.stage import ENGINES, Someone, Stage, beside, until

on_each_engine = pytest.mark.parametrize("engine", ENGINES, indirect=True)


@on_each_engine
def test_after_a_restart_everything_is_still_there(start: Callable[[], Stage]):
    stage = start()
    alice, bob = stage.signs_in("alice"), stage.signs_in("bob")
    bob.follows(alice)
    status = alice.posts("**hello** @bob :comet:", content_type="text/markdown")
    bob.reacts(status["id"], "😀")
    reply = bob.posts("answer", in_reply_to_id=status["id"])
    stage.settles()
    java = stage.children()

    assert stage.stop() < 5

    assert stage.process.returncode == 0
    assert all(ends_within(process, 1) for process in java)
    again = start()
    alice, bob = alice.again(), bob.again()
    assert [each["id"] for each in alice.get("/api/v1/timelines/home")] == [reply["id"], status["id"]]
    assert [each["id"] for each in bob.get("/api/v1/timelines/home")] == [reply["id"], status["id"]]
    kept = alice.get(f"/api/v1/statuses/{status['id']}")
    assert kept["content"] == status["content"]
    assert kept["pleroma"]["emoji_reactions"] == [{"name": "😀", "count": 1, "me": False}]
    assert kept["replies_count"] == 1
    assert (alice.account()["followers_count"], bob.account()["following_count"]) == (1, 1)
    assert requests.get(kept["emojis"][0]["url"], timeout=10).headers["content-type"] == "image/png"
    assert Someone(again.url).sign_in("alice").id == alice.id


class Busy:
    """People who write as fast as they can, each in a thread, and the writes that the server acknowledged."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.statuses: list[str] = []
        self.reactions: list[str] = []
        self.deleted: list[str] = []
        self.stopping = threading.Event()
        self.people = [stage.signs_in(name) for name in ("alice", "bob", "admin")]
        first = self.people[0].posts("the first")
        self.statuses.append(first["id"])
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(len(self.people) * 2)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def join(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def _work(self, number: int) -> None:
        me = self.people[number % len(self.people)].again()
        others = [person for person in self.people if person.id != me.id]
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            try:
                self._turn(me, others[turn % 2], number, turn)
            except (requests.ConnectionError, requests.Timeout):
                return  # the server is gone
            except AssertionError as refused:  # e.g. the status was deleted by then
                _, status, _ = refused.args[0]
                if status >= 500:
                    raise

    def _turn(self, me: Someone, other: Someone, number: int, turn: int) -> None:
        to = self.statuses[-1 - turn % min(5, len(self.statuses))]
        match turn % 6:
            case 0:
                me.follows(other)
            case 1 | 2:
                self.statuses.append(me.posts(f"{number}: {turn} @alice")["id"])
            case 3:
                self.statuses.append(me.posts(f"{number}: {turn}", in_reply_to_id=to)["id"])
            case 4:
                me.reacts(to, "😀")
                self.reactions.append(f"{me.id} {to} 😀")
            case 5 if turn % 12 == 5:
                me.post(f"/api/v1/accounts/{other.id}/unfollow")
            case 5:
                mine = me.posts("to be deleted")["id"]
                me.deletes(mine)
                self.deleted.append(mine)


@pytest.mark.parametrize("engine", ["dynamodb-local"], indirect=True)
def test_a_transaction_is_committed_when_it_is_answered(data: Path, engine: str):
    assert beside(data, engine, "late", "100") == 0


@on_each_engine
def test_killed_in_the_middle_of_writes_it_starts_again_with_data_that_agree(
        start: Callable[[], Stage], data: Path, engine: str):
    stage = start()
    busy = Busy(stage)
    stage.settles()
    busy.start()
    until(lambda: len(busy.statuses) > 20, within=60)

    stage.kill()

    busy.join()
    left = beside(data, engine, "hurry")
    again = start()
    alice = busy.people[0].again()
    assert alice.posts("and on it goes")["id"]
    time.sleep(3)  # the first sweep comes a second after the start
    again.settles()
    shown = {each["id"] for person in busy.people for each in person.again().get("/api/v1/timelines/home", limit=40)}
    assert again.stop() < 5
    found = beside(data, engine, "recount")
    assert found["faults"] == [], f"{left} jobs were left by the kill"
    assert shown <= set(found["statuses"])
    assert set(busy.statuses) <= set(found["statuses"])
    assert {each for each in busy.reactions if each.split()[1] in found["statuses"]} <= set(found["reactions"])
    assert not set(busy.deleted) & set(found["statuses"])
