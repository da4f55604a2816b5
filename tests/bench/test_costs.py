"""Costs that are calculated from the measurements, and the document that shows them."""

from __future__ import annotations

import json

import pytest

from bench import costs, logged, peer, prices
from bench import listening as listened
from bench.operations import INBOXES, OPERATIONS, TO_ALL, TO_NOBODY, Operations

NOTHING = {"calls": 0, "rounds": 0, "rru": 0, "wru": 0, "cpu": 0, "bytes": 0, "jobs": 0,
           "jobs' calls": 0, "jobs' rru": 0, "jobs' wru": 0, "jobs' cpu": 0}

MOST_FOR_A_MILLION = {
    "status, one reader here": 19.25, "favourite": 16.00, "reblog, one reader here": 21.00, "follow": 21.50,
    "status that concerns nobody here": 3.25, "an activity that came before": 3.00,
    "end of an account that is not known": 3.00,
}
"""Dollars, over the HTTP API. What was wanted is 20 for what concerns somebody here, and 4 for the rest."""


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def test_the_document_shows_what_the_last_measurement_comes_to() -> None:
    assert costs.DOCUMENT.read_text() == costs.document(), "`python -m bench.costs` writes it"


def test_a_request_that_does_nothing_pays_for_the_way_there() -> None:
    cost = costs.dollars(costs.used_by(NOTHING))

    assert cost["gateway request"] + cost["CDN request"] + cost["CDN function run"] == pytest.approx(2.1e-6)
    assert cost["read unit"] == cost["write unit"] == cost["queue request"] == 0


def test_what_jobs_take_is_paid_by_the_request_that_caused_them() -> None:
    used = costs.used_by({**NOTHING, "wru": 10, "jobs": 2, "jobs' wru": 5})

    assert (used["write unit"], used["queue request"], used["invocation"]) == (15, 6, 3)


def test_a_function_url_has_no_price_by_request() -> None:
    used = costs.used_by(NOTHING)
    by_gateway, by_url = costs.dollars(used), costs.dollars(used, edge="function-url")

    assert by_url == by_gateway | {"gateway request": 0}


def test_lambda_asks_each_queue_263000_times_a_month_or_657000() -> None:
    assert costs.idle(queues=1, alarms=0)["queue request"] == pytest.approx(262_800)
    assert costs.idle(queues=1, alarms=0, polls_open=5)["queue request"] == pytest.approx(657_000)


def test_ten_alarms_and_ten_metrics_are_free() -> None:
    queues, alarms = costs.deployed()

    assert alarms <= prices.FREE["alarm"]
    assert costs.dollars(costs.month(1, measured(), queues, alarms), prices.FREE)["metric"] == 0


def test_a_month_costs_no_more_than_it_should() -> None:
    def of(edge: str, *, is_free: bool) -> costs.Summary:
        return costs.summary(measured(), *costs.deployed(), edge, is_free=is_free)

    gateway, url = of("http-api", is_free=True), of("function-url", is_free=True)
    assert gateway.idle <= 0.25
    assert of("http-api", is_free=False).idle <= 2.00
    assert gateway.for_10 < 1.10
    assert (gateway.for_1000 <= 128, url.for_1000 <= 90.5) == (True, True)
    assert (gateway.a_million <= 3.40, url.a_million <= 2.40) == (True, True)


def test_a_million_from_elsewhere_cost_no_more_than_was_reached() -> None:
    costing = costing_from_elsewhere("http-api")

    assert {name: cost for name, cost in costing.items() if cost > MOST_FOR_A_MILLION[name]} == {}
    assert costs.million(costs.used_by_inbox(measured_abroad())) <= 1.25


def test_what_concerns_nobody_here_costs_no_more_than_it_should_without_the_gateway() -> None:
    costing = costing_from_elsewhere("function-url")

    assert {name for name in peer.UNRELATED if costing[name] > 4.00} == set()


def test_of_a_post_to_many_inboxes_only_the_inboxes_are_counted() -> None:
    alone = {**NOTHING, "cpu": 1, "wru": 10}
    federation = {TO_NOBODY: alone, TO_ALL: alone | {"jobs' rru": INBOXES * 3, "jobs": INBOXES}}

    used = costs.used_by_inbox(federation)

    assert (used["read unit"], used["write unit"], used["gateway request"]) == (3, 0, 0)
    assert (used["queue request"], used["invocation"]) == (3, 1)
    assert used["GB-second"] == pytest.approx(0.05)


def test_lines_of_the_log_are_counted_as_they_are_written() -> None:
    assert 250 < logged.request() < 470
    assert 250 < logged.job() < 470
    assert 200 < logged.sweep() < 470


def costing_from_elsewhere(edge: str) -> dict[str, float]:
    """Dollars for a million of each."""
    federation = measured_abroad()
    return {name: costs.million(costs.used_by(federation[name]), edge) for name in (*peer.RELATED, *peer.UNRELATED)}


def measured_abroad() -> Operations:
    operations: Operations = json.loads(costs.RESULTS.read_text())["federation"]
    return operations


def measured() -> Operations:
    operations: Operations = json.loads(costs.RESULTS.read_text())["operations"]
    return operations


def test_what_is_free_is_taken_off_and_never_paid_out() -> None:
    assert costs.dollars({"queue request": 1_500_000}, prices.FREE)["queue request"] == pytest.approx(0.20)
    assert costs.dollars({"queue request": 900_000}, prices.FREE)["queue request"] == 0


def test_everything_that_a_user_does_in_a_day_was_measured() -> None:
    assert prices.DAY.keys() <= {each.name for each in OPERATIONS}


def test_who_listens_costs_less_than_who_asks() -> None:
    for users, share in ((10, 1.0), (1000, 0.5)):
        asking = costs.month(users, measured(), *costs.deployed())
        listening = costs.listening_month(users, measured(), *costs.deployed())
        for edge in prices.NOT_PAID:
            spent = [sum(costs.dollars(each, prices.FREE, edge).values()) for each in (asking, listening)]
            assert spent[1] < spent[0] * share


def test_an_event_that_nobody_hears_sends_nothing() -> None:
    assert listened.used_by_event(0)["socket message"] == 0
    assert listened.used_by_event(12)["socket message"] == 12
