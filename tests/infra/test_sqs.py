"""The local stage's queues do what SQS does. What moto does too is asked of both, through the same client."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local import sqs_clients
from infra.local.sqs import DELAYED, RUNNING, WAITING, Sqs
from tests.quickness import grows_less_than
from tests.simulated_aws import LocalAws

Make = Callable[..., "Queue"]


@dataclass
class Queue:
    """One queue as a client sees it."""

    client: Any
    url: str

    def send(self, *bodies: str, delay: int = 0) -> list[str]:
        entries = [{"Id": str(place), "MessageBody": body, "DelaySeconds": delay} for place, body in enumerate(bodies)]
        reply = self.client.send_message_batch(QueueUrl=self.url, Entries=entries)
        return [each["MessageId"] for each in reply["Successful"]]

    def receive(self, most: int = 10, wait: int = 0, **more: Any) -> list[dict[str, Any]]:
        found = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=most, WaitTimeSeconds=wait,
                                            MessageSystemAttributeNames=["All"], **more)
        messages: list[dict[str, Any]] = found.get("Messages", [])
        return messages

    def bodies(self, **more: Any) -> list[str]:
        return [each["Body"] for each in self.receive(**more)]

    def figures(self) -> tuple[int, int, int]:
        """How many messages wait, are delayed, and are received."""
        names = [WAITING, DELAYED, RUNNING]
        found = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        waiting, delayed, running = (int(found[name]) for name in names)
        return waiting, delayed, running


@pytest.fixture(params=["moto", "the local stage"])
def make(request: pytest.FixtureRequest, aws: LocalAws) -> Iterator[Make]:
    """Makes a queue: `make(name, **attributes)`."""
    client: Any = boto3.client("sqs")
    if request.param != "moto":
        sqs_clients.answer_client(client, Sqs())
    made: list[str] = []

    def queue(name: str = "tried", **attributes: str) -> Queue:
        made.append(client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
        return Queue(client, made[-1])

    yield queue
    if request.param == "moto":
        for url in dict.fromkeys(made):
            client.delete_queue(QueueUrl=url)


@pytest.fixture
def ours() -> Queue:
    client = sqs_clients.answer_client(boto3.client("sqs"), Sqs())
    return Queue(client, client.create_queue(QueueName="ours")["QueueUrl"])


def test_messages_come_in_their_order_with_what_lambda_hands_on(make: Make) -> None:
    queue = make()
    sent = queue.send("a", "b")

    received = queue.receive()

    assert [each["MessageId"] for each in received] == sent
    assert [each["Body"] for each in received] == ["a", "b"]
    assert received[0]["MD5OfBody"] == "0cc175b9c0f1b6a831c399e269772661"
    attributes = received[0]["Attributes"]
    assert attributes["ApproximateReceiveCount"] == "1"
    assert attributes["SentTimestamp"].isdigit()
    assert attributes["ApproximateFirstReceiveTimestamp"].isdigit()
    assert attributes["SenderId"]


def test_a_received_message_is_hidden_until_its_time_is_over(make: Make) -> None:
    queue = make(VisibilityTimeout="1")
    queue.send("a")

    assert queue.bodies() == ["a"]
    assert queue.bodies() == []
    time.sleep(1.1)
    again = queue.receive()

    assert [each["Attributes"]["ApproximateReceiveCount"] for each in again] == ["2"]


def test_a_deleted_message_never_comes_back(make: Make) -> None:
    queue = make(VisibilityTimeout="1")
    queue.send("a", "b")
    first, second = queue.receive()

    queue.client.delete_message(QueueUrl=queue.url, ReceiptHandle=first["ReceiptHandle"])
    done = queue.client.delete_message_batch(
        QueueUrl=queue.url, Entries=[{"Id": "x", "ReceiptHandle": second["ReceiptHandle"]}])
    time.sleep(1.1)

    assert [each["Id"] for each in done["Successful"]] == ["x"]
    assert queue.bodies() == []
    assert queue.figures() == (0, 0, 0)


def test_a_message_can_be_brought_back_early_or_kept_away_longer(make: Make) -> None:
    queue = make(VisibilityTimeout="1")
    queue.send("early", "late")
    early, late = (each["ReceiptHandle"] for each in queue.receive())

    queue.client.change_message_visibility(QueueUrl=queue.url, ReceiptHandle=early, VisibilityTimeout=0)
    queue.client.change_message_visibility_batch(
        QueueUrl=queue.url, Entries=[{"Id": "0", "ReceiptHandle": late, "VisibilityTimeout": 60}])

    assert queue.bodies(VisibilityTimeout=60) == ["early"]
    time.sleep(1.1)
    assert queue.bodies() == []


def test_a_message_that_nobody_received_cannot_be_changed(make: Make) -> None:
    queue = make()
    queue.send("a")
    handle = queue.receive()[0]["ReceiptHandle"]
    queue.client.delete_message(QueueUrl=queue.url, ReceiptHandle=handle)

    reply = queue.client.change_message_visibility_batch(QueueUrl=queue.url, Entries=[
        {"Id": "0", "ReceiptHandle": handle, "VisibilityTimeout": 0}])

    assert [each["Id"] for each in reply["Failed"]] == ["0"]


def test_a_delayed_message_waits(make: Make) -> None:
    queue = make()
    queue.send("later", delay=1)

    assert queue.bodies() == []
    assert queue.figures() == (0, 1, 0)
    time.sleep(1.1)
    assert queue.bodies() == ["later"]


def test_figures_tell_what_waits_and_what_is_received(make: Make) -> None:
    queue = make()
    queue.send("a", "b", "c")
    queue.receive(most=1)

    assert queue.figures() == (2, 0, 1)


def test_a_message_received_too_often_is_set_aside(make: Make) -> None:
    dead = make("tried-dead")
    arn = dead.client.get_queue_attributes(QueueUrl=dead.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    queue = make(RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2}))
    queue.send("poison", "good")

    for _ in range(2):
        assert queue.bodies(VisibilityTimeout=0) == ["poison", "good"]
    assert queue.bodies() == []

    assert dead.bodies() == ["poison", "good"]


def test_an_unknown_queue_is_refused_by_its_name(make: Make) -> None:
    client = make().client

    with pytest.raises(client.exceptions.QueueDoesNotExist):
        client.get_queue_url(QueueName="nowhere")


def test_making_a_queue_twice_makes_one(make: Make) -> None:
    queue = make()
    queue.send("a")

    assert make().bodies() == ["a"]


# What moto cannot do, or does slowly.


def test_who_waits_is_woken_by_a_message(ours: Queue) -> None:
    found: list[str] = []
    waiting = threading.Thread(target=lambda: found.extend(ours.bodies(wait=20)))
    waiting.start()

    ours.send("a")
    waiting.join(timeout=5)

    assert found == ["a"]


def test_who_waits_gets_a_delayed_message_when_its_time_has_come(ours: Queue) -> None:
    ours.send("a", delay=1)

    assert ours.bodies(wait=20) == ["a"]


def test_several_wait_and_each_message_goes_to_one(ours: Queue) -> None:
    found: list[str] = []
    waiting = [threading.Thread(target=lambda: found.extend(ours.bodies(most=1, wait=1))) for _ in range(8)]
    for each in waiting:
        each.start()

    ours.send(*(str(number) for number in range(5)))
    for each in waiting:
        each.join()

    assert sorted(found) == ["0", "1", "2", "3", "4"]


def test_a_queue_that_is_purged_is_empty(ours: Queue) -> None:
    ours.send("a", "b")
    ours.receive(most=1)

    ours.client.purge_queue(QueueUrl=ours.url)

    assert ours.figures() == (0, 0, 0)
    assert ours.bodies() == []


def test_what_the_stage_does_not_have_is_refused(ours: Queue) -> None:
    with pytest.raises(ClientError, match="UnsupportedOperation"):
        ours.client.list_queues()


def test_a_long_queue_takes_no_longer_for_each_message() -> None:
    def passing(count: int) -> None:
        sqs = Sqs()
        url = sqs.answer("CreateQueue", {"QueueName": "long"})["QueueUrl"]
        for number in range(count):
            sqs.answer("SendMessage", {"QueueUrl": url, "MessageBody": str(number)})
            sqs.answer("GetQueueAttributes", {"QueueUrl": url, "AttributeNames": [WAITING]})
        while found := sqs.answer("ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 10}).get("Messages"):
            for message in found:
                sqs.answer("DeleteMessage", {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]})

    passing(100)

    assert grows_less_than(30, passing, 1_000, 10_000)


def test_another_process_reaches_the_same_queues_by_http(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore import handlers
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication
    from moto.server import ThreadedMotoServer

    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", list(handlers.BUILTIN_HANDLERS))
    monkeypatch.setattr(DomainDispatcherApplication, "__call__", DomainDispatcherApplication.__call__)
    sqs = Sqs()
    sqs_clients.answer_clients(sqs)
    sqs_clients.answer_servers()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        sqs.answer("CreateQueue", {"QueueName": "over-http"})
        inside = boto3.session.Session().client("sqs")
        url = inside.get_queue_url(QueueName="over-http")["QueueUrl"]

        def ask(operation: str, **about: Any) -> Any:
            request = Request(f"http://{host}:{port}/", json.dumps(about).encode(),
                              {"X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0"})
            return json.load(urlopen(request))

        ask("SendMessage", QueueUrl=url, MessageBody="from elsewhere")

        assert [each["Body"] for each in inside.receive_message(QueueUrl=url)["Messages"]] == ["from elsewhere"]
    finally:
        server.stop()
