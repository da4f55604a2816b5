"""The command line of the bench.

    python -m bench                      all of it: with 100 posts, then with 10,000
    python -m bench --quick              fewer rounds, 100 and 1,000 posts
    python -m bench --compare OLD.json   and how that differs from an older run
    python -m bench --only "home, 20"    one or several scenarios
    python -m bench --profile react      where the CPU of a scenario goes, function by function
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import report
from .client import Unexpected
from .measuring import Measurer, Plan, Server, folder_in_memory, import_cpu
from .scenarios import FANS, SCENARIOS, Scenario

FILE = Path(__file__).with_name("results") / "latest.json"
QUICK = Plan(rounds=3, round_seconds=0.15, units=15, busy_seconds=0.6)
HUNDRED = 100
BEGAN = time.monotonic()


def main() -> None:
    options = _options()
    chosen = [each for each in SCENARIOS if not options.only or each.name in options.only]
    if options.profile:
        profile([_named(name) for name in options.profile], options.lines)
        return
    older = json.loads(options.compare.read_text()) if options.compare else None
    results = run(chosen, QUICK if options.quick else Plan(), 1_000 if options.quick else 10_000)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    print(report.table(results))
    if older is not None:
        print("\n" + report.comparison(results, older))


def run(scenarios: list[Scenario], plan: Plan, posts: int) -> dict[str, Any]:
    """Measure everything twice: with a hundred posts, and with `posts`."""
    with _server() as server:
        _say("people, and the first hundred posts")
        server.ask("make_world")
        world = server.ask("hundred")
        measurer = Measurer(server, plan, world)
        idle = _idle(server)
        stages, absent = [], list[str]()
        stages.append(_stage(measurer, scenarios, HUNDRED, absent))
        behind = posts - HUNDRED
        _say(f"{behind - HUNDRED:,} posts of history")
        server.ask("history", count=behind - HUNDRED)
        _say("a hundred posts on top")
        measurer.world = server.ask("hundred")
        stages.append(_stage(measurer, scenarios, posts, absent))
        _say("imports")
        imported = import_cpu(3 if plan is QUICK else 7)
        unit = _unit(measurer)
    return {
        "version": 1, "stages": stages, "absent": list(dict.fromkeys(absent)), "unit": unit, "idle": idle,
        "aims": {each.name: each.aim for each in scenarios if each.aim is not None},
        "connections": plan.connections, "in_memory": folder_in_memory() is not None, "import_ms": imported * 1000,
        "import_units": imported * 1000 / unit["cpu_ms"], "python": sys.version.split()[0],
        "seconds": round(time.monotonic() - BEGAN),
    }


def _stage(measurer: Measurer, scenarios: list[Scenario], posts: int, absent: list[str]) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for scenario in scenarios:
        if scenario.name == "follow":
            measurer.world = measurer.server.ask("fans", count=FANS)
        figures = measurer.measure(scenario)
        if scenario.name == "follow":
            measurer.server.ask("no_fans")
        if figures is None:
            absent.append(scenario.name)
            continue
        measured[scenario.name] = figures.as_json()
        _say(f"{posts:,} posts, {scenario.name}: {figures.units:.2f} units")
    return {"posts": posts, "scenarios": measured}


def _idle(server: Server) -> float:
    """The share of a core that the server uses while nobody asks it anything."""
    before, started = server.ask("cpu"), time.monotonic()
    time.sleep(1.5)
    return float((server.ask("cpu") - before) / (time.monotonic() - started))


def _unit(measurer: Measurer) -> dict[str, Any]:
    """The unit over the whole run, and how it compares with a plain botocore call."""
    pairs = []
    for _ in range(5):
        viewer, unit = measurer.world["viewer"]["id"], measurer.unit()
        plain = measurer.server.ask("plain_unit", account_id=viewer, times=measurer.plan.units)
        pairs.append((plain["cpu"] / unit, plain["bytes"]))
    low, middle, high = statistics.quantiles(measurer.unit_cpu, n=4)
    return {
        "cpu_ms": middle * 1000, "low_ms": low * 1000, "high_ms": high * 1000, "samples": len(measurer.unit_cpu),
        "p50": statistics.median(measurer.unit_walls) * 1000, "plain": statistics.median(ratio for ratio, _ in pairs),
        "bytes": pairs[0][1],
    }


def profile(scenarios: list[Scenario], lines: int) -> None:
    """cProfile over scenarios, in the thread that answers. What it runs in parallel shows as waiting."""
    with _server() as server:
        server.ask("make_world")
        server.ask("hundred")
        world = server.ask("fans", count=FANS)
        for scenario in scenarios:
            requests = [raw.decode("latin-1") for raw in itertools.islice(scenario.requests(world), 120)]
            server.ask("profile", requests=requests[:20], lines=1)
            print(f"{scenario.name}, {len(requests[20:])} requests", server.ask("profile", requests=requests[20:],
                                                                                lines=lines), sep="\n")


@contextlib.contextmanager
def _server(given: Mapping[str, str] | None = None) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="kenoma-bench-", dir=folder_in_memory()) as folder:
        server = Server(Path(folder), given=given)
        try:
            yield server.wait()
        except Unexpected as answer:
            raise SystemExit(f"{answer}\n{server.last_words()}") from None
        finally:
            server.stop()


def _named(name: str) -> Scenario:
    found = next((each for each in SCENARIOS if each.name == name), None)
    if found is None:
        raise SystemExit("There are: " + "; ".join(each.name for each in SCENARIOS))
    return found


def _say(what: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What the main requests cost.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds; 100 and 1,000 posts")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="show what changed since then")
    parser.add_argument("--json", type=Path, default=FILE, metavar="FILE", help="where the figures go")
    parser.add_argument("--only", action="append", metavar="NAME", help="just this scenario; may be repeated")
    parser.add_argument("--profile", action="append", metavar="NAME", help="profile this scenario instead")
    parser.add_argument("--lines", type=int, default=40, help="lines of each table of a profile")
    return parser.parse_args()


if __name__ == "__main__":
    main()
