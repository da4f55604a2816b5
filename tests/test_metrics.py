"""Metrics in the log: what the specification of the format asks of a line, and when it is written."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import metrics
from chalicelib.metrics import METRICS, Value, note
from chalicelib.web.logs import JsonLines

UNITS = {"Count", "Milliseconds", "Bytes", "Seconds", "Percent", "None"}
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


@pytest.fixture(autouse=True)
def on(setting: Callable[..., None]) -> Iterator[None]:
    setting(metrics="default", stage="prod")
    metrics.write()
    yield
    metrics.write()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """What was written since the last time, as objects."""
    caplog.clear()

    def written() -> list[dict[str, Any]]:
        found = [JsonLines().format(record) for record in caplog.records if record.name == "kenoma.metrics"]
        assert not any("\n" in line or len(line.encode()) > 256 * 1024 for line in found)
        caplog.clear()
        return [json.loads(line) for line in found]

    return written


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test sets: the first entry."""
    now = [1_800_000_000.25]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def check(line: dict[str, Any]) -> None:
    """The published schema of the format, and its limits."""
    meta = line["_aws"]
    assert meta.keys() == {"Timestamp", "CloudWatchMetrics"}
    assert isinstance(meta["Timestamp"], int)
    assert abs(meta["Timestamp"] / 1000 - time.time()) < 14 * 86400, "milliseconds, of the last two weeks"
    assert meta["CloudWatchMetrics"]
    for directive in meta["CloudWatchMetrics"]:
        assert directive.keys() == {"Namespace", "Dimensions", "Metrics"}
        assert 1 <= len(directive["Namespace"]) <= 1024
        assert 1 <= len(directive["Metrics"]) <= 100
        for dimensions in directive["Dimensions"]:
            assert 1 <= len(dimensions) <= 30
            assert all(isinstance(line[each], str) and 1 <= len(line[each]) <= 1024 for each in dimensions)
        for metric in directive["Metrics"]:
            assert metric.keys() <= {"Name", "Unit", "StorageResolution"}
            assert metric["Unit"] in UNITS
            value = line[metric["Name"]]
            values = value if isinstance(value, list) else [value]
            assert 1 <= len(values) <= 100
            assert all(isinstance(each, int | float) and not isinstance(each, bool) for each in values)


def named(line: dict[str, Any]) -> dict[str, list[str]]:
    """The metrics that a line makes, each with the names of its dimensions."""
    return {metric["Name"]: directive["Dimensions"][0] for directive in line["_aws"]["CloudWatchMetrics"]
            for metric in directive["Metrics"]}


def test_a_minute_of_requests_is_one_line(lines: Lines, clock: list[float]) -> None:
    for latency in (12.5, 30.0):
        note(Value("Latency", latency, "reads"), Value("Calls", 2), Value("Rounds", 1))
    assert lines() == []

    clock[0] += 60
    note(Value("Calls", 5))
    (line,) = lines()

    check(line)
    assert named(line) == {"Latency": ["Stage", "Group"], "Calls": ["Stage"], "Rounds": ["Stage"]}
    assert (line["Stage"], line["Group"], line["Latency"], line["Calls"]) == ("prod", "reads", [12.5, 30.0], [2, 2])


def test_what_a_frozen_process_held_is_written_with_the_time_when_it_was_noted(
    lines: Lines, clock: list[float]
) -> None:
    note(Value("Calls", 1))
    noted = clock[0]

    clock[0] += 3 * 3600
    note(Value("Calls", 7))
    metrics.write()
    before, after = lines()

    assert (before["_aws"]["Timestamp"], before["Calls"]) == (int(noted * 1000), 1)
    assert (after["_aws"]["Timestamp"], after["Calls"]) == (int(clock[0] * 1000), 7)


def test_a_hundred_values_are_a_line_whatever_the_time(lines: Lines) -> None:
    for number in range(250):
        note(Value("Latency", number, "writes"), Value("Calls", number))
    written = lines()

    assert [line["Latency"] for line in written] == [list(range(100)), list(range(100, 200))]
    assert [len(line["Calls"]) for line in written] == [100, 100]
    for line in written:
        check(line)


def test_each_group_of_routes_has_its_line_and_all_else_is_written_once(lines: Lines) -> None:
    for group in METRICS["Latency"].of:
        note(Value("Latency", 1, group), Value("Calls", 1))
    metrics.write()
    written = lines()

    assert [line["Group"] for line in written] == list(METRICS["Latency"].of)
    assert [line.get("Calls") for line in written] == [[1, 1, 1, 1], None, None, None]
    for line in written:
        check(line)


def test_failures_are_added_up_and_zero_is_a_value(lines: Lines) -> None:
    for _ in range(3):
        note(Value("Busy", 1))
    note(Value("JobsGivenUp", 0))
    metrics.write()
    (line,) = lines()

    check(line)
    assert (line["Busy"], line["JobsGivenUp"]) == (3, 0)


def test_nothing_is_written_where_nothing_was_noted(lines: Lines, setting: Callable[..., None]) -> None:
    metrics.write()
    setting(metrics="off")
    note(Value("Busy", 1))
    metrics.write()

    assert lines() == []


def test_ten_metrics_are_free_and_the_rest_has_its_price() -> None:
    names = {extra: sum(len(each.of) for each in METRICS.values() if each.is_extra == extra) for extra in (False, True)}

    assert names[False] == 10
    assert names[False] + names[True] == 17


def test_more_metrics_are_written_when_asked_for(lines: Lines, setting: Callable[..., None]) -> None:
    note(Value("Limited", 1))
    metrics.write()
    assert lines() == []

    setting(metrics="all")
    note(Value("Limited", 1), Value("JobLatency", 8.5, "outside"))
    metrics.write()
    (line,) = lines()

    check(line)
    assert named(line) == {"JobLatency": ["Stage", "Queue"], "Limited": ["Stage"]}


def test_metrics_are_written_however_little_is_logged() -> None:
    assert metrics.log.getEffectiveLevel() == logging.INFO
