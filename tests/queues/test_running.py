"""How messages run: what there is time for, what waits for others, and what is given back."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import app as application
from chalicelib import metrics
from chalicelib.aws import mail
from chalicelib.domain import hosts
from chalicelib.domain.mail import mailing
from chalicelib.jobs.sweep import sweep
from chalicelib.queues import messages, running
from chalicelib.queues.messages import Message
from chalicelib.queues.notifications import Mail, NotifyPush
from chalicelib.queues.statuses import FetchCard, HomeSync
from chalicelib.store import jobs
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.jobs import PATIENCE, Job
from chalicelib.store.statuses import statuses
from tests.cast import Person
from tests.faults import Killed, before_call, die, saying_wait
from tests.jobs.worker import Count, CountOnce
from tests.other_server import Other, serving
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY, Browser
from tests.simulated_aws import LocalAws

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = b"""<!doctype html><title>The page</title><meta property="og:title" content="A">
<meta property="og:description" content="What it says">"""
SLOW = 3.0
Written = Callable[[], list[dict[str, Any]]]


def run(name: str, *wanted: Message, seconds_left: float = 60) -> list[str]:
    """Hand these messages to the function that reads the queue. Answers the numbers of those that failed."""
    records = [{"messageId": str(number), "body": messages.to_text(each), "attributes": {}}
               for number, each in enumerate(wanted)]

    class Context:
        def get_remaining_time_in_millis(self) -> float:
            return seconds_left * 1000

    handler = getattr(application, f"on_{name}")
    failed = handler({"Records": records}, Context())["batchItemFailures"]
    return [each["itemIdentifier"] for each in failed]


def waiting(aws: LocalAws, name: str) -> list[dict[str, Any]]:
    """What waits in a queue or is delayed there."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.sqs.models import sqs_backends

    queues = sqs_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].queues
    return [json.loads(each.body) for each in queues[f"kenoma-{name}"]._messages]


@pytest.fixture
def tarpit() -> Iterator[Other]:
    """A server that takes a connection and says nothing for some seconds."""
    def nothing(_: Any) -> None:
        time.sleep(SLOW)

    with serving({f"/{number}": nothing for number in range(10)}) as server:
        yield server


@pytest.fixture
def web() -> Iterator[Other]:
    with serving({f"/{number}": (200, PAGE, {"Content-Type": "text/html"}) for number in range(10)}) as server:
        yield server


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other servers are given up after two seconds, so that the tests are quick."""
    from chalicelib import outside

    monkeypatch.setattr(outside, "READ_SECONDS", 2.5)


def has_card(id: str) -> bool:
    status = statuses.find(id)
    return status is not None and "card" in status.content


# Time.


def test_what_cannot_be_ended_in_time_is_not_begun(aws: LocalAws, ran: Any) -> None:
    assert run("timelines", Count("late"), seconds_left=Count.lasts + running.SPARE - 1) == []

    assert ran == {}
    assert [each["name"] for each in waiting(aws, "timelines")] == ["late"]


def test_a_message_that_is_given_back_waits_a_moment(aws: LocalAws, ran: Any, caplog: Any) -> None:
    caplog.set_level(logging.INFO, logger="kenoma.jobs")

    run("timelines", Count("late"), seconds_left=1)

    assert [each.msg for each in caplog.records] == ["job given back"]
    assert "Messages" not in aws.sqs.receive_message(QueueUrl=aws.names["TimelinesQueue"], WaitTimeSeconds=0)


def test_what_takes_little_time_runs_before_what_takes_much(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(Count, "lasts", 60)
    plain = running._run_group

    def noting(group: Any) -> list[str]:
        order.append(group[0].message.kind)
        return plain(group)

    monkeypatch.setattr(running, "_run_group", noting)

    run("timelines", Count("slow"), HomeSync("a", "b", "c", 1), seconds_left=300)

    assert order == ["home_sync", "test_count"]


def test_a_worker_with_five_seconds_left_asks_no_other_server(alice: Person, web: Other, aws: LocalAws) -> None:
    id = alice.posts(f"look {web.url}/1")["id"]

    assert run("outside", FetchCard(id), seconds_left=5) == []

    assert web.asked == []
    assert [each["kind"] for each in waiting(aws, "outside")] == ["fetch_card"]


def test_no_kind_of_message_may_take_longer_than_its_function_has() -> None:
    config = json.loads((CHECKOUT / ".chalice" / "config.json").read_text())["stages"]["prod"]["lambda_functions"]

    for kind in messages.KINDS.values():
        assert kind.lasts + running.SPARE < config[f"on_{kind.queue}"]["lambda_timeout"], kind


def test_only_what_is_outside_waits_for_other_servers() -> None:
    """Whoever imports the door to other servers does so in a job of the queue `outside`, or for a request."""
    outside = {kind for kind, each in messages.KINDS.items() if each.queue == "outside"}

    assert outside == {"account_refresh", "describe_host", "fetch_card", "fetch_message_card", "import_abroad",
                       "notify_push", "mail", "mail_named", "poll_refresh", "purge_cdn", "send_activity", "send_again"}


# Waiting.


def test_ten_messages_of_which_five_wait_for_a_tarpit(alice: Person, web: Other, tarpit: Other, aws: LocalAws,
                                                      drain: Callable[[], object]) -> None:
    good = [alice.posts(f"look {web.url}/{number}")["id"] for number in range(5)]
    bad = [alice.posts(f"look {tarpit.url}/{number}")["id"] for number in range(5)]
    aws.wipe_queues()
    began = time.monotonic()
    worker = threading.Thread(target=run, args=("outside", *[FetchCard(id) for id in (*bad, *good)]))
    worker.start()
    while not all(map(has_card, good)) and time.monotonic() < began + 2:
        time.sleep(0.02)

    assert all(map(has_card, good)), "the other five are done within two seconds"
    assert worker.is_alive(), "the tarpit is still waited for"
    worker.join()
    assert len(web.asked) == 5, "nothing is done twice"
    assert len(tarpit.asked) == 1, "one asks, the others learn from it"
    assert sorted(each["status_id"] for each in waiting(aws, "outside")) == sorted(
        each for each in bad if f"/{bad.index(each)}" != tarpit.asked[0][0])


def test_nobodys_home_waits_for_a_tarpit(alice: Person, bob: Person, tarpit: Other, drain: Any) -> None:
    bob.follows(alice)
    drain()
    began = time.monotonic()
    id = alice.posts(f"look {tarpit.url}/1")["id"]

    from infra.local import pump
    queues = {each.name: each for each in pump.queues_of(application.app, pump._client())}
    queues["kenoma-timelines"].run_batch(None)

    assert bob.home() == [id]
    assert time.monotonic() - began < 2


def test_pushes_to_a_tarpit_hold_up_no_other_push(alice: Person, bob: Person, tarpit: Other, aws: LocalAws,
                                                  setting: Callable[..., None]) -> None:
    setting(vapid_public_key=PUBLIC_KEY, vapid_private_key=PRIVATE_KEY, instance_email="admin@kenoma.test")
    with serving({"/one": (201, b"")}) as service:
        Browser(service.url + "/one").subscribes(alice)
        Browser(f"{tarpit.url}/1").subscribes(bob)
        alice.follows(bob)
        bob.follows(alice)
        wanted = [NotifyPush(each.id, _newest(each)) for each in (bob, alice)]
        worker = threading.Thread(target=run, args=("outside", *wanted))
        worker.start()
        give_up = time.monotonic() + 2
        while not service.asked and time.monotonic() < give_up:
            time.sleep(0.02)

        assert len(service.asked) == 1
        assert worker.is_alive(), "the other one is still waited for"
        worker.join()
    assert len(service.asked) == 1


def _newest(person: Person) -> int:
    return int(person.get("/api/v1/notifications").json[0]["id"])


def test_a_letter_that_waits_holds_up_no_other_letter(alice: Person, bob: Person, aws: LocalAws) -> None:
    """SES takes its time for one address."""
    goes_on = threading.Event()

    def slow(params: dict[str, Any], **_: Any) -> None:
        if "bob@" in str(params["body"]):
            goes_on.wait(5)

    def sent_to() -> list[str]:
        return [each["to"].partition("@")[0] for each in aws.letters.letters()]

    wanted = [Mail(name, mailing.PASSWORD_RESET, person.id) for name, person in (("one", bob), ("two", alice))]
    jobs.add([messages.outbox(each) for each in wanted])
    events = mail._client().meta.events
    events.register("before-call.sesv2.SendEmail", slow)
    try:
        worker = threading.Thread(target=run, args=("outside", *wanted))
        worker.start()
        give_up = time.monotonic() + 2
        while not sent_to() and time.monotonic() < give_up:
            time.sleep(0.02)

        assert sent_to() == ["alice"]
        goes_on.set()
        worker.join()
    finally:
        events.unregister("before-call.sesv2.SendEmail", slow)
    assert sorted(sent_to()) == ["alice", "bob"]


def test_one_that_fails_among_those_outside_comes_back_alone(ran: Any) -> None:
    records = [{"messageId": name, "body": json.dumps({"kind": "test_count", "name": name})}
               for name in ("one", "bad", "two")]

    reply = running.run_batch("timelines", {"Records": records}, at_once=True)

    assert reply == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert ran == {"one": 1, "bad": 1, "two": 1}


# Whom one may ask.


class Clock:
    def __init__(self) -> None:
        self.now = time.time()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(time, "time", lambda: found.now)
    return found


def ask(url: str = "https://other.example/page", fault: Exception | None = None) -> None:
    with hosts.asking(url):
        if fault is not None:
            raise fault


def silent() -> Exception:
    from chalicelib.outside import Silent

    return Silent("too slow")


def refused(url: str = "https://other.example/page") -> float:
    """For how many seconds nobody may ask."""
    with pytest.raises(hosts.NotNow) as told:
        ask(url)
    return told.value.seconds


def test_a_new_server_is_asked_by_one_at_a_time() -> None:
    with hosts.asking("https://other.example/one"):
        hosts.forget()
        assert refused("https://OTHER.example/two") > 0
        ask("https://third.example/")

    ask("https://other.example/three")


def test_a_server_that_answered_is_asked_by_everybody_and_read_of_once() -> None:
    from chalicelib.store.dynamo.ledgers import counted

    ask()
    with counted() as ledger, hosts.asking("https://other.example/one"), hosts.asking("https://other.example/two"):
        pass

    assert ledger.calls == 0


def test_a_server_that_does_not_answer_is_left_alone_for_longer_and_longer(clock: Clock) -> None:
    pauses = []
    for _ in range(9):
        with pytest.raises(type(silent())):
            ask(fault=silent())
        pauses.append(refused())
        clock.now += pauses[-1] + 1

    assert pauses == [pytest.approx(each, abs=1) for each in (10, 10, 60, 300, 900, 3600, 21600, 21600, 21600)]


def test_an_answer_ends_the_pauses(clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(type(silent())):
            ask(fault=silent())
        clock.now += 1000

    ask()
    hosts.forget()

    with hosts.asking("https://other.example/one"), hosts.asking("https://other.example/two"):
        pass


def test_a_refusal_of_ours_says_nothing_about_the_server() -> None:
    from chalicelib.outside import Unreachable

    ask()
    with pytest.raises(Unreachable):
        ask(fault=Unreachable("not a public address"))

    hosts.forget()
    ask()


def test_who_dies_while_asking_keeps_others_away_for_a_moment_only(clock: Clock) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask(fault=KeyboardInterrupt())  # type: ignore[arg-type]

    assert refused() <= hosts.TURN_SECONDS
    clock.now += hosts.TURN_SECONDS + 1
    ask()


def test_a_failure_to_note_an_answer_keeps_nobody_away_for_long(clock: Clock) -> None:
    with pytest.raises(Killed), before_call("UpdateItem", 2, die):
        ask()

    clock.now += hosts.TURN_SECONDS + 1
    ask()


def test_a_link_to_a_server_that_is_not_free_has_its_preview_later(alice: Person, web: Other, aws: LocalAws) -> None:
    id = alice.posts(f"look {web.url}/1")["id"]
    aws.wipe_queues()
    with hosts.asking(web.url):
        hosts.forget()
        assert run("outside", FetchCard(id)) == []
    [again] = waiting(aws, "outside")
    assert again == {"kind": "fetch_card", "status_id": id, "waits": 1}
    assert not has_card(id)

    assert run("outside", FetchCard(id, 1)) == []
    assert has_card(id)


def test_a_preview_that_had_to_wait_too_often_is_left_out(alice: Person, web: Other, aws: LocalAws) -> None:
    id = alice.posts(f"look {web.url}/1")["id"]
    aws.wipe_queues()
    with hosts.asking(web.url):
        hosts.forget()
        assert run("outside", FetchCard(id, 5)) == []

    assert waiting(aws, "outside") == []


def test_a_job_with_a_row_that_is_given_back_keeps_its_row(ran: Any) -> None:
    message = CountOnce("kept")
    jobs.add([messages.outbox(message)])

    run("timelines", message, seconds_left=3)

    assert ran == {}
    assert jobs.find(message.job) is not None


# One id from the click to the delivery, and what is counted.


def test_what_a_job_asks_for_has_the_id_of_the_request_that_it_follows_from(
    aws: LocalAws, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kenoma.jobs")
    posted = [alice.post("/api/v1/statuses", json={"status": f"https://page.example/{number}"},
                         headers={"X-Request-Id": f"the-click-with-number-{number}"}) for number in (1, 2)]
    assert [each.status for each in posted] == [200, 200]
    asked = [messages.from_text(json.dumps(each)) for each in waiting(aws, "timelines")
             if each["kind"] == "deliver_posted"]

    assert run("timelines", *asked) == []

    ids = {"the-click-with-number-1", "the-click-with-number-2"}
    assert {each.request_id for each in asked} == ids
    assert {each["request_id"] for each in waiting(aws, "outside") if each["kind"] == "fetch_card"} == ids
    assert {vars(record)["request_id"] for record in caplog.records if record.message == "job done"} == ids


def test_the_sweep_goes_on_with_the_id_of_the_request(aws: LocalAws, alice: Person) -> None:
    posted = alice.post("/api/v1/statuses", json={"status": "hello"}, headers={"X-Request-Id": "the-click-of-somebody"})
    alice.delete(f"/api/v1/statuses/{posted.json['id']}", headers={"X-Request-Id": "the-click-of-somebody"})
    (row,) = Job.scan(Job.kind == "status_cascade")

    assert messages.of(row.kind, row.payload).request_id == "the-click-of-somebody"


def test_a_status_that_is_delivered_late_has_the_id_of_the_request(aws: LocalAws, alice: Person, clock: Clock) -> None:
    alice.post("/api/v1/statuses", json={"status": "hello"}, headers={"X-Request-Id": "the-click-of-somebody"})
    clock.now += PATIENCE + 5
    sweep()
    (row,) = Job.scan(Job.kind == "deliver")

    assert messages.of(row.kind, row.payload).request_id == "the-click-of-somebody"


def test_jobs_that_failed_are_counted_at_once(metrics_written: Written) -> None:
    records = [{"messageId": str(number), "body": "nothing", "attributes": {}} for number in range(2)]
    running.run_batch("timelines", {"Records": records})

    assert [line["JobsFailed"] for line in metrics_written()] == [2]


def test_jobs_that_dynamodb_had_no_room_for_are_counted_as_busy(
    metrics_written: Written, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    row = CountOnce("waits")
    with transaction() as write:
        write.put(messages.outbox(row))
    with saying_wait(1):
        assert run("timelines", row) == []
    metrics.write()

    assert [line["Busy"] for line in metrics_written()] == [1]


def test_each_sweep_tells_how_many_jobs_were_given_up(metrics_written: Written) -> None:
    sweep()
    sweep()

    assert [line["JobsGivenUp"] for line in metrics_written()] == [0, 0]


@pytest.fixture
def metrics_written(setting: Callable[..., None], caplog: pytest.LogCaptureFixture) -> Written:
    """The lines of metrics that have been written."""
    caplog.set_level(logging.INFO, "kenoma")
    setting(metrics="default")
    metrics.write()
    caplog.clear()
    return lambda: [vars(record) for record in caplog.records if record.name == "kenoma.metrics"]
