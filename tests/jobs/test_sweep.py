"""The outbox: work whose row was written is done, whatever happens to its message."""

from __future__ import annotations

from itertools import count, islice

import pytest

from chalicelib.ids import new_flake
from chalicelib.jobs.sweep import sweep
from chalicelib.queues.messages import outbox
from chalicelib.store import jobs
from chalicelib.store.dynamo.table import create, transaction
from chalicelib.store.timelines.feeds import FeedRow, HomeRow
from infra.local import pump
from tests.faults import Killed, before_call, die
from tests.jobs.worker import CountOnce


def begins(message: CountOnce, **when: float) -> None:
    with transaction() as write:
        write.put(outbox(message, **when))


def test_a_message_lost_between_commit_and_send_is_sent_by_the_sweep(drain, clock, ran):
    begins(CountOnce("lost"))

    clock.pass_by(121)
    sweep()
    drain()

    assert ran == {"lost": 1}
    assert jobs.count_waiting() == 0


def test_a_message_on_its_way_is_left_alone(aws, clock):
    begins(CountOnce("on its way"))

    clock.pass_by(60)

    assert sweep()["sent"] == 0
    assert aws.messages("timelines") == []


def test_two_sweeps_send_a_message_once(aws, clock):
    begins(CountOnce("lost"))
    clock.pass_by(121)

    assert [sweep()["sent"], sweep()["sent"]] == [1, 0]
    assert len(aws.messages("timelines")) == 1


def test_work_for_later_waits_for_its_time(drain, clock, ran):
    begins(CountOnce("later"), due_in=900)

    clock.pass_by(800)
    sweep()
    drain()
    too_early = dict(ran)
    clock.pass_by(110)
    sweep()
    drain()

    assert too_early == {}
    assert ran == {"later": 1}


def test_a_job_that_keeps_failing_is_asked_ever_more_rarely_and_then_given_up(drain, clock, ran):
    begins(CountOnce("bad"))

    sent = []
    for hour in range(100):
        clock.pass_by(3600)
        if sweep()["sent"]:
            sent.append(hour)
    row = jobs.find(CountOnce("bad").job)

    assert len(sent) == jobs.MOST_TRIES
    assert sent[-1] - sent[-2] >= 5
    assert row is not None
    assert row.shard is None
    assert jobs.count_waiting() == 0


def test_a_row_of_an_unknown_kind_stays_for_a_version_that_knows_it(clock, drain):
    create(jobs.row("future#1", "future", "timelines", {"a": 1}))
    clock.pass_by(121)

    counts = sweep()

    assert (counts["sent"], counts["unknown"]) == (0, 1)
    assert jobs.find("future#1") is not None


def test_work_of_the_next_minute_is_sent_ahead_to_run_on_the_second(aws, clock, ran, drain):
    begins(CountOnce("soon"), due_in=900)

    clock.pass_by(870)
    sweep()
    drain()

    url = aws.sqs.get_queue_url(QueueName=f"kenoma-{CountOnce.queue}")["QueueUrl"]
    wanted = "ApproximateNumberOfMessagesDelayed"
    assert aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[wanted])["Attributes"][wanted] == "1"
    assert ran == {}


def test_more_than_one_turn_of_overdue_work_is_sent(aws, clock, ran, drain):
    rows = (outbox(CountOnce(str(number))) for number in count())
    jobs.add(islice((row for row in rows if row.shard == "w#0"), 110))
    clock.pass_by(121)

    assert sweep()["sent"] == 110
    drain()

    assert len(ran) == 110
    assert jobs.count_waiting() == 0


def test_the_sweep_is_scheduled(clock, drain, ran):
    from app import app

    begins(CountOnce("lost"))
    clock.pass_by(121)

    pump.run_schedule(app, "sweep")
    drain()

    assert ran == {"lost": 1}


# The same through the API.


def test_a_follow_whose_server_dies_before_sending_still_brings_everything(alice, bob, drain, clock):
    for _ in range(25):
        id = new_flake()
        create(FeedRow(f"a#{bob.id}", id, author_id=bob.id, visibility="public", thread=id))

    with before_call("SendMessageBatch", 1, die, service="sqs"), pytest.raises(Killed):
        alice.post(f"/api/v1/accounts/{bob.id}/follow")
    clock.pass_by(121)
    sweep()
    drain()

    assert alice.relationship(bob)["following"] is True
    assert len(list(HomeRow.query(f"h#{alice.id}"))) == 25


def test_an_unfollow_clears_the_home_timeline_a_quarter_of_an_hour_later(alice, bob, drain, clock):
    status = bob.posts("hello")["id"]
    alice.follows(bob)
    drain()
    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")

    hidden = alice.home()
    clock.pass_by(901)
    sweep()
    drain()

    assert hidden == []
    assert HomeRow.count(f"h#{alice.id}") == 0
    assert status in bob.home()
    assert jobs.count_waiting() == 0
