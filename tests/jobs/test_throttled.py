"""When DynamoDB says wait, a job gives its message back, whichever of its calls it was, and is done by the next run.

One kind of each queue stands for the others: they all go through `queues/running.py`.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults import saying_wait
from tests.jobs import dying
from tests.jobs.scenarios import SCENARIOS
from tests.jobs.world import COMES_BACK_AFTER, World
from tests.simulated_aws import LocalAws

OF_EACH_QUEUE = ("deliver", "deliver_chunk", "mail", "import_follows", "import_hidden", "backup_build")
MOST = 12
"""How many of the calls of a job are refused in turn: the first and the last, and some between."""
WAYS = ("ProvisionedThroughputExceededException", "ThrottlingError")


@pytest.fixture(scope="module", params=OF_EACH_QUEUE)
def world(request: pytest.FixtureRequest, whole_aws: LocalAws) -> Iterator[World]:
    with World(whole_aws, SCENARIOS[request.param]) as built:
        yield built


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def some(calls: int) -> list[int]:
    between = range(2, calls)
    return sorted({1, calls, *random.Random(calls).sample(between, min(MOST - 2, len(between)))})


@pytest.mark.parametrize("way", WAYS)
def test_a_job_that_dynamodb_lets_wait_gives_its_message_back(world: World, way: str, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "kenoma.jobs")
    world.begin()
    with saying_wait(0) as calls:
        world.receive()

    for number in some(len(calls)):
        world.begin()
        caplog.clear()
        with saying_wait(number, way) as seen:
            world.receive()
        where = f"call {number}, {seen[number - 1]}, of {calls}"

        back = [each for each in caplog.records if each.msg == "job given back"]
        assert [each.reason for each in back] == ["DynamoDB says wait"], where
        assert not [each.msg for each in caplog.records if each.levelno > logging.INFO], where
        assert world.message.kind in brought_back(world), where
        world.clock.pass_by(COMES_BACK_AFTER)  # a letter that may be on its way is not sent again before
        world.receive()
        try:
            more = {**world.scenario.repeated, **world.scenario.resent}
            dying.assert_same(world.outcome(), world.clean, more)
        except AssertionError as error:
            error.add_note(where)
            raise


def brought_back(world: World) -> list[str]:
    """Let the delay of the messages in the job's queue be over. Answers their kinds."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.sqs.models import sqs_backends

    waiting = sqs_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].queues[f"kenoma-{world.message.queue}"]._messages
    for each in waiting:
        each.delayed_until = 0
    return [json.loads(each.body)["kind"] for each in waiting]
