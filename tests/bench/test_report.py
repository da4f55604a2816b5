"""The bench's table and its comparison."""

from __future__ import annotations

from typing import Any

from bench import report


def test_each_scenario_is_a_row_with_its_aim_and_its_growth() -> None:
    rows = report.table(results(units=5.0, at_more=10.0)).splitlines()

    assert "| home, 20 |  5.00 | 10 ✓ |  4.00 |" in rows[2]
    assert "×2.00" in rows[2]


def test_an_aim_that_was_missed_says_so() -> None:
    assert "10 ✗" in report.table(results(units=10.1))


def test_a_scenario_the_server_lacks_is_named_below() -> None:
    assert "not measured: notifications" in report.table(results() | {"absent": ["notifications"]})


def test_a_comparison_shows_old_and_new() -> None:
    compared = report.comparison(results(units=5.0), results(units=10.0))

    assert "10.00 → 5.00" in compared
    assert "×0.50" in compared


def test_what_only_one_run_measured_is_not_compared() -> None:
    older = results()
    for stage in older["stages"]:
        stage["scenarios"] = {}

    assert "home" not in report.comparison(results(), older)


def results(units: float = 5.0, at_more: float = 5.0) -> dict[str, Any]:
    def stage(posts: int, cost: float) -> dict[str, Any]:
        figures = {"units": cost, "units_low": cost, "units_high": cost, "p50": 4.0, "p95": 6.0, "per_second": 200.0,
                   "calls": 4.0, "rounds": 3.0, "rru": 16.0, "wru": 0.0}
        return {"posts": posts, "scenarios": {"home, 20": figures}}

    unit = {"cpu_ms": 0.5, "low_ms": 0.5, "high_ms": 0.6, "samples": 9, "p50": 0.7, "plain": 1.25, "bytes": 1500}
    return {"stages": [stage(100, units), stage(10_000, at_more)], "aims": {"home, 20": 10}, "connections": 8,
            "unit": unit, "idle": 0.0, "absent": [], "in_memory": True, "import_ms": 300.0, "import_units": 600.0}
