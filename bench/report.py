"""One table for people, one file for the next run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

Results = dict[str, Any]
COLUMNS = ("", "units", "aim", "plain", "p50 ms", "p95 ms", "req/s at {connections}", "calls", "rounds", "rru", "wru",
           "units at {large}", "growth CPU", "growth p50", "growth rru")


def table(results: Results) -> str:
    """Markdown: what each scenario costs with the small number of posts, and how that grows."""
    small, large = results["stages"]
    head = [column.format(connections=results["connections"], large=f"{large['posts']:,}") for column in COLUMNS]
    rows = [_row(name, figures, large["scenarios"].get(name), results["aims"].get(name), results["unit"]["plain"])
            for name, figures in small["scenarios"].items()]
    return "\n".join([*lines(head, rows), "", *notes(results)])


def _row(name: str, small: dict[str, float], large: dict[str, float] | None, aim: float | None,
         plain: float) -> list[str]:
    row = [name, f"{small['units']:.2f}", "" if aim is None else _aim(small["units"], aim),
           f"{small['units'] / plain:.2f}", f"{small['p50']:.1f}", f"{small['p95']:.1f}",
           f"{small['per_second']:.0f}", *(short(small[each]) for each in ("calls", "rounds", "rru", "wru"))]
    if large is None:
        return [*row, "", "", "", ""]
    return [*row, f"{large['units']:.2f}", *(_ratio(large[each], small[each]) for each in ("units", "p50", "rru"))]


def _aim(units: float, aim: float) -> str:
    return f"{aim:g} {'✓' if units <= aim else '✗'}"


def short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _ratio(new: float, old: float) -> str:
    return f"×{new / old:.2f}" if old else "–" if not new else "new"


def notes(results: Results) -> Iterator[str]:
    unit, (small, large) = results["unit"], results["stages"]
    yield (f"One unit: server CPU of one strongly consistent GetItem of a profile of {unit['bytes'] / 1000:.1f} KB "
           f"through the application's client, decoded: {unit['cpu_ms']:.2f} ms here (middle half of "
           f"{unit['samples']} samples: {unit['low_ms']:.2f} to {unit['high_ms']:.2f}), {unit['p50']:.1f} ms from call "
           f"to answer. The same through a plain botocore client: {unit['plain']:.2f} units; in those is the column "
           f"*plain*, which stays comparable when the application's own client becomes faster.")
    yield (f"Columns up to wru are with {small['posts']:,} posts. Writes come after the reads and add to them; the "
           f"same hundred posts are on top with {large['posts']:,}.")
    spread = statistics.median((each["units_high"] - each["units_low"]) / each["units"]
                               for stage in results["stages"] for each in stage["scenarios"].values())
    yield (f"Units are the median of several rounds; from the lowest to the highest round it is {spread:.0%} of that "
           f"in the middle scenario.")
    place = "in memory" if results["in_memory"] else "on disk, whose speed shows in the times of writes"
    yield f"DynamoDB Local kept its data {place}."
    yield f"Idle, the server used {results['idle']:.3f} of a core; nothing is subtracted for that or for anything else."
    yield f"Importing `app`: {results['import_ms']:.0f} ms CPU, {results['import_units']:.0f} units."
    absent = results["absent"]
    if absent:
        yield f"Not served yet, so not measured: {', '.join(absent)}."


def comparison(new: Results, old: Results) -> str:
    """Markdown: what changed since an older run. Each figure is old → new; units are a ratio too."""
    rows = []
    stages_old = {stage["posts"]: stage for stage in old["stages"]}
    for stage_new in new["stages"]:
        stage_old = stages_old.get(stage_new["posts"], {"scenarios": {}})
        for name, now in stage_new["scenarios"].items():
            before = stage_old["scenarios"].get(name)
            if before is None:
                continue
            pairs = [f"{short(before[each])} → {short(now[each])}" for each in ("calls", "rounds", "rru", "wru")]
            rows.append([name, f"{stage_new['posts']:,}", f"{before['units']:.2f} → {now['units']:.2f}",
                         _ratio(now["units"], before["units"]), _ratio(now["p50"], before["p50"]),
                         _ratio(now["per_second"], before["per_second"]), *pairs])
    head = ["", "posts", "units", "units ratio", "p50 ratio", "req/s ratio", "calls", "rounds", "rru", "wru"]
    told = lines(head, rows)
    told += ["", "Units, calls, rounds and capacity compare across machines; times and rates only on the same one.",
             f"Importing `app`: {old['import_units']:.0f} → {new['import_units']:.0f} units."]
    return "\n".join(told)


def lines(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [_line(row, widths) for row in [head, rule, *rows]]


def _line(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"
