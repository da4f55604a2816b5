"""What requests cost about something with thousands of reactions and so on, beside the same with a few.

    python -m bench.popular              5,000 reactions, 3,000 favourites, 2,000 replies, 20,000 followers
    python -m bench.popular --quick      a tenth of that

Prints one table, what was checked, and the largest items. It takes about eight minutes on two cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from . import report
from .client import Connection, Unexpected, demand, raw_request
from .measuring import Measurer, Plan, Server, folder_in_memory
from .scenarios import Scenario, World


@dataclass(frozen=True)
class Sizes:
    followers: int
    reactions: int
    favourites: int
    replies: int


LARGE = Sizes(20_000, 5_000, 3_000, 2_000)
SMALL = Sizes(50, 9, 9, 12)
EMOJI = ("👍", "❤️", "🔥")

PLAN = Plan(rounds=3, round_seconds=0.05, units=15, busy_seconds=0.0, connections=1)
TENTH = Sizes(2_000, 500, 300, 200)
LISTED, BEFORE, AFTER = 400, 300, 700
ITEM_LIMIT = 400_000
BEGAN = time.monotonic()

Side = dict[str, Any]
Figures = dict[str, float]


@dataclass(frozen=True)
class Row:
    """One kind of request: its cost with the large side and with the small side."""

    name: str
    large: Figures
    small: Figures


def _get(path: str, who: str = "reader") -> Callable[[Side, World], Iterator[bytes]]:
    """The same GET again and again, asked by the reader or the author. {reacted}, {liked} and so on stand for ids."""
    def make(side: Side, world: World) -> Iterator[bytes]:
        ids = {name: value for name, value in side.items() if isinstance(value, str)}
        return itertools.repeat(raw_request("GET", path.format(author=side["author"]["id"], **ids),
                                            token=side[who]["token"]))

    return make


def _by_hands(method: str, path: str) -> Callable[[Side, World], Iterator[bytes]]:
    """The same request by one person after the other, once each."""
    def make(side: Side, world: World) -> Iterator[bytes]:
        for hand in world["hands"]:
            yield raw_request(method, path.format(**side), token=hand["token"])

    return make


def _posts(side: Side, world: World) -> Iterator[bytes]:
    for number in itertools.count():
        yield raw_request("POST", "/api/v1/statuses", token=side["author"]["token"],
                          json_body={"status": f"Entry {number} of the log: wind from the west, nothing but gulls."})


REACTIONS = "/api/v1/pleroma/statuses/{reacted}/reactions"
ASKED: tuple[tuple[str, Callable[[Side, World], Iterator[bytes]]], ...] = (
    ("the reacted status", _get("/api/v1/statuses/{reacted}")),
    ("home, 20, with all three", _get("/api/v1/timelines/home?limit=20")),
    ("account's statuses, 20", _get("/api/v1/accounts/{author}/statuses?limit=20")),
    ("favourited_by", _get("/api/v1/statuses/{liked}/favourited_by")),
    ("reactions", _get(REACTIONS)),
    ("reactions of one emoji", _get(f"{REACTIONS}/{quote(EMOJI[0])}")),
    ("context of the root", _get("/api/v1/statuses/{answered}/context")),
    ("context in the middle", _get("/api/v1/statuses/{middle}/context")),
    ("account", _get("/api/v1/accounts/{author}")),
    ("followers, 40", _get("/api/v1/accounts/{author}/followers?limit=40")),
    ("author: notifications, 20", _get("/api/v1/notifications?limit=20", "author")),
    ("author: verify_credentials", _get("/api/v1/accounts/verify_credentials", "author")),
    ("favourite", _by_hands("POST", "/api/v1/statuses/{liked}/favourite")),
    ("unfavourite", _by_hands("POST", "/api/v1/statuses/{liked}/unfavourite")),
    ("react", _by_hands("PUT", f"{REACTIONS}/{quote(EMOJI[0])}")),
    ("take a reaction back", _by_hands("DELETE", f"{REACTIONS}/{quote(EMOJI[0])}")),
    ("reply", lambda side, world: (
        raw_request("POST", "/api/v1/statuses", token=hand["token"],
                    json_body={"status": "So do I.", "in_reply_to_id": side["answered"]}) for hand in world["hands"])),
)


def main() -> None:
    options = _options()
    large = TENTH if options.quick else LARGE
    with tempfile.TemporaryDirectory(prefix="kenoma-bench-", dir=folder_in_memory()) as folder:
        server = Server(Path(folder))
        try:
            run(server.wait(), large)
        except Unexpected as answer:
            raise SystemExit(f"{answer}\n{server.last_words()}") from None
        finally:
            server.stop()


def run(server: Server, large: Sizes) -> None:
    _say("the people, and all that they do")
    world = server.ask("crowd", large=list(asdict(large).values()), small=list(asdict(SMALL).values()))
    sides = (world["large"], world["small"])
    measurer = Measurer(server, PLAN, {**world, "viewer": world["large"]["reader"]})
    checked = list(_checks(server.port, world["large"], large))
    rows = [_row(name, measurer, make, sides) for name, make in ASKED]
    server.ask("drain")
    _say("the largest items")
    items = server.ask("largest")
    rows += _once("delete the reacted status", measurer, sides, lambda side: _delete(side, "reacted"))
    rows += _once("delete the favourite one", measurer, sides, lambda side: _delete(side, "liked"))
    rows += _once("delete the answered one", measurer, sides, lambda side: _delete(side, "answered"))
    rows += _once("post", measurer, sides, lambda side: next(_posts(side, {})))
    rows.append(_row("post again", measurer, _posts, sides))
    _print(rows, checked, items, large)


def _delete(side: Side, which: str) -> bytes:
    return raw_request("DELETE", f"/api/v1/statuses/{side[which]}", token=side["author"]["token"])


def _row(name: str, measurer: Measurer, make: Callable[[Side, World], Iterator[bytes]],
         sides: tuple[Side, Side]) -> Row:
    figures = []
    for side in sides:
        measured = measurer.measure(Scenario(name, partial(make, side)))
        assert measured is not None
        figures.append(measured.as_json())
    _say(f"{name}: {figures[0]['units']:.2f} units, {figures[1]['units']:.2f}")
    return Row(name, *figures)


def _once(name: str, measurer: Measurer, sides: tuple[Side, Side], make: Callable[[Side], bytes]) -> list[Row]:
    """A request that can be made only once, and the jobs that follow from it."""
    server, asked, followed = measurer.server, list[Figures](), list[Figures]()
    for side in sides:
        connection, unit = Connection.to(server.port), measurer.unit()
        before = server.ask("cpu")
        answer = demand(connection.ask(make(side)))
        asked.append({**answer.figures, "units": (server.ask("cpu") - before) / unit, "p50": answer.seconds * 1000})
        connection.close()
        jobs = server.ask("drain")
        followed.append({**jobs, "rounds": 0, "units": jobs["cpu"] / unit, "p50": jobs["seconds"] * 1000})
    _say(f"{name}: {followed[0]['calls']:.0f} calls of jobs, {followed[0]['seconds']:.1f} s")
    return [Row(name, *asked), Row("– its jobs", *followed)]


def _checks(port: int, side: Side, sizes: Sizes) -> Iterator[str]:
    """Check that the large side is right as well. Yields in words what was seen."""
    connection = Connection.to(port)

    def get(path: str, who: str = "reader") -> Any:
        return json.loads(demand(connection.ask(raw_request("GET", path, token=side[who]["token"]))).body)

    def expect(what: str, seen: Any, wanted: Any) -> str:
        if seen != wanted:
            raise Unexpected(f"{what}: {seen}, not {wanted}")
        return f"{what}: {seen}"

    reacted = get(f"/api/v1/statuses/{side['reacted']}")
    yield expect("reactions in the sum", sum(each["count"] for each in reacted["pleroma"]["emoji_reactions"]),
                 sizes.reactions)
    listed = get(REACTIONS.format(**side))
    yield expect("reactions in the list", sum(each["count"] for each in listed), sizes.reactions)
    yield expect("accounts in it", sum(len(each["accounts"]) for each in listed), min(LISTED, sizes.reactions))
    liked = get(f"/api/v1/statuses/{side['liked']}")
    yield expect("favourites", liked["favourites_count"], sizes.favourites)
    yield expect("accounts in favourited_by", len(get(f"/api/v1/statuses/{side['liked']}/favourited_by")),
                 min(LISTED, sizes.favourites))
    answered = get(f"/api/v1/statuses/{side['answered']}")
    yield expect("replies", answered["replies_count"], sizes.replies)
    yield expect("descendants of the root", len(get(f"/api/v1/statuses/{side['answered']}/context")["descendants"]),
                 min(AFTER, sizes.replies))
    middle = get(f"/api/v1/statuses/{side['middle']}/context")
    half = sizes.replies // 2
    yield expect("around the middle", [len(middle["ancestors"]), len(middle["descendants"])],
                 [min(BEFORE, half + 1), min(AFTER, sizes.replies - half - 1)])
    author = get(f"/api/v1/accounts/{side['author']['id']}")
    yield expect("followers", author["followers_count"], sizes.followers + 1)
    told = get("/api/v1/accounts/verify_credentials", "author")["pleroma"]["unread_notifications_count"]
    yield expect("unread notifications, counted to eight thousand", told,
                 min(8_000, sizes.followers + 1 + sizes.reactions + sizes.favourites + sizes.replies))
    connection.close()


# Output.


def _print(rows: list[Row], checked: list[str], items: dict[str, list[tuple[int, str]]], sizes: Sizes) -> None:
    head = ["", "calls", "rounds", "rru", "wru", "units", "p50 ms", "with few: calls", "rru", "wru", "units", "× units"]
    print("\n".join(report.lines(head, [_cells(row) for row in rows])))
    print("\nSeen: " + " · ".join(checked) + ".")
    largest = sorted(((size, table) for table, best in items.items() for size, _ in best[:1]), reverse=True)
    share = largest[0][0] / ITEM_LIMIT
    print(f"Largest items of the tables, in bytes (a limit is at {ITEM_LIMIT:,}, the largest takes {share:.0%} of it): "
          + ", ".join(f"{table.rpartition('-')[2]} {size:,}" for size, table in largest) + ".")
    print(f"Sizes: {', '.join(f'{number:,} {name}' for name, number in asdict(sizes).items())}; "
          f"with few: {', '.join(f'{number:,} {name}' for name, number in asdict(SMALL).items())}. "
          f"{time.monotonic() - BEGAN:.0f} s.")


def _cells(row: Row) -> list[str]:
    large, small = row.large, row.small
    numbers = [report.short(large[each]) for each in ("calls", "rounds", "rru", "wru")]
    numbers[1] = numbers[1] if large["rounds"] else "–"
    return [row.name, *numbers, f"{large['units']:.2f}", f"{large['p50']:.0f}",
            *(report.short(small[each]) for each in ("calls", "rru", "wru")), f"{small['units']:.2f}",
            f"×{large['units'] / small['units']:.1f}"]


def _say(what: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.popular", description="What is popular, and what it costs.")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    return parser.parse_args()


if __name__ == "__main__":
    main()
