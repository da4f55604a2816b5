"""Sending and running: each message by itself, through the queues of the AWS in this process."""

from __future__ import annotations

import json
import logging

import pytest

from chalicelib.queues import messages, queue, running
from chalicelib.queues.messages import outbox
from chalicelib.store import jobs
from tests.faults import Killed, before_call, die
from tests.jobs.worker import Count, CountOnce


def record(body: str, id: str = "1") -> dict[str, object]:
    return {"messageId": id, "body": body, "attributes": {"ApproximateReceiveCount": "1"}}


def test_a_message_that_is_sent_runs(drain, ran):
    queue.send(Count("good"))

    drain()

    assert ran == {"good": 1}


def test_a_failing_message_brings_back_only_itself(ran):
    event = {"Records": [record(json.dumps({"kind": "test_count", "name": name}), id=name)
                         for name in ("one", "bad", "two")]}

    reply = running.run_batch("timelines", event)

    assert reply == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert ran == {"one": 1, "bad": 1, "two": 1}


@pytest.mark.parametrize("body", ["no json", '{"kind":"unheard_of"}', '{"kind":"test_count"}', ""])
def test_a_message_that_is_not_understood_fails_alone(body, ran):
    good = json.dumps({"kind": "test_count", "name": "good"})

    reply = running.run_batch("timelines", {"Records": [record(body, id="odd"), record(good, id="good")]})

    assert reply == {"batchItemFailures": [{"itemIdentifier": "odd"}]}
    assert ran == {"good": 1}


def test_what_fails_five_times_lies_in_the_dead_letter_queue_and_its_mates_run_once(aws, drain_with_retries, ran):
    queue.send_all([Count("one"), Count("bad"), Count("two")])

    drain_with_retries()

    assert ran == {"one": 1, "bad": 5, "two": 1}
    assert aws.messages("timelines") == []
    assert [json.loads(body)["name"] for body in aws.messages("dead")] == ["bad"]


def test_figures_tell_what_waits_is_delayed_and_was_given_up(drain_with_retries):
    queue.send(Count("bad"))
    drain_with_retries()
    queue.send_all([Count("one"), Count("two")])
    queue.send(Count("later"), delay=600)

    figures = queue.figures()

    assert figures == {
        "timelines": {"waiting": 2, "delayed": 1, "running": 0},
        "inbox": {"waiting": 0, "delayed": 0, "running": 0},
        "outside": {"waiting": 0, "delayed": 0, "running": 0},
        "streams": {"waiting": 0, "delayed": 0, "running": 0},
        "imports": {"waiting": 0, "delayed": 0, "running": 0},
        "archives": {"waiting": 0, "delayed": 0, "running": 0},
        "dead": {"waiting": 1, "delayed": 0, "running": 0},
    }


def test_many_messages_are_sent_ten_in_a_call(aws):
    calls = []
    events = queue._client().meta.events
    events.register("before-call.sqs.SendMessageBatch", lambda **_: calls.append(1), unique_id="counted")
    try:
        queue.send_all(Count(str(number)) for number in range(25))
    finally:
        events.unregister("before-call.sqs.SendMessageBatch", unique_id="counted")

    assert len(calls) == 3
    assert len(aws.messages("timelines")) == 25


def test_a_call_carries_no_more_than_sqs_takes(aws):
    queue.send_all(Count("n" * 60_000) for _ in range(10))

    assert len(aws.messages("timelines")) == 10


def test_messages_that_sqs_refused_are_sent_again(aws):
    events = queue._client().meta.events
    answers = []

    def refuse_some(**_: object) -> object:
        answers.append(1)
        if len(answers) > 1:
            return None
        http = type("Http", (), {"status_code": 200})()
        failed = [{"Id": str(place), "Code": "InternalError", "SenderFault": False} for place in range(3)]
        return http, {"Successful": [], "Failed": failed, "ResponseMetadata": {}}

    events.register("before-call.sqs.SendMessageBatch", refuse_some, unique_id="refuse")
    try:
        queue.send_all([Count("one"), Count("two"), Count("three")])
    finally:
        events.unregister("before-call.sqs.SendMessageBatch", unique_id="refuse")

    assert [json.loads(body)["name"] for body in aws.messages("timelines")] == ["one", "two", "three"]


def _silence() -> None:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url="sqs")


def test_work_that_nothing_else_remembers_is_an_error_when_it_cannot_be_sent():
    queue.send(Count("before"))

    with before_call("SendMessageBatch", 1, _silence, service="sqs"), pytest.raises(queue.NotSent):
        queue.send(Count("lost"))


def test_work_with_a_row_is_only_put_off_when_it_cannot_be_sent():
    with before_call("SendMessageBatch", 1, _silence, service="sqs"):
        queue.send(CountOnce("put off"))


def test_a_job_deletes_its_row_at_its_end(drain, ran):
    message = CountOnce("once")
    jobs.add([outbox(message)])
    queue.send(message)

    drain()

    assert ran == {"once": 1}
    assert jobs.find(message.job) is None


def test_a_job_whose_row_is_gone_is_finished(drain, ran):
    message = CountOnce("once")
    jobs.add([outbox(message)])
    queue.send_all([message, message])

    drained = drain()

    assert ran == {"once": 1}
    assert (drained.handled, drained.failed) == (2, 0)


def test_a_failed_job_keeps_its_row(drain):
    message = CountOnce("bad")
    jobs.add([outbox(message)])
    queue.send(message)

    drain()

    assert jobs.find(message.job) is not None


def test_a_killed_worker_brings_back_the_whole_batch(ran):
    message = CountOnce("once")
    jobs.add([outbox(message)])
    event = {"Records": [record(messages.to_text(message))]}

    with before_call("BatchWriteItem", 1, die), pytest.raises(Killed):
        running.run_batch("timelines", event)
    again = running.run_batch("timelines", event)

    assert again == {"batchItemFailures": []}
    assert jobs.find(message.job) is None


def test_the_log_tells_what_ran_and_nothing_of_what_was_in_it(caplog):
    caplog.set_level(logging.INFO, logger="kenoma.jobs")
    event = {"Records": [record(json.dumps({"kind": "test_count", "name": name}), id=name[0])
                         for name in ("good hunter2", "bad hunter2")]}

    running.run_batch("timelines", event)

    good, bad = caplog.records
    assert (good.kind, good.counted, good.queue, good.receives) == ("test_count", 1, "timelines", 1)
    assert (bad.kind, bad.error, bad.levelname) == ("test_count", "ValueError", "ERROR")
    assert "hunter2" not in "".join(str(vars(each)) for each in caplog.records)


def test_a_job_for_the_wrong_queue_is_refused():
    with pytest.raises(TypeError, match="timelines"):
        @queue.job(queue="imports")
        def wrong(message: Count) -> None: ...


def test_a_job_that_takes_no_message_is_refused():
    with pytest.raises(TypeError, match="no message"):
        @queue.job(queue="imports")  # type: ignore[type-var]
        def wrong(message: str) -> None: ...
