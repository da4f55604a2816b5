"""What `costs.py` computes with: operations, and what a request of each of them takes, with its jobs."""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import peer
from .client import Connection, demand, raw_request
from .measuring import Server
from .peer import Sink, Strangers
from .scenarios import SCENARIOS, World

Taken = dict[str, Any]
"""Per request, what `_measured` found."""
Operations = dict[str, Taken]
FOLLOWERS = 30
JOBS = "jobs' "
GIVEN = {"KENOMA_INBOX_LIMIT": "0", "KENOMA_RICH_MEDIA": "0"}
"""One host sends more than any may in a minute. Previews of what cannot be fetched are tried again later, and would be
counted with whatever is measured by then.
"""


@dataclass(frozen=True)
class Operation:
    """`requests`: as many as there are. `times`: how many are measured. `status`: of their answers."""

    name: str
    requests: Callable[[World], Iterator[bytes]]
    times: int = 20
    status: int = 200


def _of_the_bench(name: str) -> Operation:
    return Operation(name, next(each.requests for each in SCENARIOS if each.name == name))


def _nothing_new(path: str, newest: str) -> Callable[[World], Iterator[bytes]]:
    return lambda world: itertools.repeat(
        raw_request("GET", f"{path}?since_id={world[newest]}&limit=20", token=world["viewer"]["token"]))


def _posts(world: World) -> Iterator[bytes]:
    for number in itertools.count():
        text = f"Entry {number} of the log: wind from the west, sea moderate, nothing to report but gulls."
        yield raw_request("POST", "/api/v1/statuses", token=world["authors"][-1]["token"], json_body={"status": text})


def _reblogs(world: World) -> Iterator[bytes]:
    for status_id in world["statuses"]:
        yield raw_request("POST", f"/api/v1/statuses/{status_id}/reblog", token=world["writer"]["token"])


def _messages(world: World) -> Iterator[bytes]:
    for number in itertools.count():
        yield raw_request("POST", f"/api/v1/pleroma/chats/{world['chat']}/messages", token=world["viewer"]["token"],
                          json_body={"content": f"Entry {number}: the lamp is lit."})


OPERATIONS = (
    Operation("poll of home, nothing new", _nothing_new("/api/v1/timelines/home", "newest")),
    Operation("poll of notifications, nothing new", _nothing_new("/api/v1/notifications", "newest_notification")),
    *map(_of_the_bench, ("home, 20", "notifications, 20", "public, 20, anonymous", "one status", "context of 12",
                         "account's statuses, 20", "relationships, 40", "verify_credentials", "instance",
                         "token by password")),
    Operation("post, 31 followers", _posts),
    *map(_of_the_bench, ("post", "favourite", "react", "follow")),
    Operation("reblog, no followers", _reblogs),
    Operation("chat message", _messages),
)
INCOMING = tuple(Operation(name, requests, status=202) for name, requests in {**peer.RELATED, **peer.UNRELATED}.items())
INBOXES = 200
TO_NOBODY, TO_ALL = "post, nobody elsewhere", "post, 200 inboxes elsewhere"
EACH_INBOX = "a status goes to one inbox"
AT_ONCE = 10
"""Inboxes that one message has, and that are waited for together."""


def measure() -> dict[str, Any]:
    """For each operation, per request: what it takes itself, and what its jobs take."""
    from .__main__ import _server

    with _server(GIVEN) as server, peer.sink() as far:
        server.ask("count_as_aws")
        server.ask("make_world")
        server.ask("hundred")
        world = server.ask("fans", count=FOLLOWERS)
        connection = Connection.to(server.port)
        _prepare(connection, world)
        server.ask("drain")
        found = {each.name: _measured(server, connection, each, world) for each in OPERATIONS}
        federation = _measured_abroad(server, connection, far)
        connection.close()
    return {"version": 1, "operations": found, "federation": federation}


def _measured_abroad(server: Server, connection: Connection, far: Sink) -> Operations:
    """What comes from people of another server, and a post before and after servers have to be told of it."""
    strangers = Strangers(far.base, peer.STRANGERS)
    world: World = server.ask("abroad", what="meet", documents=strangers.documents(), unread=1)
    world |= {"strangers": strangers, "uris": server.ask("abroad", what="statuses", count=peer.STATUSES)}
    to_nobody, to_all = (Operation(name, _posts_of_the_author, times) for name, times in ((TO_NOBODY, 20), (TO_ALL, 5)))
    found = {TO_NOBODY: _measured(server, connection, to_nobody, world)}
    found |= {each.name: _measured(server, connection, each, world) for each in INCOMING}
    server.ask("abroad", what="reach", inboxes=far.inboxes(INBOXES))
    return found | {TO_ALL: _measured(server, connection, to_all, world)}


def _posts_of_the_author(world: World) -> Iterator[bytes]:
    for number in itertools.count():
        yield raw_request("POST", "/api/v1/statuses", token=world["author"],
                          json_body={"status": f"Number {number}: the lamp is back, and the ferry is late."})


def _prepare(connection: Connection, world: World) -> None:
    """All fans follow the last author. The viewer has a chat, and knows what is newest."""
    def ask(method: str, path: str, who: dict[str, str]) -> Any:
        return json.loads(demand(connection.ask(raw_request(method, path, token=who["token"]))).body)

    author, viewer = world["authors"][-1], world["viewer"]
    for fan in world["fans"]:
        ask("POST", f"/api/v1/accounts/{author['id']}/follow", fan)
    world["chat"] = ask("POST", f"/api/v1/pleroma/chats/by-account-id/{author['id']}", viewer)["id"]
    world["newest"] = ask("GET", "/api/v1/timelines/home?limit=1", viewer)[0]["id"]
    world["newest_notification"] = ask("GET", "/api/v1/notifications?limit=1", viewer)[0]["id"]


def _measured(server: Server, connection: Connection, operation: Operation, world: World) -> dict[str, Any]:
    requests = operation.requests(world)
    demand(connection.ask(next(requests)), operation.status)
    server.ask("drain")
    server.ask("written")
    before = server.ask("cpu")
    answers = [demand(connection.ask(raw), operation.status) for raw in itertools.islice(requests, operation.times)]
    cpu = server.ask("cpu") - before
    jobs = server.ask("drain")
    many = len(answers)
    print(f"{operation.name}: {many} requests, {jobs['handled']} jobs", file=sys.stderr, flush=True)
    own = {name: statistics.fmean(answer.figures[name] for answer in answers)
           for name in ("calls", "rounds", "rru", "wru")}
    return own | {
        "cpu": cpu / many, "bytes": statistics.fmean(len(zlib.compress(answer.body)) for answer in answers),
        "jobs": jobs["handled"] / many,
        **{JOBS + name: jobs[name] / many for name in ("calls", "rru", "wru", "cpu")},
        "tables": {table: units / many for table, units in server.ask("written").items()},
    }
