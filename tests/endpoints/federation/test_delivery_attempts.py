"""Servers that do not take what they are sent: what an answer means, when the next try is due, and when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from chalicelib import metrics, outside
from chalicelib.domain import hosts
from chalicelib.domain.federation import sending
from chalicelib.domain.federation.arriving import learn_account
from chalicelib.domain.federation.delivering import attempts, gathering
from chalicelib.domain.federation.delivering.activities import Dispatch
from chalicelib.domain.instance import about
from chalicelib.ids import new_flake
from chalicelib.jobs import sweep as sweeping
from chalicelib.outside import Fetched
from chalicelib.queues import queue
from chalicelib.queues.deliveries import SendActivity
from chalicelib.store import hosts as store
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.jobs import Job
from chalicelib.store.relationships.relations import Relation
from tests.cast import Person
from tests.domain.federation import foreigners
from tests.endpoints.federation.sending import follow, sends, uri
from tests.peers import scripted
from tests.peers.scripted import Asked, Peer, Reply
from tests.simulated_aws import LocalAws

Drain = Callable[[], object]
HOUR = 3600


@pytest.fixture(autouse=True)
def no_memory() -> None:
    hosts.forget()


@pytest.fixture
def far(alice: Person, drain: Drain) -> Iterator[Peer]:
    """Another server, where alice has a follower who was accepted."""
    with scripted.serving() as peer:
        fern = learn_account(peer.actor("fern"))
        foreigners.follows(fern, alice.account.uri)
        drain()
        peer.asked.clear()
        yield peer


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, drain: Drain) -> Callable[[float], None]:
    """So many seconds pass: whatever is due by then is done."""
    now, ahead = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: now() + ahead[0])

    def passes(seconds: float) -> None:
        ahead[0] += seconds
        hosts.forget()
        sweeping.sweep()
        drain()

    return passes


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries have job rows from the first on, so that a test says when they are due."""
    monkeypatch.setattr(queue, "MOST_DELAY", 0)


def created(peer: Peer) -> int:
    return sum(each.json["type"] == "Create" for each in peer.received)


def rows() -> list[Job]:
    return list(Job.scan(Job.kind == "send_again"))


# What answers mean.


@pytest.mark.parametrize(("status", "over", "arrived"), [
    (200, True, True), (202, True, True), (204, True, True), (301, True, False), (307, True, False),
    (400, True, False), (401, False, False), (403, True, False), (404, True, False), (408, False, False),
    (410, True, False), (413, True, False), (422, True, False), (425, False, False), (429, False, False),
    (500, False, False), (501, True, False), (502, False, False), (503, False, False), (504, False, False),
])
def test_what_an_answer_means(status: int, over: bool, arrived: bool) -> None:
    found = attempts.judge("https://far.example/inbox", Fetched("https://far.example/inbox", status, {}, b""))

    assert (found.is_over, found.arrived) == (over, arrived)


@pytest.mark.parametrize(("said", "seconds"), [
    ("120", 120), ("0", 0), ("", 0), ("soon", 0), ("-5", 0), ("9999999", 48 * HOUR), ("1.5", 0), ("\u0661", 0),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", 48 * HOUR)])
def test_a_server_says_for_how_long_it_wants_to_be_left_alone(said: str, seconds: float) -> None:
    reply = Fetched("https://far.example/inbox", 503, {"retry-after": said}, b"")

    assert sending.retry_after(reply) == pytest.approx(seconds, abs=2)


def test_pauses_grow_and_have_a_pace(setting: Callable[..., None]) -> None:
    steps = [attempts.pause(number) for number in range(len(attempts.STEPS))]
    assert steps[:3] == [60, 300, 900]
    assert steps == sorted(steps)
    assert 38 * HOUR < steps[-1] < 58 * HOUR

    setting(delivery_pace=0.01)

    assert attempts.pause(1) == 3


# Tries.


@pytest.mark.parametrize("status", [403, 404, 410, 422, 501])
def test_a_refusal_is_final_and_counted(alice: Person, far: Peer, drain: Drain, later: Callable[[float], None],
                                        monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    noted: list[metrics.Value] = []
    monkeypatch.setattr(metrics, "note", lambda *values: noted.extend(values))
    far.answers["/inbox"] = Reply(status, b"no")
    alice.posts("hello")
    drain()
    later(72 * HOUR)

    assert created(far) == 1
    assert [each.value for each in noted if each.name == "DeliveriesFailed"] == [1]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_a_server_does_not_take_now_it_gets_later_once(alice: Person, far: Peer, drain: Drain,
                                                            later: Callable[[float], None], status: int) -> None:
    far.answers["/inbox"] = Reply(status)
    alice.posts("hello")
    drain()
    assert created(far) == 1
    del far.answers["/inbox"]

    later(200)

    assert created(far) == 2
    assert rows() == []
    later(72 * HOUR)
    assert created(far) == 2


@pytest.mark.usefixtures("at_once")
def test_a_server_that_is_away_for_an_hour_misses_nothing_and_gets_nothing_twice(
        alice: Person, far: Peer, drain: Drain, later: Callable[[float], None]) -> None:
    taken: list[str] = []
    away = [True]

    def inbox(asked: Asked) -> Reply:
        if away[0]:
            return Reply(503)
        taken.append(asked.json["id"])
        return Reply(202)

    far.answers["/inbox"] = inbox
    for number in range(4):
        alice.posts(f"number {number}")
        drain()
    for _ in range(6):
        later(600)
    assert taken == []
    away[0] = False
    for _ in range(12):
        later(HOUR)

    assert len(taken) == len(set(taken)) == 4
    assert rows() == []


@pytest.mark.usefixtures("at_once")
def test_after_the_last_try_it_is_given_up(alice: Person, far: Peer, drain: Drain, later: Callable[[float], None],
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "STEPS", (200.0, 400.0))
    far.answers["/inbox"] = Reply(401)
    alice.posts("hello")
    drain()
    for _ in range(6):
        later(600)

    assert created(far) == 3
    assert rows() == []


@pytest.mark.usefixtures("at_once")
def test_each_try_is_signed_anew_and_says_how_things_are_then(alice: Person, far: Peer, drain: Drain,
                                                              later: Callable[[float], None]) -> None:
    far.answers["/inbox"] = Reply(401)
    status = alice.posts("hello")
    drain()
    later(200)
    first, second = far.received
    assert first.headers["date"] != second.headers["date"]
    assert first.headers["signature"] != second.headers["signature"]
    del far.answers["/inbox"]
    alice.delete(f"/api/v1/statuses/{status['id']}")

    later(2 * HOUR)

    assert [each.json["type"] for each in far.received[2:]] == ["Delete"]


@pytest.mark.usefixtures("at_once")
def test_a_wish_to_be_left_alone_is_followed_for_the_whole_server(alice: Person, far: Peer, drain: Drain,
                                                                  later: Callable[[float], None]) -> None:
    far.answers["/inbox"] = Reply(429, headers={"Retry-After": "7200"})
    alice.posts("one")
    drain()
    del far.answers["/inbox"]
    alice.posts("two")
    later(HOUR)
    assert created(far) == 1

    later(3 * HOUR)
    later(3 * HOUR)

    assert created(far) == 3


def test_only_the_newest_profile_is_tried_again() -> None:
    def kept(activity: str, subject: str, cause: str) -> str:
        return attempts._kept(SendActivity(activity, "alice", subject, cause, ["https://far.example/inbox"])).job

    assert kept("Update", "alice", "1") == kept("Update", "alice", "2")
    assert kept("Update", "status", "1") != kept("Update", "status", "2")


# Servers that are gone.


def _silent_for(host: str, days: float, again_in: float) -> None:
    store.failed(host, time.time() + again_in)
    row = store.find(host)
    row.since = int(time.time() - days * 86_400)
    row.save()


@pytest.mark.parametrize(("days", "again_in", "left_out"), [(6.9, HOUR, False), (7.1, HOUR, True), (7.1, -1, False)])
def test_a_server_that_was_silent_for_a_week_is_left_out_but_once_a_day(far: Peer, days: float, again_in: float,
                                                                        left_out: bool) -> None:
    hosts.forget()
    _silent_for(far.host, days, again_in)

    assert hosts.dead_among([far.url + "/inbox", "https://other.example/inbox"]) == (
        {far.url + "/inbox"} if left_out else set())


def test_a_server_that_was_heard_of_is_asked_again(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    hosts.forget()
    _silent_for(far.host, 8, HOUR)

    sends(far, far.activity("Follow", fern, uri(alice)), fern)
    drain()

    assert hosts.dead_among([far.url]) == set()
    assert not store.find(far.host).since


def test_a_server_that_is_heard_of_often_is_noted_once_in_six_hours(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    row = store.find(far.host)

    for age in (5, 7):
        row.seen = int(time.time() - age * HOUR)
        row.save()
        hosts.forget()  # a process reads the row once a minute
        sends(far, far.activity("Delete", fern, f"{fern['id']}/statuses/{age}"), fern)
        drain()
        assert (time.time() - store.find(far.host).seen < HOUR) is (age == 7)


def test_a_server_that_cannot_serve_counts_as_one_that_is_silent(far: Peer) -> None:
    hosts.forget()
    for _ in range(2):
        store.failed(far.host, 1)
        with hosts.asking(far.url) as turn:
            turn.put_off(0)

    row = store.find(far.host)
    assert row.fails == 4
    assert row.since
    assert row.next > time.time()


def test_servers_out_of_reach_are_told_until_they_answer(alice: Person, far: Peer) -> None:
    def told() -> list[str]:
        about.forget()  # it is kept for a minute
        return list(alice.get("/api/v1/pleroma/federation_status").json["unreachable"])

    hosts.forget()
    assert told() == []
    store.failed(far.host, 1)
    for _ in range(2):
        assert told() == []
        with hosts.asking(far.url) as turn:
            turn.put_off(0)
        store.failed(far.host, 1)
    assert told() == [far.host]

    with hosts.asking(far.url):
        pass

    assert told() == []


# Where nothing may be sent.


@pytest.mark.parametrize("inbox", ["http://kenoma.test/inbox", "ftp://far.example/inbox", "", "https://a@b.example/"])
def test_addresses_that_are_not_of_other_servers_are_left_out(alice: Person, drain: Drain, inbox: str) -> None:
    assert gathering.ask(Dispatch("Create", alice.id, "x", "x"), [inbox]) == 0


def test_in_production_nothing_is_sent_without_encryption(setting: Callable[..., None]) -> None:
    setting(stage="prod")

    assert not outside.allows("http://far.example/inbox")
    assert outside.allows("https://far.example/inbox")


def test_the_addressed_are_reached_by_themselves_where_the_inbox_they_share_is_gone(alice: Person, far: Peer,
                                                                                     drain: Drain) -> None:
    far.answers["/inbox"] = Reply(410)
    alice.posts(f"@fern@{far.host} hello")
    drain()

    assert [each.target for each in far.received] == ["/inbox", "/users/fern/inbox"]


# What it costs.


def _follows_from(alice: Person, count: int) -> None:
    """So many followers, each at a server of its own."""
    for number in range(count):
        id = new_flake()
        Relation(alice.id, id, followed="a", follower_id=id, other_inbox=f"https://s{number}.example/inbox").save()
    Account(alice.id, PROFILE).update([Account.foreign_followers_count.set(count)])


@pytest.mark.parametrize("followers", [1, 500])
def test_a_request_costs_the_same_however_many_servers_hear_of_it(alice: Person, aws: LocalAws, followers: int) -> None:
    params = {"status": "hello"}
    alone = alice.post("/api/v1/statuses", json=params)
    assert [each for each in aws.messages("timelines") if '"federate"' in each] == [], "nobody elsewhere has to hear"
    _follows_from(alice, followers)

    reply = alice.post("/api/v1/statuses", json=params)

    assert (reply.calls, reply.rounds) == (alone.calls, alone.rounds)
    assert len([each for each in aws.messages("timelines") if '"federate"' in each]) == 1


@pytest.mark.parametrize(("followers", "calls", "messages"), [(0, 0, 0), (1, 3, 1), (500, 7, 50)])
def test_what_gathering_costs(alice: Person, aws: LocalAws, followers: int, calls: int, messages: int) -> None:
    """The sender and the status, the followers, and the rows of hosts, a hundred at a time."""
    if followers:
        _follows_from(alice, followers)
    status = alice.posts("hello")

    with counted() as ledger:
        gathered = gathering.gather(Dispatch("Create", alice.id, status["id"], status["id"])) if followers else 0

    assert gathered == followers
    assert ledger.calls == calls
    assert len(aws.messages("outside")) == messages


def test_what_sending_costs(alice: Person, far: Peer, aws: LocalAws) -> None:
    status = alice.posts("hello")
    message = SendActivity("Create", alice.id, status["id"], status["id"],
                           [f"{far.url}/users/{number}/inbox" for number in range(10)])
    with hosts.asking(far.url):
        pass

    with counted() as ledger:
        assert attempts.send(message) == {"arrived": 10, "later": 0, "lost": 0}

    assert ledger.calls == 1
    assert len(far.received) == 10
