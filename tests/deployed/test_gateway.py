"""Every route, called as the HTTP API behind the CDN calls it: what it decodes, joins, and leaves out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from app import api_handler
from chalicelib.web.auth import Need
from chalicelib.web.endpoint import Endpoint
from tests.cast import Reply
from tests.deployed.gateway import Pairs, check_reply, event, in_base64
from tests.edges import reply_of
from tests.hostile.world import ENDPOINTS, World, endpoints_where, every_endpoint, judge, takes_parameters

IN_QUERY = ("GET", "DELETE")
JSON = "application/json"
INVALID = {"error": "Invalid credentials."}


def reply_to(event: dict[str, Any]) -> Reply:
    raw = api_handler(event, None)
    check_reply(raw)
    return as_reply(raw)


def as_reply(raw: dict[str, Any]) -> Reply:
    status, headers, cookies, body = reply_of(raw)
    sets = {"set-cookie": cookies[0]} if cookies else {}
    return Reply(status, body.decode(errors="surrogateescape"), headers | sets)


def pairs(parameters: dict[str, Any]) -> Pairs:
    return [(f"{name}[]" if isinstance(value, list) else name, str(each))
            for name, value in parameters.items() for each in (value if isinstance(value, list) else [value])]


def good(world: World, declared: Endpoint, **more: Any) -> dict[str, Any]:
    """A request that must be served, by somebody who is allowed to make it."""
    person, parameters = world.caller(declared), world.parameters(declared)
    headers = {"Authorization": f"Bearer {person.token}"}
    path = more.pop("path", None) or world.path(declared)
    if declared.method in IN_QUERY or not takes_parameters(declared):
        return event(declared, path, query=pairs(parameters), headers=headers, **more)
    headers["Content-Type"] = JSON
    return event(declared, path, headers=headers, body=json.dumps(parameters).encode(), **more)


def spellings(world: World, declared: Endpoint) -> Iterator[str]:
    """A path for every path template of an endpoint."""
    for template in declared.paths:
        path = template
        for parameter in declared.in_path:
            path = path.replace("{" + parameter.argument + "}", quote(world._existing(declared, parameter), safe=""))
        yield path


@every_endpoint
def test_a_request_is_served_at_each_of_its_paths(world: World, declared):
    for path in spellings(world, declared):
        judge(declared, reply_to(good(world, declared, path=path)), path)


@endpoints_where(lambda each: each.head)
def test_head_is_answered_without_a_body(world: World, declared):
    reply = reply_to(good(world, declared, method="HEAD"))

    assert reply.status == reply_to(good(world, declared, method="GET")).status
    assert reply.status < 500
    assert reply.body == ""


@every_endpoint
def test_where_nothing_is_sent_the_gateway_leaves_it_out(world: World, declared):
    request = event(declared, world.path(declared), by_the_cdn=False)
    assert not request.keys() & {"body", "cookies", "queryStringParameters"}

    reply = reply_to(request | {"headers": {}})

    judge(declared, reply, "nothing")
    if declared.auth.need in (Need.USER, Need.ADMIN):
        assert (reply.status, reply.json) == (403, INVALID)


@endpoints_where(lambda each: each.method == "GET" and each.in_path)
def test_a_path_is_the_same_encoded_or_not(world: World, declared):
    encoded = reply_to(good(world, declared, path=world.path(declared)))
    decoded = reply_to(good(world, declared, path=world.path(declared), by_the_cdn=False))

    assert decoded.status == encoded.status
    if decoded.headers["content-type"].startswith("application/json") and not has_secrets(declared):
        assert decoded.json == encoded.json


def has_secrets(declared: Endpoint) -> bool:
    """Whether its replies are new each time."""
    return any(word in declared.path for word in ("mfa", "captcha", "password_reset"))


@endpoints_where(lambda each: each.method not in IN_QUERY and takes_parameters(each))
def test_a_body_may_come_in_base64_instead_of_text(world: World, declared):
    reply = reply_to(in_base64(good(world, declared)))

    judge(declared, reply, "base64")
    for name in world.parameters(declared):
        assert f"Missing field: {name}." not in reply.body


@pytest.mark.parametrize("name", ["id", "id[]"])
def test_a_name_sent_several_times_keeps_all_its_values(world: World, name):
    declared = next(each for each in ENDPOINTS if each.path == "/api/v1/accounts/relationships")
    ids = [world.alice.id, world.bob.id]
    request = event(declared, declared.path, query=[(name, each) for each in ids],
                    headers={"Authorization": f"Bearer {world.alice.token}"})
    assert list(request["queryStringParameters"].values()) == [",".join(ids)]

    assert [each["id"] for each in reply_to(request).json] == ids


@pytest.mark.parametrize("emoji", ["🔥", "👩‍❤️‍💋‍👩"])
@pytest.mark.parametrize("by_the_cdn", [True, False])
def test_an_emoji_in_the_path_is_that_emoji(world: World, emoji, by_the_cdn):
    declared = next(each for each in ENDPOINTS if each.method == "PUT" and each.path.endswith("reactions/{emoji}"))
    path = world.path(declared, emoji=quote(emoji))

    reply = reply_to(event(declared, path, headers={"Authorization": f"Bearer {world.alice.token}"},
                           by_the_cdn=by_the_cdn))

    assert emoji in [each["name"] for each in reply.json["pleroma"]["emoji_reactions"]]


def test_the_gateways_own_host_is_shown_to_nobody(world: World):
    declared = next(each for each in ENDPOINTS if each.path == "/api/v1/timelines/public" and each.method == "GET")
    request = event(declared, declared.path, query=[("limit", "1")],
                    headers={"Authorization": f"Bearer {world.alice.token}"})
    request["headers"]["host"] = request["requestContext"]["domainName"]

    reply = reply_to(request)

    assert "http://kenoma.test/api/v1/timelines/public?" in reply.headers["link"]
    assert request["headers"]["host"] not in str(reply)
