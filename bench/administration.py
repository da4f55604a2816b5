"""What the lists of administration cost with ten of everything, and with ten thousand.

    python -m bench.administration              10,000 accounts, reports, entries of the log and statuses
    python -m bench.administration --quick      1,000

Prints one table: calls, rounds and read units of each list, with few and with many.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import report
from .client import Connection, Unexpected, demand, raw_request
from .measuring import Server, folder_in_memory

FEW, MANY = 10, 10_000
TIMES = 20
ROOT = "/api/pleroma/admin"
LISTS = (
    ("accounts", f"{ROOT}/users"),
    ("accounts of here that are active", f"{ROOT}/users?filters=local,active"),
    ("accounts that wait for approval", f"{ROOT}/users?filters=need_approval"),
    ("accounts, the second page", f"{ROOT}/users?page=2&page_size=50"),
    ("accounts with a word in their names", f"{ROOT}/users?query=member0000"),
    ("account with an address", f"{ROOT}/users?email=member00001@localhost.localdomain"),
    ("reports", f"{ROOT}/reports"),
    ("reports that are open", f"{ROOT}/reports?state=open&page_size=20"),
    ("statuses", f"{ROOT}/statuses"),
    ("statuses of an account", ROOT + "/users/{person}/statuses"),
    ("log", f"{ROOT}/moderation_log"),
    ("log of an administrator, second page", ROOT + "/moderation_log?user_id={id}&page=2"),
    ("log, a period", f"{ROOT}/moderation_log?start_date=2020-01-01T00:00:00Z&end_date=2100-01-01T00:00:00Z"),
    ("log, a word", f"{ROOT}/moderation_log?search=number%207"),
    ("invites", f"{ROOT}/users/invites"),
    ("stats", f"{ROOT}/stats"),
)

Figures = dict[str, float]


def main() -> None:
    options = _options()
    many = MANY // 10 if options.quick else MANY
    with tempfile.TemporaryDirectory(prefix="kenoma-bench-", dir=folder_in_memory()) as folder:
        server = Server(Path(folder))
        try:
            server.wait()
            few = _measured(server, FEW)
            _print(few, _measured(server, many), many)
        except Unexpected as answer:
            raise SystemExit(f"{answer}\n{server.last_words()}") from None
        finally:
            server.stop()


def _measured(server: Server, count: int) -> list[Figures]:
    """The figures of each list, in order, with so many of everything."""
    who: dict[str, Any] = server.ask("administered", count=count)
    connection = Connection.to(server.port)
    figures = [_asked(connection, path.format(**who), who["token"]) for _, path in LISTS]
    listed = json.loads(demand(connection.ask(raw_request("GET", LISTS[0][1], token=who["token"]))).body)
    if listed["count"] < count:
        raise Unexpected(f"{listed['count']} accounts are counted, of {count}")
    connection.close()
    return figures


def _asked(connection: Connection, path: str, token: str) -> Figures:
    """What the list costs at DynamoDB, and how long it takes: the median, in milliseconds."""
    answers = [demand(connection.ask(raw_request("GET", path, token=token))) for _ in range(TIMES)]
    seconds = sorted(answer.seconds for answer in answers)
    return {**answers[-1].figures, "p50": seconds[TIMES // 2] * 1000}


def _print(few: Sequence[Figures], many: Sequence[Figures], count: int) -> None:
    head = ["", f"with {FEW}: calls", "rounds", "rru", "p50 ms", f"with {count:,}: calls", "rounds", "rru", "p50 ms"]
    rows = [[name, *_cells(less), *_cells(more)] for (name, _), less, more in zip(LISTS, few, many, strict=True)]
    print("\n".join(report.lines(head, rows)))


def _cells(figures: Figures) -> list[str]:
    return [*(report.short(figures[each]) for each in ("calls", "rounds", "rru")), f"{figures['p50']:.0f}"]


def _options() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.administration", description=about)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    return parser.parse_args()


if __name__ == "__main__":
    main()
