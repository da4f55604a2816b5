"""JSON written and read quickly is the JSON that Python writes and reads."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.aws import quick_json


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


VALUES = [
    None, True, 0, -1, 2**53 + 1, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**30, 0.1, -0.0, 1e-7, 1e22, 123456789.125,
    "", "é 😀 \u2028 \\ \" / \x00\x1f\x7f", "</script>", [], {}, [[]], {"": {}}, (1, ("a",)), {1: "one", None: "none"},
    {"a": [1, {"b": None}], "ä": "ö"},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_is_written_reads_the_same_as_what_python_writes(value):
    text = quick_json.encode(value)

    assert json.loads(text) == json.loads(json.dumps(value))
    assert b", " not in text
    assert b'": ' not in text
    assert b"\\u" not in text.replace(b"\\u0000", b"").replace(b"\\u001f", b"")


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_python_writes_is_read(value):
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only).encode()

        read = quick_json.decode(text)

        assert read == pytest.approx(json.loads(text)) if type(value) is int else read == json.loads(text)


def deep(levels):
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def test_what_is_nested_deeply_is_written_as_well():
    assert quick_json.encode(deep(500)) == b"[" * 501 + b"]" * 501


@dataclass
class Record:
    secret: str = "x"


@pytest.mark.parametrize("value", [Record(), datetime(2026, 1, 1, tzinfo=UTC), {1, 2}, b"bytes", object()], ids=type)
def test_what_is_no_json_is_not_written_somehow(value):
    with pytest.raises(TypeError):
        quick_json.encode({"value": value})


def test_what_is_no_number_is_null():
    assert quick_json.encode([float("nan"), float("inf")]) == b"[null,null]"


def test_half_a_character_is_not_written():
    with pytest.raises(ValueError, match="surrogates"):
        quick_json.encode({"text": "\ud83d"})


@pytest.mark.parametrize("text", [b"", b"{", b"<html>", b"\xff", b"NaN", b'{"a": 1,}'])
def test_what_is_no_json_is_not_read(text):
    with pytest.raises(json.JSONDecodeError):
        quick_json.decode(text)
