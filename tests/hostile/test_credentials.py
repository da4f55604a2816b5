"""Requests without credentials, with foreign ones, or with too few scopes: 403 in the documented words, or served as
nobody's."""

from __future__ import annotations

import base64

import pytest

from chalicelib.store.signing_in import tokens
from chalicelib.web.auth import Need
from tests.cast import Person
from tests.hostile.world import ENDPOINTS, UNKNOWN, World, by_turns, changes_nothing, endpoints_where, every_endpoint

GARBAGE = ["", "x", "x" * 10_000, "é😀", "%00", "\0", "null", "Bearer", "=" * 43, "A" * 43, "-" * 43, "' or ''='"]
HASHED = ["Basic " + base64.b64encode(pair).decode() for pair in (
    b"person0:", b":kenoma-local", b"person0:wrong", b"\0:\0", b"nobody:kenoma-local", b"person0:" + b"y" * 5_000)]
"""Each costs the check of a password, so few endpoints get them."""
HEADERS = ["Bearer", "Bearer ", "Basic", "Basic :", "Basic //////", "Basic " + "A" * 20_000, "Digest x", "\udcff", "é",
           *("Basic " + base64.b64encode(pair).decode() for pair in (
               b"person0", b":", b"\xff\xfe:x", b"x" * 5_000 + b":y"))]
NEEDS_A_USER = (Need.USER, Need.ADMIN)
INVALID = {"error": "Invalid credentials."}


@endpoints_where(lambda each: each.auth.need in NEEDS_A_USER)
@changes_nothing
def test_nobody_may_do_what_needs_a_user(world: World, declared):
    path = world.path(declared)
    headers = [*({"Authorization": text} for text in [*map("Bearer {}".format, GARBAGE), *HEADERS]),
               *({"Cookie": f"_pleroma_key={text}"} for text in GARBAGE[1:4])]
    for sent in ({}, *by_turns(declared, headers, 4)):
        reply = world.attempt(declared, sent, by=Person(), path=path, headers=sent)
        assert (reply.status, reply.json) == (403, INVALID), sent
    for text in by_turns(declared, GARBAGE[1:6], 1):
        reply = world.attempt(declared, text, by=Person(), path=path, params={"access_token": text})
        assert (reply.status, reply.json) == (403, INVALID), text


@endpoints_where(lambda each: each.auth.need in NEEDS_A_USER)
@changes_nothing
def test_a_token_without_a_user_or_without_life_is_nobody(world: World, declared):
    revoked = world.cast.signs_in(world.alice.account)
    record = tokens.find_access(revoked.token)
    assert record is not None
    tokens.revoke(record)
    refresh = Person(token=world.alice.token[:-1] + ("A" if world.alice.token[-1] != "A" else "B"))

    for who, person in {"app": world.app, "revoked": revoked, "nearly": refresh}.items():
        reply = world.attempt(declared, who, by=person)
        assert (reply.status, reply.json) == (403, INVALID), who


@endpoints_where(lambda each: each.auth.need in NEEDS_A_USER and each.auth.scopes)
@changes_nothing
def test_a_token_that_lacks_the_scopes_is_told_which(world: World, declared):
    wanted = (" & " if declared.auth.all_of else " | ").join(declared.auth.scopes)

    reply = world.attempt(declared, "narrow", by=world.narrow, json=world.parameters(declared))

    if declared.auth.need is Need.USER:
        assert (reply.status, reply.json) == (403, {"error": f"Insufficient permissions: {wanted}."})
    assert reply.status == 403


@endpoints_where(lambda each: each.auth.need is Need.APP)
@changes_nothing
def test_an_app_endpoint_wants_a_token_without_a_user(world: World, declared):
    for person in (Person(), Person(token="x"), world.alice, world.narrow):
        reply = world.attempt(declared, person.nickname, by=person, json=world.parameters(declared))
        assert (reply.status, reply.json) == (403, {"error": "Invalid credentials"})


@endpoints_where(lambda each: each.auth.need in (Need.MAYBE, Need.NOBODY) and each.method == "GET")
def test_where_anybody_is_served_bad_credentials_make_no_difference(world: World, declared):
    good, path = world.parameters(declared), world.path(declared)
    served = world.attempt(declared, "nobody", by=Person(), path=path, params=good)

    for text in by_turns(declared, [*map("Bearer {}".format, GARBAGE), *HEADERS], 4):
        reply = world.attempt(declared, text, by=Person(), path=path, params=good, headers={"Authorization": text})
        assert reply.status == served.status, text


@every_endpoint
def test_odd_headers_do_no_harm(world: World, declared):
    path = world.path(declared, id=UNKNOWN)
    odd = [{"Cookie": "=;;=;_pleroma_key==;"}, {"Cookie": "_pleroma_key=" + "x" * 10_000},
           {"Accept": "image/png"}, {"Accept": "\0"}, {"X-Request-Id": "x" * 100_000},
           {"X-Request-Id": "a\r\nSet-Cookie: b=c" + "x" * 20}, {"Idempotency-Key": "\0é😀" * 2_000},
           {"Idempotency-Key": ""}, {"Content-Type": "\0"}, {"Content-Type": "é" * 5_000},
           {"X-Forwarded-For": "'; drop table"}, {"Origin": "null"}, {"Host": "\0.example"}]
    for headers in by_turns(declared, odd):
        reply = world.attempt(declared, headers, headers=headers, path=path)
        assert "\n" not in reply.headers["x-request-id"]
        assert len(reply.headers["x-request-id"]) <= 200


@pytest.mark.parametrize("path", ["/api/v1/accounts/verify_credentials", "/api/oauth_tokens"])
@changes_nothing
def test_a_wrong_password_is_nobody(world: World, path):
    declared = next(each for each in ENDPOINTS if each.path == path)
    for header in HASHED:
        reply = world.attempt(declared, header, by=Person(), headers={"Authorization": header})
        assert (reply.status, reply.json) == (403, INVALID)
