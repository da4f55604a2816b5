"""Every parameter of every endpoint, with values it was not made for, in every encoding."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.web import kinds, shapes
from chalicelib.web.endpoint import Endpoint, all_parameters
from tests.hostile.world import World, changes_nothing, endpoints_where, parameter_names

ODD = [
    None, True, False, 0, -1, 10**30, 1.5, 1e308, "", "x", "\0", "a\0b", "\ud800", "é😀\u202e\u2028", "0", "9" * 30,
    "NaN", "2030-13-45T99:99:99Z", [], [[]], [None], ["x"], [{}], ["\0"], ["x"] * 2_000, {}, {"a": 1}, {"0": "x"},
    {"\0": []}, "x" * 70_000,
]
ODD_TEXTS = ["", "\0", "é😀\u202e", "-1", "1e400", "9" * 5_000, "²", "..%2f.."]
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
"""By kind of parameter: what cannot be meant, and what is said about it."""


def takes_parameters(declared: Endpoint) -> bool:
    return bool(parameter_names(declared))


@endpoints_where(takes_parameters)
def test_no_value_in_json_does_harm(world: World, declared):
    good = world.parameters(declared)
    for name in parameter_names(declared):
        for value in ODD:
            world.attempt(declared, (name, value), json=good | {name: value})


@endpoints_where(takes_parameters)
def test_no_value_in_a_form_or_query_does_harm(world: World, declared):
    good = world.parameters(declared)
    for name in parameter_names(declared):
        for value in ODD_TEXTS:
            world.attempt(declared, (name, value), form=good | {name: value})
        for odd in (f"{name}[a]", f"{name}[a][b][]", f"{name}[", f"{name}[]" * 30):
            world.attempt(declared, odd, params=good, form={odd: "x"})


@endpoints_where(takes_parameters)
def test_doubled_query_parameters_do_no_harm(world: World, declared):
    for name in parameter_names(declared):
        for pairs in ([(name, "1"), (name, "2")], [(name, "a"), (f"{name}[]", "b"), (f"{name}[c]", "d")],
                      [(name, "\0"), (name, "")], [(f"{name}[]", "x")] * 300, [(name, "\ud800")]):
            world.attempt(declared, pairs[:3], params=pairs)


@endpoints_where(takes_parameters)
def test_a_megabyte_of_text_does_no_harm(world: World, declared):
    good = world.parameters(declared)
    for name in parameter_names(declared):
        world.attempt(declared, name, json=good | {name: "é" * 500_000})


@endpoints_where(takes_parameters)
def test_a_file_where_text_is_wanted_does_no_harm(world: World, declared):
    for name in parameter_names(declared):
        for file in (("a.png", b"\x89PNG\r\n\x1a\n\0\xff", "image/png"), ("../../x\0", b"", "text/plain"),
                     ("", b"\xff\xfe", "application/octet-stream")):
            world.attempt(declared, (name, file[0]), form=world.parameters(declared), files={name: file})


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
    for value in ("x", "1.5", "²", {}, [], True, 1.5):
        reply = world.attempt(declared, value, json={"limit": value})
        assert reply.status == 400
        assert reply.json["error"].startswith("limit - Invalid integer. Got: ")
    for name in ("max_id", "since_id", "min_id"):
        for text in ("\0", "%00", "x" * 300_000, "😀", "\U0010ffff", "-", "0", "9" * 40, " ", "<script>"):
            reply = world.attempt(declared, (name, text), params={name: text})
            assert reply.status == 200
            assert json.dumps(reply.headers.get("link", "")).isascii()
