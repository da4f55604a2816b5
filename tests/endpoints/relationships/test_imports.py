"""Imports of follows, blocks and mutes: what they take, what they answer, and that the work is done."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.relationships import imports
from chalicelib.store.relationships import relations
from tests.cast import SCOPES

PATH = "/api/pleroma/follow_import"


def test_a_text_list_is_followed(alice, bob, carol, drain):
    reply = alice.post(PATH, form={"list": "bob\n@carol@kenoma.test"})
    drain()

    assert (reply.status, reply.json) == (200, "job started")
    assert reply.headers["content-type"].startswith("application/json")
    assert sorted(relations.following_ids(alice.id)[0]) == sorted([bob.id, carol.id])


def test_a_file_of_another_server_is_followed(alice, bob, drain):
    csv = "\ufeffAccount address,Show boosts\r\nbob@kenoma.test,true\r\n".encode()

    reply = alice.post(PATH, files={"list": ("following.csv", csv, "text/csv")})
    drain()

    assert reply.json == "job started"
    assert alice.relationship(bob)["following"] is True


@pytest.mark.parametrize("how", [{"params": {"list": "bob"}}, {"json": {"list": "bob"}}])
def test_the_list_may_come_in_the_query_or_as_json(alice, bob, drain, how):
    assert alice.post(PATH, **how).status == 200
    drain()

    assert alice.relationship(bob)["following"] is True


def test_bytes_that_are_no_text_name_nobody(alice, bob, drain):
    reply = alice.post(PATH, files={"list": ("list", b"\xff\xfe\x00bob\n\xc3\x28 bob\n", "text/plain")})
    drain()

    assert reply.status == 200
    assert alice.relationship(bob)["following"] is True


@pytest.mark.parametrize("how", [{}, {"json": {"list": None}}, {"json": {"list": 7}}, {"json": {"list": {"a": 1}}},
                                 {"json": []}, {"form": {"other": "bob"}}])
def test_a_missing_list_is_told_as_a_missing_field(alice, aws, how):
    reply = alice.post(PATH, **how)

    assert reply.status == 400
    assert reply.json == {
        "error": "Missing field: list.",
        "errors": [{"title": "Invalid value", "source": {"pointer": "/list"}, "message": "Missing field: list"}],
    }
    assert aws.messages("imports") == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Account address,Show boosts\n", "@"])
def test_a_list_without_accounts_starts_no_job(alice, aws, text):
    reply = alice.post(PATH, json={"list": text})

    assert (reply.status, reply.json) == (200, "job started")
    assert aws.messages("imports") == []


def test_the_scope_comes_before_the_list(cast):
    reader = cast.person("reader", scopes="read")

    reply = reader.post(PATH)

    assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: follow | write:follows."})


@pytest.mark.parametrize("scopes", ["follow", "write", "write:follows", SCOPES])
def test_either_scope_is_enough(cast, scopes):
    assert cast.person("writer", scopes=scopes).post(PATH, form={"list": "bob"}).status == 200


def test_nobody_imports_without_signing_in(anonymous, aws):
    reply = anonymous.post(PATH, form={"list": "bob"})

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})
    assert aws.messages("imports") == []


def test_five_hundred_lines_of_every_kind(cast, alice, aws, drain):
    friends = cast.people(40, "friend")
    alice.follows(friends[0])
    kinds = [
        "friend{friend}@kenoma.test,true,false,", "@friend{friend},true,false,", "alice@kenoma.test,true,false,",
        "stranger{line}@elsewhere.example,true,false,", ",,,", "nobody{line}", "", "https://[broken,true",
        "\x00\x01{line},true", "friend0@kenoma.test,true,false,",
    ]
    lines = ["Account address,Show boosts,Notify on new posts,Languages"]
    lines += [kinds[line % 10].format(line=line, friend=line // 10 % 40) for line in range(500)]

    reply = alice.post(PATH, files={"list": ("following_accounts.csv", "\r\n".join(lines).encode(), "text/csv")})
    chunks = [json.loads(body)["names"] for body in aws.messages("imports")]
    drained = drain()

    assert reply.json == "job started"
    assert all(len(names) <= 100 for names in chunks)
    assert drained.failed == 0
    assert alice.account.following_count == 40
    assert all(each.account.followers_count == 1 for each in friends)


def test_a_long_list_is_taken_within_one_request(alice, aws):
    text = "\n".join(f"someone{number}@elsewhere.example,true" for number in range(5_000))

    reply = alice.post(PATH, files={"list": ("following.csv", text.encode(), "text/csv")})

    assert reply.status == 200
    assert len(aws.messages("imports")) == 50
    assert reply.rounds <= 2


@pytest.mark.parametrize("form", [
    "bob", "@bob", "bob@kenoma.test", "@bob@Kenoma.Test", "bob@KENOMA.TEST", "http://kenoma.test/users/bob",
    "BOB", "bob@kenoma.test,true,,", "  @@bob  ",
])
def test_every_form_of_an_account_is_understood(alice, bob, drain, form):
    alice.post(PATH, form={"list": form})
    drain()

    assert alice.relationship(bob)["following"] is True


# Blocks and mutes.

CSV = "Account address,Hide notifications\n@bob@kenoma.test,true\ncarol\nnobody\nalice\nbob\n"


def start(person, what, text):
    return person.post(f"/api/pleroma/{what}s_import", form={"list": text})


@pytest.mark.parametrize(("what", "shown"), [("block", "blocking"), ("mute", "muting")])
def test_everybody_on_the_list_is_hidden(alice, bob, carol, drain, what, shown):
    carol.follows(alice)

    reply = start(alice, what, CSV)
    drain()

    assert (reply.status, reply.json) == (200, "job started")
    for person in (bob, carol):
        assert alice.relationship(person)[shown] is True
    assert alice.relationship(carol)["followed_by"] is (what == "mute")
    assert alice.account.followers_count == (1 if what == "mute" else 0)


def test_muted_with_notifications_and_for_good(alice, bob, drain):
    start(alice, "mute", "bob")
    drain()

    relation = relations.find(alice.id, bob.id)
    assert (relation.mutes, relation.mutes_notifications, relation.mutes_until) == (True, True, 0)


@pytest.mark.parametrize("what", ["block", "mute"])
def test_twice_is_harmless(alice, bob, what):
    first = imports.hide_all(["bob", "nobody"], what, account_id=alice.id)
    second = imports.hide_all(["bob", "nobody"], what, account_id=alice.id)

    assert (first.hidden, first.skipped, second.already, second.hidden) == (1, 1, 1, 0)


@pytest.mark.parametrize("what", ["block", "mute"])
def test_a_list_is_needed_and_its_scope(cast, alice, anonymous, what):
    reader = cast.person("reader", scopes="read")

    assert alice.post(f"/api/pleroma/{what}s_import").json["error"] == "Missing field: list."
    assert start(reader, what, "bob").json == {
        "error": f"Insufficient permissions: follow | write:{what}s."}
    assert start(anonymous, what, "bob").json == {"error": "Invalid credentials."}
    assert start(alice, what, "  \n").json == "job started"
