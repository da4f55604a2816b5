"""Whatever is sent, the reply is a documented one. It is never a 500, and never has another form."""

from __future__ import annotations

import random
import string
from typing import Annotated, Any, Literal

import pytest

from chalicelib.web.auth import public
from chalicelib.web.body import SentFile
from chalicelib.web.endpoint import endpoint
from chalicelib.web.paging import Page
from chalicelib.web.params import DateTime, Flag, FlakeId, Loose, MaxLength, StrictFlag
from tests.web.calling import Answer, Site, multipart

TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=edge",
         "multipart/form-data", "text/plain", "image/png", "", ";;;", "application/json; charset=utf-16", "é"]
NAMES = ["text", "number", "real", "flag", "strict", "word", "words", "many", "map", "id", "at", "file", "loose",
         "limit", "max_id", "access_token"]


@pytest.fixture
def greedy(site) -> Site:
    """An endpoint that takes one parameter of every type."""
    @endpoint("POST", "/x/{name}", auth=public())
    def take(name: FlakeId, page: Page, text: Annotated[str, MaxLength(50)] = "", number: int = 0, real: float = 0.0,
             flag: Flag = False, strict: StrictFlag = False, word: Literal["a", "b"] = "a",
             words: list[Literal["a", "b"]] | None = None, many: list[int] | None = None,
             map: dict[str, Any] | None = None, id: FlakeId = "", at: DateTime | None = None,
             file: str | SentFile = "", loose: Loose[list[str]] = None) -> dict[str, Any]:
        page.reply([{"id": id}])
        return {"text": text, "number": number, "real": real, "map": map, "id": id, "loose": loose}

    return site


def check(answer: Answer, sent: object) -> None:
    assert answer.status in (200, 400), (answer.status, sent)
    answer.body.encode()
    if answer.status == 400:
        assert set(answer.json) in ({"error"}, {"error", "errors"}), sent
        assert answer.json["error"]


def random_value(dice: random.Random, depth: int = 0) -> Any:
    plain = [None, True, False, 0, -1, 10**18, 10**40, 1.5, 1e300, "", "0", "a", "\0", "é😀", "\u202e", "x" * 5_000,
             "2030-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "-", "NaN", "1e400"]
    shape = dice.random()
    if depth > 3 or shape < 0.6:
        return dice.choice(plain)
    if shape < 0.8:
        return [random_value(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {dice.choice([*NAMES, "0", "1", "\0", ""]): random_value(dice, depth + 1) for _ in range(dice.randrange(4))}


def test_random_bytes_of_every_type_do_no_harm(greedy):
    dice = random.Random(1)
    for _ in range(400):
        body, kind = dice.randbytes(dice.randrange(60)), dice.choice(TYPES)
        check(greedy.post("/x/1", body=body, type=kind), (body, kind))


def test_random_json_values_do_no_harm(greedy):
    dice = random.Random(2)
    for _ in range(400):
        sent = {name: random_value(dice) for name in dice.sample(NAMES, 3)}
        check(greedy.post("/x/1", json=sent), sent)


def test_random_bracketed_names_do_no_harm(greedy):
    dice = random.Random(3)
    for _ in range(400):
        names = ["".join(dice.choices(["map", "many", "text", "[", "]", "[]", "[0]", "[a]", "=", "%00", "%"], k=6))
                 for _ in range(5)]
        form = "&".join(f"{name}={dice.choice(['1', '', 'é', '%ff'])}" for name in names)
        check(greedy.post(f"/x/1?{form}"), form)
        check(greedy.post("/x/1", form=form), form)


def test_damaged_multipart_does_no_harm(greedy):
    dice = random.Random(4)
    whole, kind = multipart(("text", b"hello"), ("file", b"\x89PNG", "a.png", "image/png"), ("many[]", b"1"))
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            place = dice.randrange(len(damaged))
            damaged[place:place + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        check(greedy.post("/x/1", body=bytes(damaged), type=kind), damaged)


def test_damaged_json_does_no_harm(greedy):
    dice = random.Random(5)
    whole = '{"text": "a\\u00e9", "map": {"k": [1, 2.5, null, true]}, "number": 7}'
    for _ in range(400):
        damaged = list(whole)
        for _ in range(dice.randrange(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.choice(string.printable + "\ud800é\0")
        body = "".join(damaged).encode("utf-8", "surrogatepass")
        check(greedy.post("/x/1", body=body, type="application/json"), body)


@pytest.mark.parametrize("body", [
    b'{"number": 1e400}', b'{"real": 1e400}', b'{"real": NaN}', b'{"real": -Infinity}', b'{"map": {"a": 1e999}}',
    b'{"number": ' + b"9" * 4_000 + b"}", b'{"number": ' + b"9" * 10_000 + b"}", b'{"many": [' + b"1," * 9_999 + b"1]}",
    b'{"text": "\\ud800"}', b'{"map": {"\\udfff": 1}}', b'{"loose": "\\ud800"}', b'{"text": "\\u0000"}',
    b"[" * 500_000, b'{"map":' * 100_000, b'{"map": {"a": ' + b"[" * 31 + b"]" * 31 + b"}}",
    b'{"text": "a", "text": ["b"], "text": "c"}', b'{"": ""}', b"{" + b'"a":1,' * 20_000 + b'"a":1}', b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00", b'{"text": "' + b"x" * 1_000_000 + b'"}', b"true", b"\x00", b"{}{}",
    b'{"at": "' + b"9" * 10_000 + b'"}',
    b'{"word": "' + "é".encode() * 10_000 + b'"}', b'{"access_token": {"a": 1}}', b'{"limit": 1e5, "max_id": {}}',
])
def test_known_tricks_in_json(greedy, body):
    check(greedy.post("/x/1", body=body, type="application/json"), body[:80])


@pytest.mark.parametrize("query", [
    {"text": ["\ud800"]}, {"\ud800": ["1"]}, {"text": ["\0"]}, {"id": ["\0"]}, {"a" * 10_000: ["b" * 10_000]},
    {"a" + "[x]" * 3_000: ["1"]}, {"a[": ["1"]}, {"]": ["1"]}, {"[]": ["1"]}, {"": [""]},
    {"map[a][b]": ["1"], "map": ["2"]},
    {"many[99999999999999999999]": ["1"]}, {"many[-1]": ["1"]}, {"many[1]": ["1"], "many[01]": ["2"]},
    {"many[]": ["1"] * 6_000}, {"map[\0]": ["1"]}, {"loose[²]": ["1"]}, {"number": ["²"]}, {"limit": ["²"]},
])
def test_known_tricks_in_a_query(greedy, query):
    check(greedy.post("/x/1", query=query), list(query)[:1])
    check(greedy.post("/x/%00", query=query), list(query)[:1])


@pytest.mark.parametrize("headers", [
    {"Authorization": "é" * 10_000}, {"Cookie": "=;;=;_pleroma_key==;"},
    {"Content-Type": "multipart/form-data; boundary=é"},
    {"Content-Type": 'multipart/form-data; boundary="' + "x" * 10_000}, {"X-Request-Id": "\r\n" * 20},
    {"Content-Type": "multipart/form-data; boundary=\r\n"}, {"Idempotency-Key": "\0"},
])
def test_known_tricks_in_headers(greedy, headers):
    check(greedy.post("/x/1", body=b"text=a", headers=headers), headers.keys())
