"""Bodies that nobody can read, or that are far too large, at every endpoint.

One function reads them for all endpoints, so each endpoint gets a few of them by turns.
"""

from __future__ import annotations

import json

import pytest

from chalicelib.settings import settings
from tests.cast import Person
from tests.hostile.world import (
    ENDPOINTS,
    World,
    by_turns,
    changes_nothing,
    endpoints_where,
    every_endpoint,
    takes_parameters,
)

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
UNREADABLE: dict[str, tuple[str, bytes]] = {
    "broken JSON": (JSON, b'{"status": "a"'), "two JSON values": (JSON, b"{}{}"), "a bare word": (JSON, b"status"),
    "bad UTF-8 in JSON": (JSON, b'{"status": "\xff\xfe"}'), "a lone surrogate": (JSON, b'{"a": "\\ud800"}'),
    "UTF-16": (JSON, '{"status": "a"}'.encode("utf-16")), "NaN": (JSON, b'{"a": NaN}'),
    "1e400": (JSON, b'{"a": 1e400}'),
    "deep lists": (JSON, b"[" * 100_000), "deep maps": (JSON, b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    "a number of ten thousand digits": (JSON, b'{"a": ' + b"9" * 10_000 + b"}"),
    "bad UTF-8 in a form": (FORM, b"status=\xff\xfe"), "bad UTF-8 behind percent signs": (FORM, b"status=%ff%fe"),
    "a form of ten thousand fields": (FORM, b"a=1&" * 10_000), "a very deep name": (FORM, b"a" + b"[b]" * 100 + b"=1"),
    "no boundary": ("multipart/form-data", b"--x\r\n"), "an empty boundary": ("multipart/form-data; boundary=", b"--"),
    "another boundary": (MULTIPART, b'--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--y--\r\n'),
    "a truncated part": (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n12'),
    "a part without a header": (MULTIPART, b"--x\r\n\r\n1\r\n--x--\r\n"),
    "bad UTF-8 in a part": (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n'),
    "random bytes": (MULTIPART, bytes(range(256)) * 20),
}
ODD: dict[str, tuple[str, bytes]] = {
    "a list": (JSON, b"[]"), "a number": (JSON, b"1"), "a text": (JSON, b'"x"'), "null": (JSON, b"null"),
    "blanks": (JSON, b" \r\n"), "only a mark": (JSON, b"\xef\xbb\xbf"), "nothing of a form": (FORM, b"&&&==&"),
    "nothing of a multipart form": (MULTIPART, b"--x--\r\n"), "a picture": ("image/png", b"\x89PNG\r\n\x1a\n\0"),
    "a part without a name": (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
    "no type": ("", b'{"status": {"a": ['), "many names twice": (JSON, b"{" + b'"a":1,' * 9_999 + b'"a":2}'),
    "names nobody knows": (JSON, json.dumps({f"x{number}": [number] for number in range(3_000)}).encode()),
}

which_reads_parameters = endpoints_where(lambda each: not each.raw)
"""An inbox takes the body as it is: tests/endpoints/federation holds what it answers."""


@which_reads_parameters
@changes_nothing
def test_what_cannot_be_read_is_a_bad_request(world: World, declared):
    path = world.path(declared)
    for what, (kind, body) in by_turns(declared, [*UNREADABLE.items()]):
        reply = world.attempt(declared, what, path=path, body=body, headers={"Content-Type": kind})
        assert (reply.status, reply.json) == (400, {"error": "Bad request"}), what


@which_reads_parameters
@changes_nothing
def test_an_unreadable_body_is_refused_whoever_sends_it(world: World, declared):
    """The body is read before the credentials are checked."""
    kind, body = UNREADABLE["broken JSON"]
    for person in (Person(), Person(token="x"), world.narrow):
        reply = world.attempt(declared, person, by=person, body=body, headers={"Content-Type": kind})
        assert (reply.status, reply.json) == (400, {"error": "Bad request"})


@every_endpoint
def test_a_body_without_fields_does_no_harm(world: World, declared):
    for what, (kind, body) in by_turns(declared, [*ODD.items()]):
        world.attempt(declared, what, body=body, headers={"Content-Type": kind})


@endpoints_where(lambda each: each.method != "GET" and takes_parameters(each) and ENDPOINTS.index(each) % 8 == 0)
def test_ten_megabytes_are_read_and_judged(world: World, declared):
    body = json.dumps({"status": "é" * 5_250_000, "list": "x" * 10}, ensure_ascii=False).encode()
    assert len(body) > 10_000_000

    world.attempt(declared, "10 MB", body=body, headers={"Content-Type": JSON})


@pytest.fixture(scope="module")
def too_large() -> bytes:
    return b"a=" + b"x" * (settings.upload_limit + 1_000_000)


@endpoints_where(lambda each: not each.raw and ENDPOINTS.index(each) % 8 == 0)
@changes_nothing
def test_a_body_above_the_limit_is_413(world: World, declared, too_large):
    reply = world.attempt(declared, "17 MB", body=too_large, headers={"Content-Type": FORM})
    assert (reply.status, reply.json) == (413, {"error": "Request body is too large"})
