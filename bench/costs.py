"""What it costs to run Kenoma, computed from what its operations were measured to take.

    python -m bench.costs              write the tables of docs/costs.md from the last measurement
    python -m bench.costs --measure    measure first, on DynamoDB Local: requests, and the jobs that follow from them

Prices, and all that is assumed and not measured, are in `prices.py`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.metrics import METRICS

from . import listening, logged
from .operations import AT_ONCE, EACH_INBOX, INBOXES, INCOMING, JOBS, TO_ALL, TO_NOBODY, Operations, Taken, measure
from .prices import (
    ASSUMED,
    DAY,
    DAYS,
    FREE,
    HOURS,
    LISTENING,
    MEMORY_GB,
    MILLION,
    MOST_POLLS,
    NOT_PAID,
    PRICES,
    PRICES_OF,
    STORED_BY_A_USER,
)

CHECKOUT = Path(__file__).resolve().parents[1]
RESULTS = CHECKOUT / "bench" / "results" / "costs.json"
DOCUMENT = CHECKOUT / "docs" / "costs.md"


# Computing.


def used_by(taken: Taken) -> dict[str, float]:
    """What one request of an operation uses, in the units that are paid for."""
    wait = ASSUMED["milliseconds for each round of calls"] / 1000
    share = ASSUMED["share of a processor that 1024 MB bring"]
    starts = ASSUMED["requests that find no process, of a thousand"] / 1000
    start = ASSUMED["seconds of a processor that a process takes to start"]
    own = (taken["cpu"] + starts * start) / share + taken["rounds"] * wait
    of_jobs = taken[JOBS + "cpu"] / (share * MEMORY_GB["jobs"]) + taken[JOBS + "calls"] * wait
    return {
        "read unit": taken["rru"] + taken[JOBS + "rru"], "write unit": taken["wru"] + taken[JOBS + "wru"],
        "gateway request": 1, "CDN request": 1, "CDN function run": 1, "CDN GB": taken["bytes"] / 1e9,
        "invocation": 1 + taken["jobs"], "GB-second": own * MEMORY_GB["api_handler"] + of_jobs * MEMORY_GB["jobs"],
        "queue request": 3 * taken["jobs"],  # sent, received, deleted
        "log GB": (logged.request() + ASSUMED["bytes logged as metrics for each request"]
                   + taken["jobs"] * logged.job()) / 1e9,
    }


def used_by_inbox(federation: Operations) -> dict[str, float]:
    """What each inbox uses that a status goes to: the post itself is left out, the wait for the others is in it."""
    alone, all_of_them = used_by(federation[TO_NOBODY]), used_by(federation[TO_ALL])
    used = {unit: (amount - alone[unit]) / INBOXES for unit, amount in all_of_them.items()}
    wait = ASSUMED["seconds until the slowest of ten other servers answers"] / AT_ONCE
    return used | {"GB-second": used["GB-second"] + wait * MEMORY_GB["jobs"]}


def million(used: Mapping[str, float], edge: str = "http-api") -> float:
    """Dollars for a million times that."""
    return sum(dollars(used, edge=edge).values()) * MILLION


def idle(queues: int, alarms: int, metrics: int = 1, polls_open: float = 0) -> dict[str, float]:
    """What a month without any visitor uses: the sweep each minute, and Lambda asking the queues.

    `polls_open`: how many Lambda keeps open for each queue, if not as many as assumed.
    """
    sweeps = HOURS * 60
    polls = HOURS * 3600 / ASSUMED["seconds that a long poll lasts"]
    polls *= polls_open or ASSUMED["long polls that Lambda keeps open for each queue"]
    return {
        "invocation": sweeps, "GB-second": sweeps * ASSUMED["milliseconds of a sweep that finds nothing"] / 1000
        * MEMORY_GB["sweep"], "read unit": sweeps * 4 * 0.5,
        "queue request": queues * polls,
        "log GB": sweeps * logged.sweep() / 1e9, "alarm": alarms, "metric": metrics,
    }


def dollars(used: Mapping[str, float], free: Mapping[str, float] | None = None,
            edge: str = "http-api") -> dict[str, float]:
    """`free`: what is taken off. `edge`: what the CDN leads to."""
    return {name: max(0.0, amount - (free or {}).get(name, 0)) * (0 if name in NOT_PAID[edge] else PRICES[name])
            for name, amount in used.items()}


def month(users: int, operations: Operations, queues: int, alarms: int) -> dict[str, float]:
    """What so many active users use in a month, after half a year."""
    total = idle(queues, alarms, sum(len(each.of) for each in METRICS.values() if not each.is_extra))
    for name, times in DAY.items():
        for unit, amount in used_by(operations[name]).items():
            total[unit] = total.get(unit, 0) + amount * times * DAYS * users
    stored = users * STORED_BY_A_USER["GB"] * (3 + 3 * STORED_BY_A_USER["kept"])
    return total | {"table GB": stored, "recovery GB": stored * STORED_BY_A_USER["kept"]}


@dataclass(frozen=True)
class Summary:
    """Dollars of a month on an edge, and of a million of the requests that 1,000 users send."""

    idle: float
    for_10: float
    for_1000: float
    a_million: float


def summary(operations: Operations, queues: int, alarms: int, edge: str, *, is_free: bool) -> Summary:
    """`is_free`: whether what is free each month is taken off."""
    free = FREE if is_free else {}
    nobody = sum(dollars(idle(queues, alarms), free, edge).values())
    ten, thousand = (sum(dollars(month(users, operations, queues, alarms), free, edge).values())
                     for users in (10, 1000))
    millions = sum(DAY.values()) * DAYS * 1000 / MILLION
    return Summary(nobody, ten, thousand, (thousand - nobody) / millions)


# Writing.


def page(results: dict[str, Any], queues: int, alarms: int) -> dict[str, str]:
    """The parts of the document, by name."""
    operations = results["operations"]
    return {
        "summary": _summary(operations, queues, alarms),
        "operations": _operations(operations), "federation": _federation(results["federation"]),
        "months": _months(operations, queues, alarms), "streaming": _streaming(operations, queues, alarms),
        "dearest": _dearest(operations), "prices": _prices(),
        "idle": _idle(queues, alarms),
    }


def _idle(queues: int, alarms: int) -> str:
    used, most = idle(queues, alarms), idle(queues, alarms, polls_open=MOST_POLLS)
    rows = [[name, f"{amount:,.2f}" if amount < 100 else f"{amount:,.0f}",
             _money(dollars(used)[name]), _money(dollars(used, FREE)[name])] for name, amount in used.items()]
    for told, each in (("**sum**", used), (f"with {MOST_POLLS} polls open for each queue", most)):
        rows.append([told, "", *(_money(sum(dollars(each, free).values())) for free in ({}, FREE))])
    return _table(["", "used", "before what is free", "after"], rows)


def _summary(operations: Operations, queues: int, alarms: int) -> str:
    ways = {f"{edge}, {told}": summary(operations, queues, alarms, edge, is_free=is_free)
            for edge in NOT_PAID for told, is_free in (("after what is free", True), ("without", False))}
    told = {"idle": "a month in which nobody comes", "for_10": "10 active users", "for_1000": "1,000 active users",
            "a_million": "a million of their requests"}
    return _table(["$", *ways], [[text, *(_money(getattr(each, name)) for each in ways.values())]
                                 for name, text in told.items()])


def _operations(operations: Operations) -> str:
    return _by_part([_parts_of(name, _calls(taken), used_by(taken))
                     for name, taken in sorted(operations.items(), key=lambda each: -_price(each[1]))])


def _federation(operations: Operations) -> str:
    rows = [_parts_of(each.name, _calls(operations[each.name]), used_by(operations[each.name])) for each in INCOMING]
    calls = (operations[TO_ALL][JOBS + "calls"] - operations[TO_NOBODY][JOBS + "calls"]) / INBOXES
    return _by_part([*rows, _parts_of(EACH_INBOX, f"0.0 + {calls:.1f}", used_by_inbox(operations))])


def _by_part(rows: list[list[str]]) -> str:
    return _table(["a million times", "calls + jobs'", "reads", "writes", *PARTS, "http-api $", "function-url $"], rows)


def _parts_of(name: str, calls: str, used: Mapping[str, float]) -> list[str]:
    cost = {unit: price * MILLION for unit, price in dollars(used).items()}
    return [name, calls, f"{used['read unit']:.1f}", f"{used['write unit']:.1f}",
            *(f"{sum(cost[unit] for unit in units):.2f}" for units in PARTS.values()),
            f"**{million(used):.2f}**", f"**{million(used, 'function-url'):.2f}**"]


def _calls(taken: Taken) -> str:
    return f"{taken['calls']:.1f} + {taken[JOBS + 'calls']:.1f}"


PARTS = {
    "database": ("read unit", "write unit"), "gateway": ("gateway request",),
    "CDN": ("CDN request", "CDN function run", "CDN GB"),
    "functions": ("invocation", "GB-second"), "queues": ("queue request",), "logs": ("log GB",),
}


def _price(taken: Taken) -> float:
    return sum(dollars(used_by(taken)).values())


def _months(operations: Operations, queues: int, alarms: int) -> str:
    used = [month(users, operations, queues, alarms) for users in (10, 1000)]
    names = list(used[0])
    rows = [[name, *(f"{each[name]:,.2f}" if each[name] < 100 else f"{each[name]:,.0f}" for each in used),
             *(_money(dollars(each, FREE)[name]) for each in used)] for name in names]
    for edge in NOT_PAID:
        for told, free in (("", FREE), (", without anything free", {})):
            sums = [_money(sum(dollars(each, free, edge).values())) for each in used]
            rows.append([f"**{edge}**{told}", "", "", *(f"**{each}**" for each in sums)])
    return _table(["", "10 users", "1,000 users", "10 users $", "1,000 users $"], rows)


def listening_month(users: int, operations: Operations, queues: int, alarms: int) -> dict[str, float]:
    """As `month`, if people listen by sockets instead of asking all the time."""
    polls = {name: used_by(operations[name]) for name in listening.POLLS}
    return listening.month(users, month(users, operations, queues, alarms), polls)


def _streaming(operations: Operations, queues: int, alarms: int) -> str:
    rows = [[f"a million events that {count} hear", _money(million(listening.used_by_event(count)))]
            for count in (0, 1, 12, 1000)]
    rows += [[f"a million sockets of {minutes} minutes", _money(million(listening.used_by_socket(minutes)))]
             for minutes in (10, 110)]
    months = []
    for users in (10, 1000):
        asking = month(users, operations, queues, alarms)
        listened = listening_month(users, operations, queues, alarms)
        months.append([f"{users:,} active users", *(
            _money(sum(dollars(each, FREE, edge).values())) for edge in NOT_PAID for each in (asking, listened))])
    head = ["a month of", *(f"{edge}, {how}" for edge in NOT_PAID for how in ("asking", "listening"))]
    assumed = [[name, f"{value:g}"] for name, value in LISTENING.items()]
    return "\n\n".join([_table(["", "$"], rows), _table(head, months), "Assumed:", _table(["", ""], assumed)])


def _dearest(operations: Operations) -> str:
    lines = []
    kinds: set[str] = set()
    for name, taken in sorted(operations.items(), key=lambda each: -_price(each[1])):
        kind = name.partition(",")[0]
        if kind in kinds or len(kinds) == 3:
            continue
        kinds.add(kind)
        cost = dollars(used_by(taken))
        whole = sum(cost.values())
        parts = sorted(((amount, unit) for unit, amount in cost.items()), reverse=True)[:4]
        told = ", ".join(f"{unit}s {amount / whole:.0%}" for amount, unit in parts)
        writes = taken["wru"] + taken[JOBS + "wru"]
        tables = sorted(taken["tables"].items(), key=lambda each: -each[1])
        lines.append(f"- **{name}**, ${whole * MILLION:.0f} a million: {told}. Of {writes:.0f} write units "
                     f"{taken[JOBS + 'wru']:.0f} are of its jobs; by table: "
                     + ", ".join(f"`{table}` {units:.0f}" for table, units in tables if units >= 0.5) + ".")
    return "\n".join(lines)


def _prices() -> str:
    rows = [[name, f"${price * MILLION:,.3f} a million" if price < 0.0001 else f"${price:g}",
             f"{FREE[name]:,}" if name in FREE else ""] for name, price in PRICES.items()]
    assumed = [[name, f"{value:g}"] for name, value in ASSUMED.items()]
    lines = [["of a request", f"{logged.request():g}"], ["of a job", f"{logged.job():g}"],
             ["of a sweep that finds nothing", f"{logged.sweep():g}"]]
    day = [[name, str(times)] for name, times in DAY.items()]
    return "\n\n".join([f"Prices of {PRICES_OF}:", _table(["", "price", "free each month"], rows),
                        "Assumed, not measured:", _table(["", ""], assumed),
                        "Bytes that the log is charged for a line:", _table(["", ""], lines),
                        "One active user does in a day:", _table(["", "times"], day)])


def _money(amount: float) -> str:
    return f"{amount:.2f}" if amount >= 0.005 or not amount else "< 0.01"


def _table(head: list[str], rows: list[list[str]]) -> str:
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def deployed() -> tuple[int, int]:
    """How many queues with a function, and how many alarms, the template has."""
    from app import app
    from infra.deploy import functions, template

    resources = template.merged(app, "prod", {})["Resources"]
    alarms = template.of_type(resources, "AWS::CloudWatch::Alarm")
    return sum(1 for each in functions.of(app) if each.queue), len(alarms)


def document() -> str:
    """The document with its tables made anew."""
    text = DOCUMENT.read_text()
    for name, part in page(json.loads(RESULTS.read_text()), *deployed()).items():
        def filled(match: re.Match[str], part: str = part) -> str:
            return f"{match[1]}\n{part}\n\n{match[2]}"

        text, count = re.subn(rf"(<!-- made: {name} -->\n).*?(<!-- /made -->)", filled, text, flags=re.DOTALL)
        if not count:
            raise SystemExit(f"{DOCUMENT.name} has no place for {name}")
    return text


def main() -> None:
    if "--measure" in sys.argv[1:]:
        RESULTS.write_text(json.dumps(measure(), indent=1, ensure_ascii=False) + "\n")
    DOCUMENT.write_text(document())


if __name__ == "__main__":
    main()
