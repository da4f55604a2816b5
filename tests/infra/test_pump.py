"""Queues and schedules of an app, run as Lambda would run them."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from chalice.app import Chalice, Cron, Rate

from infra import resources
from infra.local import pump, sqs_clients
from infra.local.sqs import WAITING, Sqs
from tests.infra import tiny
from tests.simulated_aws import LocalAws

DAILY_AT_THREE = Cron(0, 3, "*", "*", "?", "*")


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    tiny.done.clear()
    tiny.ticks.clear()


@dataclass
class Stage:
    """The queues of the local stage, and the client that the pump of the tiny app uses."""

    sqs: Any
    queues: Sqs
    pump: pump.Pump

    def send(self, *words: str) -> None:
        send(self.sqs, *words)

    def is_empty(self) -> bool:
        asked = {"QueueUrl": "/kenoma-timelines", "AttributeNames": [WAITING]}
        return bool(self.queues.answer("GetQueueAttributes", asked)["Attributes"][WAITING] == "0")


@pytest.fixture
def running(aws: LocalAws) -> Iterator[Stage]:
    queues = Sqs()
    client = sqs_clients.answer_client(boto3.client("sqs"), queues)
    names = resources.create({"Stage": "test", "TablePrefix": "kenoma-", "QueuePrefix": "kenoma-", "BucketName": "b"},
                             sqs=client)
    assert names["TimelinesQueue"].endswith("/kenoma-timelines")
    started = pump.Pump(tiny.app, client, queues.close).start()
    yield Stage(client, queues, started)
    started.stop()


def send(client: Any, *words: str) -> None:
    entries = [{"Id": str(place), "MessageBody": json.dumps(word)} for place, word in enumerate(words)]
    client.send_message_batch(QueueUrl=client.get_queue_url(QueueName="kenoma-timelines")["QueueUrl"], Entries=entries)


def comes_true(question: Callable[[], Any], within: float) -> bool:
    give_up = time.monotonic() + within
    while time.monotonic() < give_up:
        if question():
            return True
        time.sleep(0.01)
    return False


def test_a_poison_message_is_set_aside_and_its_batch_mates_run_once(aws: LocalAws) -> None:
    send(aws.sqs, "one", "poison", "two")

    ran = pump.drain(tiny.app, retry=True)

    assert sorted(tiny.done) == ["one", "two"]
    assert (ran.handled, ran.failed) == (2, 5)
    assert aws.messages("timelines") == []
    assert aws.messages("dead") == ['"poison"']


def test_without_retry_a_failed_message_waits_for_its_turn(aws: LocalAws) -> None:
    send(aws.sqs, "one", "poison")

    ran = pump.drain(tiny.app)

    assert (ran.handled, ran.failed) == (1, 1)
    assert pump.drain(tiny.app) == pump.Drained()
    assert aws.messages("dead") == []


def test_nothing_is_deleted_when_the_handler_raises(aws: LocalAws, capfd: pytest.CaptureFixture[str]) -> None:
    send(aws.sqs, "crash")

    ran = pump.drain(tiny.app, retry=True)

    assert (ran.handled, ran.failed) == (0, 5)
    assert aws.messages("dead") == ['"crash"']
    assert "the whole batch fails" in capfd.readouterr().err


def test_a_record_looks_as_lambda_makes_it(aws: LocalAws) -> None:
    seen: list[Any] = []
    app = Chalice("records")

    @app.on_sqs_message(queue="kenoma-timelines", batch_size=10)
    def on_timelines(event: Any) -> None:
        seen.extend(record.to_dict() for record in event)

    send(aws.sqs, "a", "b")
    pump.drain(app)

    assert len({record["messageId"] for record in seen}) == 2
    first = seen[0]
    assert first["attributes"]["ApproximateReceiveCount"] == "1"
    assert first["attributes"]["SentTimestamp"].isdigit()
    assert first["eventSource"] == "aws:sqs"
    assert first["eventSourceARN"] == aws.names["TimelinesQueue.Arn"]
    assert first["body"] == '"a"'


def test_a_chain_of_messages_is_followed_to_its_end(aws: LocalAws) -> None:
    app = Chalice("chain")

    @app.on_sqs_message(queue="kenoma-imports")
    def on_imports(event: Any) -> None:
        for record in event:
            left = int(record.body)
            if left:
                aws.sqs.send_message(QueueUrl=aws.names["ImportsQueue"], MessageBody=str(left - 1))

    aws.sqs.send_message(QueueUrl=aws.names["ImportsQueue"], MessageBody="5")

    assert pump.drain(app).handled == 6


def test_what_sends_for_ever_is_stopped(aws: LocalAws) -> None:
    app = Chalice("loop")

    @app.on_sqs_message(queue="kenoma-imports")
    def on_imports(event: Any) -> None:
        aws.sqs.send_message(QueueUrl=aws.names["ImportsQueue"], MessageBody="again")

    aws.sqs.send_message(QueueUrl=aws.names["ImportsQueue"], MessageBody="first")

    with pytest.raises(RuntimeError, match="sends for ever"):
        pump.drain(app, most=20)


def test_a_delayed_message_waits(aws: LocalAws) -> None:
    aws.sqs.send_message(QueueUrl=aws.names["TimelinesQueue"], MessageBody='"later"', DelaySeconds=60)

    assert pump.drain(tiny.app).handled == 0


def test_a_sent_message_runs_at_once(running: Stage) -> None:
    time.sleep(0.1)  # every worker waits

    running.send("quick")

    assert comes_true(lambda: tiny.done == ["quick"], within=1)


def test_a_worker_that_waits_asks_nobody(running: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answer = running.queues.answer

    def noting(name: str, about: dict[str, Any]) -> dict[str, Any]:
        asked.append(name)
        return answer(name, about)

    monkeypatch.setattr(running.queues, "answer", noting)

    time.sleep(1.5)

    assert asked == []


def test_a_pump_that_waits_stops_at_once(running: Stage) -> None:
    time.sleep(0.1)
    begun = time.monotonic()

    running.pump.stop(within=10)

    assert time.monotonic() - begun < 5


def test_the_pump_goes_on_after_a_failure(running: Stage) -> None:
    running.send("crash")
    assert comes_true(running.is_empty, within=2)

    running.send("after")

    assert comes_true(lambda: "after" in tiny.done, within=2)


def test_a_schedule_runs_soon_after_the_start(running: Stage) -> None:
    assert comes_true(lambda: len(tiny.ticks) == 1, within=3)


def test_the_rate_of_a_schedule_is_read_from_the_app() -> None:
    app = Chalice("rates")
    for name, expression in {"m": Rate(1, Rate.MINUTES), "h": Rate(2, Rate.HOURS), "d": DAILY_AT_THREE}.items():
        app.schedule(expression, name=name)(lambda event: None)

    sources: list[Any] = app.event_sources
    assert [pump.seconds(source) for source in sources] == [60, 7200, None]
