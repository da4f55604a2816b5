"""Every parameter of every endpoint, with values it was not made for."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.domain.refusals import BadRequest
from chalicelib.web import kinds, shapes
from chalicelib.web.endpoint import all_parameters
from chalicelib.web.params import Parameter
from tests.hostile.world import World, changes_nothing, endpoints_where, parameter_names, takes_parameters

ODD = [
    None, True, -1, 10**30, 1.5, "", "a\0b", "\ud800", "9" * 30, "2030-13-45T99:99:99Z", [], [[None]], ["x"] * 2_000,
    [{}], {"\0": []}, "é😀\u202e\u2028" * 10_000,
]
IMPOSSIBLE: dict[type, list[tuple[Any, str]]] = {
    kinds.Text: [({}, "Invalid string. Got: object"), ([], "Invalid string. Got: array"),
                 (1, "Invalid string. Got: integer"), (1.5, "Invalid string. Got: number"),
                 (True, "Invalid string. Got: boolean")],
    kinds.Integer: [("x", "Invalid integer. Got: string"), ({}, "Invalid integer. Got: object"),
                    ([], "Invalid integer. Got: array"), (1.5, "Invalid integer. Got: number"),
                    (True, "Invalid integer. Got: boolean"), (10**30, "Invalid integer. Got: integer")],
    kinds.LooseBoolean: [({}, "Invalid boolean. Got: object"), ([], "Invalid boolean. Got: array")],
    kinds.StrictBoolean: [("maybe", "Invalid boolean. Got: string"), (2, "Invalid boolean. Got: integer"),
                          ({}, "Invalid boolean. Got: object"), ([], "Invalid boolean. Got: array")],
    kinds.Choice: [("nonsense", "Invalid value for enum"), ({}, "Invalid string. Got: object")],
    kinds.Moment: [("tomorrow", 'Invalid format. Expected :"date-time"'), ({}, "Invalid string. Got: object")],
    shapes.Listing: [({"a": 1}, "Invalid array. Got: object")],
}
"""For each kind of parameter, values that cannot be meant and what the refusal says."""


def is_refused(parameter: Parameter, value: Any) -> bool:
    """Whether the type alone refuses the value, whatever the endpoint does with it."""
    kind = parameter.kind.kind if isinstance(parameter.kind, shapes.Forgiving) else parameter.kind
    try:
        kind.read(value)
    except (kinds.Wrong, BadRequest):
        return value is not None or parameter.required
    return False


@endpoints_where(takes_parameters)
def test_no_value_that_its_type_takes_does_harm(world: World, declared):
    good = world.parameters(declared)
    for parameter in all_parameters(declared):
        for value in ODD:
            if not is_refused(parameter, value):
                world.attempt(declared, (parameter.name, value), json=good | {parameter.name: value})


@endpoints_where(takes_parameters)
def test_what_no_type_takes_may_come_all_at_once(world: World, declared):
    good = world.parameters(declared)
    paging = parameter_names(declared)[len(all_parameters(declared)):]
    for value in ODD:
        names = [each.name for each in all_parameters(declared) if is_refused(each, value)]
        world.attempt(declared, (names, value), json=good | dict.fromkeys([*names, *paging], value))


@endpoints_where(takes_parameters)
def test_a_megabyte_of_text_does_no_harm(world: World, declared):
    good = world.parameters(declared)
    for name in parameter_names(declared):
        world.attempt(declared, name, json=good | {name: "é" * 500_000})


@endpoints_where(lambda each: any(type(parameter.kind) in IMPOSSIBLE for parameter in all_parameters(each)))
@changes_nothing
def test_a_value_of_the_wrong_type_is_400_and_names_the_field(world: World, declared):
    good = world.parameters(declared)
    for parameter in all_parameters(declared):
        for value, message in IMPOSSIBLE.get(type(parameter.kind), []):
            reply = world.attempt(declared, (parameter.name, value), json=good | {parameter.name: value})
            subject = value if message == "Invalid value for enum" else parameter.name
            assert reply.status == 400, (parameter.name, value)
            assert reply.json["error"] == f"{subject} - {message}.", (parameter.name, value)
            assert [each["source"] for each in reply.json["errors"]] == [{"pointer": f"/{parameter.name}"}]


@endpoints_where(lambda each: any(parameter.required for parameter in all_parameters(each)))
@changes_nothing
def test_what_is_required_and_missing_is_named(world: World, declared):
    good = world.parameters(declared)
    for parameter in all_parameters(declared):
        if not parameter.required:
            continue
        missing = world.attempt(declared, parameter.name, json={k: v for k, v in good.items() if k != parameter.name})
        null = world.attempt(declared, parameter.name, json=good | {parameter.name: None})
        assert (missing.status, missing.json["error"]) == (400, f"Missing field: {parameter.name}.")
        kind = parameter.kind.name
        assert (null.status, null.json["error"]) == (400, f"{parameter.name} - null value where {kind} expected.")


@endpoints_where(lambda each: each.paged)
def test_a_page_of_nonsense_is_refused_or_empty(world: World, declared):
    good = world.parameters(declared)
    served = world.attempt(declared, "a good one", params=good)
    value: Any
    for value in ("x", "1.5", "²", {}, [], True, 1.5):
        reply = world.attempt(declared, value, json={**good, "limit": value})
        assert reply.status == 400
        assert reply.json["error"].startswith("limit - Invalid integer. Got: ")
    for name in ("max_id", "since_id", "min_id"):
        for text in ("\0", "%00", "x" * 300_000, "😀", "\U0010ffff", "-", "0", "9" * 40, " ", "<script>"):
            reply = world.attempt(declared, (name, text), params={**good, name: text})
            assert reply.status == served.status
            assert json.dumps(reply.headers.get("link", "")).isascii()
