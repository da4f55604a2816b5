"""Costs that are calculated from the measurements, and the document that shows them."""

from __future__ import annotations

import pytest

from bench import costs

NOTHING = {"calls": 0, "rounds": 0, "rru": 0, "wru": 0, "cpu": 0, "bytes": 0, "jobs": 0,
           "jobs' calls": 0, "jobs' rru": 0, "jobs' wru": 0, "jobs' cpu": 0}


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def test_the_document_shows_what_the_last_measurement_comes_to() -> None:
    assert costs.DOCUMENT.read_text() == costs.document(), "`python -m bench.costs` writes it"


def test_a_request_that_does_nothing_pays_for_the_way_there() -> None:
    cost = costs.dollars(costs.used_by(NOTHING))

    assert cost["gateway request"] + cost["CDN request"] == pytest.approx(4.5e-6)
    assert cost["read unit"] == cost["write unit"] == cost["queue request"] == 0


def test_what_jobs_take_is_paid_by_the_request_that_caused_them() -> None:
    used = costs.used_by({**NOTHING, "wru": 10, "jobs": 2, "jobs' wru": 5})

    assert (used["write unit"], used["queue request"], used["invocation"]) == (15, 6, 3)


def test_lambda_asks_each_queue_650000_times_a_month() -> None:
    assert costs.idle(queues=1, alarms=0)["queue request"] == pytest.approx(657_000)


def test_what_is_free_is_taken_off_and_never_paid_out() -> None:
    assert costs.dollars({"queue request": 1_500_000}, costs.FREE)["queue request"] == pytest.approx(0.20)
    assert costs.dollars({"queue request": 900_000}, costs.FREE)["queue request"] == 0


def test_everything_that_a_user_does_in_a_day_was_measured() -> None:
    assert costs.DAY.keys() <= {each.name for each in costs.OPERATIONS}
