"""What is measured: the main reads and writes, each with the number that it should stay below.

Reads come first, so that they see exactly the hundred, or the ten thousand. Each write has real work to do: there is no
such reaction before, a follow begins, a status is new.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .client import raw_request

World = dict[str, Any]
EMOJI = ("🌊", "⚓", "🐟", "🌙", "☕", "🥖", "🦢", "🕯️")


@dataclass(frozen=True)
class Scenario:
    """`requests` yields raw requests, as many as there are. `aim` is in units. `jobs`: leaves work for the queues."""

    name: str
    requests: Callable[[World], Iterator[bytes]]
    aim: float | None = None
    jobs: bool = False


def _again(make: Callable[[World], bytes]) -> Callable[[World], Iterator[bytes]]:
    return lambda world: itertools.repeat(make(world))


def _get(path: str, *, signed_in: bool = True, by: str = "viewer") -> Callable[[World], Iterator[bytes]]:
    """The same GET again and again. {author}, {status}, {edited} and so on stand for ids."""
    def make(world: World) -> bytes:
        ids = {"author": world["authors"][0]["id"], "status": world["statuses"][4], "reacted": world["statuses"][3],
               "middle": world["thread"][6], "chat": world["chat"],
               "edited": world["edited"]}
        return raw_request("GET", path.format(**ids), token=world[by]["token"] if signed_in else None)

    return _again(make)


def _relationships(world: World) -> bytes:
    query = "&".join(f"id[]={person['id']}" for person in world["crowd"])
    return raw_request("GET", f"/api/v1/accounts/relationships?{query}", token=world["viewer"]["token"])


def _token(world: World) -> bytes:
    return raw_request("POST", "/oauth/token", form={
        "grant_type": "password", "username": world["viewer"]["nickname"], "password": world["password"],
        "client_id": world["client_id"], "client_secret": world["client_secret"], "scope": "read write",
    })


def _reactions(world: World) -> Iterator[bytes]:
    for emoji, status_id in itertools.product(EMOJI, world["statuses"]):
        path = f"/api/v1/pleroma/statuses/{status_id}/reactions/{quote(emoji)}"
        yield raw_request("PUT", path, token=world["viewer"]["token"])


def _favourites(world: World) -> Iterator[bytes]:
    for person, status_id in itertools.product(world["crowd"], world["statuses"]):
        yield raw_request("POST", f"/api/v1/statuses/{status_id}/favourite", token=person["token"])


def _follows(world: World) -> Iterator[bytes]:
    for author, fan in itertools.product(world["authors"], world["fans"]):
        yield raw_request("POST", f"/api/v1/accounts/{author['id']}/follow", token=fan["token"])


def _statuses(world: World) -> Iterator[bytes]:
    for number in itertools.count():
        text = f"Entry {number} of the log: wind from the west, sea moderate, nothing to report but gulls."
        yield raw_request("POST", "/api/v1/statuses", token=world["writer"]["token"], json_body={"status": text})


def _mentioning(world: World) -> Iterator[bytes]:
    for number, person in enumerate(itertools.cycle(world["crowd"])):
        text = f"@{person['nickname']} entry {number} of the log: wind from the west, sea moderate, gulls. #log"
        yield raw_request("POST", "/api/v1/statuses", token=world["writer"]["token"], json_body={"status": text})


def _edits(world: World) -> Iterator[bytes]:
    for number in itertools.count():
        text = f"Entry {number} of the log, again: wind from the west, sea moderate, nothing to report but gulls."
        yield raw_request("PUT", f"/api/v1/statuses/{world['edited']}", token=world["writer"]["token"],
                          json_body={"status": text})


SCENARIOS = (
    Scenario("verify_credentials", _get("/api/v1/accounts/verify_credentials"), aim=4),
    Scenario("one status", _get("/api/v1/statuses/{status}"), aim=4),
    Scenario("home, 20", _get("/api/v1/timelines/home?limit=20"), aim=10),
    Scenario("home, 40", _get("/api/v1/timelines/home?limit=40")),
    Scenario("public, 20, signed in", _get("/api/v1/timelines/public?limit=20"), aim=10),
    Scenario("public, 20, anonymous", _get("/api/v1/timelines/public?limit=20", signed_in=False), aim=10),
    Scenario("public, 40, twenty filters", _get("/api/v1/timelines/public?limit=40", by="sifter")),
    Scenario("account's statuses, 20", _get("/api/v1/accounts/{author}/statuses?limit=20"), aim=12),
    Scenario("favourites, 20", _get("/api/v1/favourites?limit=20"), aim=12),
    Scenario("context of 12", _get("/api/v1/statuses/{middle}/context")),
    Scenario("history of a status, 11", _get("/api/v1/statuses/{edited}/history")),
    Scenario("reactions of a status", _get("/api/v1/pleroma/statuses/{reacted}/reactions")),
    Scenario("relationships, 40", _again(_relationships), aim=8),
    Scenario("notifications, 20", _get("/api/v1/notifications?limit=20"), aim=12),
    Scenario("v2 notifications grouped, 40", _get("/api/v2/notifications?limit=40")),
    Scenario("conversations, 20", _get("/api/v1/conversations?limit=20"), aim=14),
    Scenario("chats, 20", _get("/api/v1/pleroma/chats")),
    Scenario("messages of a chat, 20", _get("/api/v1/pleroma/chats/{chat}/messages?limit=20")),
    Scenario("search, 20", _get("/api/v2/search?q=harbour&limit=20")),
    Scenario("emoji packs", _get("/api/pleroma/emoji/packs", signed_in=False)),
    Scenario("instance", _get("/api/v1/instance", signed_in=False), aim=0.7),
    Scenario("custom_emojis", _get("/api/v1/custom_emojis", signed_in=False), aim=0.7),
    Scenario("nodeinfo", _get("/nodeinfo/2.0.json", signed_in=False), aim=0.7),
    Scenario("token by password", _again(_token)),
    Scenario("react", _reactions, aim=10),
    Scenario("favourite", _favourites, aim=10),
    Scenario("follow", _follows, aim=10, jobs=True),
    Scenario("post", _statuses, aim=20, jobs=True),
    Scenario("post, one mention, one tag", _mentioning, aim=20, jobs=True),
    Scenario("edit", _edits, jobs=True),
)
FANS = 40
