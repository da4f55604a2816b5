"""Paths with ids that nothing has, or that cannot be ids at all."""

from __future__ import annotations

import pytest

from chalicelib.web.endpoint import Endpoint
from chalicelib.web.errors import NOT_IMPLEMENTED
from chalicelib.web.kinds import Integer, PathId
from tests.hostile.world import ENDPOINTS, MAKES, UNKNOWN, World, changes_nothing, endpoints_where

MALFORMED = [
    "0", "-1", "1e400", "9" * 40, "%00", "a%00b", "%20", "%0d%0a", "%2F..", "..%2F..%2F",
    "%2e%2e", "%252F", "%ff%fe", "%E2%80%AE", "%F0%9F%98%80", "😀", "é", "%", "%zz", "<script>", "%22%27;--", "{id}",
    "[]", "id%5B%5D=1", "a" * 10_000, "%61" * 10_000, "😀" * 2_000, "a" * 300_000, UNKNOWN + "a", UNKNOWN[:-1],
]
WORDS = ["null", "undefined", "true", UNKNOWN[1:]]
EMOJI = ["%00", "%2F", "a", "%20", "😀😀", "😀" * 5_000, "%E2%80%8D", "%F0%9F", "%ff", "1", "%23", ":comet:", "👩‍",
         "\U0001f3fd", "%EF%B8%8F", "\U000e0067", "..%2f..", "a" * 300_000]


@endpoints_where(lambda each: any(parameter.argument == "id" and not isinstance(parameter.kind, Integer)
                                  for parameter in each.in_path))
@changes_nothing
def test_what_cannot_be_an_id_is_the_id_of_nothing(world: World, declared):
    expected = world.attempt(declared, UNKNOWN, path=world.path(declared, id=UNKNOWN), json=world.parameters(declared))

    for id in MALFORMED:
        reply = world.attempt(declared, id, path=world.path(declared, id=id), json=world.parameters(declared))
        if expected.status == 302:  # whether there is such a thing is said by the address that it leads to
            assert reply.status in (302, 404), id[:100]
        else:
            assert (reply.status, reply.body) == (expected.status, expected.body), id[:100]
    for word in WORDS if expected.status != 302 else ():
        reply = world.attempt(declared, word, path=world.path(declared, id=word), json=world.parameters(declared))
        if is_end(declared):
            assert (reply.status, reply.json) == (404, {"error": NOT_IMPLEMENTED}), word
        else:
            assert (reply.status, reply.body) == (expected.status, expected.body), word


def is_end(declared: Endpoint) -> bool:
    """Whether the path ends with an id, so that a word there is a path of a newer API."""
    return any(each.argument == "id" and isinstance(each.kind, PathId) and each.kind.is_last
               for each in declared.in_path)


@changes_nothing
@endpoints_where(lambda each: "/statuses/{id}" in each.path or "/accounts/{id}" in each.path)
def test_nothing_is_done_with_the_id_of_nothing(world: World, declared):
    reply = world.attempt(declared, UNKNOWN, path=world.path(declared, id=UNKNOWN), json=world.parameters(declared))

    assert reply.status in (400, 403, 404) or reply.json == []


@endpoints_where(lambda each: each.path.endswith("/reactions/{emoji}"))
@changes_nothing
def test_what_is_no_emoji_reacts_to_nothing(world: World, declared):
    for emoji in EMOJI:
        reply = world.attempt(declared, emoji, path=world.path(declared, emoji=emoji))
        assert reply.status in ((200,) if declared.method == "GET" else (400, 404)), emoji[:50]
        assert declared.method != "GET" or reply.json == []


@changes_nothing
@endpoints_where(lambda each: any(parameter.argument not in ("id", "emoji") for parameter in each.in_path)
                 and (each.method, each.path) not in MAKES)
def test_other_values_of_a_path_are_looked_up_in_vain(world: World, declared):
    for value in MALFORMED:
        names = {parameter.argument: value for parameter in declared.in_path}
        reply = world.attempt(declared, value, path=world.path(declared, **names))
        assert reply.status == 404 or declared.path != "/nodeinfo/{version}"


@pytest.mark.parametrize("path", ["/api/v1/statuses", "/api/v1/accounts/relationships"])
@changes_nothing
def test_lists_of_ids_leave_out_what_nothing_has(world: World, path):
    declared = next(each for each in ENDPOINTS if (each.method, each.path) == ("GET", path))
    name = "ids" if path.endswith("statuses") else "id"
    odd = ["\0", "", "../..", "😀", UNKNOWN, "x" * 10_000, "-1"]

    reply = world.attempt(declared, odd, params={name: odd[1:]})
    assert (reply.status, reply.json) == (200, [])
    assert world.attempt(declared, odd, json={name: odd}).status in (200, 400)
    assert world.attempt(declared, "many", json={name: [UNKNOWN] * 5_000}).json == []
