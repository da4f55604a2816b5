"""Imports of follows, blocks and mutes: what they take, what they answer, and that the work is done."""

from __future__ import annotations

import json

import pytest

from chalicelib.store.relationships import relations
from tests.cast import PASSWORD, SCOPES

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
    assert (reply.rounds, reply.calls) == (2, 5)


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
def test_twice_is_harmless(alice, bob, drain, what):
    for _ in range(2):
        start(alice, what, "bob nobody")
        drain()

    second, first = alice.get("/api/v1/pleroma/imports").json
    assert (first["done"], first["already"], first["skipped"]) == (1, 0, 1)
    assert (second["done"], second["already"], second["skipped"]) == (1, 1, 1)


@pytest.mark.parametrize("what", ["block", "mute"])
def test_a_list_is_needed_and_its_scope(cast, alice, anonymous, what):
    reader = cast.person("reader", scopes="read")

    assert alice.post(f"/api/pleroma/{what}s_import").json["error"] == "Missing field: list."
    assert start(reader, what, "bob").json == {
        "error": f"Insufficient permissions: follow | write:{what}s."}
    assert start(anonymous, what, "bob").json == {"error": "Invalid credentials."}
    assert start(alice, what, "  \n").json == "job started"


# What the columns of a list say.

MINE = "/api/v1/pleroma/imports"


def bring(person, what, data, drain):
    """Send a file, and let the jobs run."""
    reply = person.post(f"/api/pleroma/{what}_import", files={"list": ("list.csv", data, "text/csv")})
    drained = drain()

    assert (reply.status, reply.json, drained.failed) == (200, "job started", 0)


def columns(*rows, encoding="utf-8", separator=","):
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


FOLLOWS = ("Account address", "Show boosts", "Notify on new posts", "Languages")


@pytest.mark.parametrize(("encoding", "separator"), [
    ("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", "\t"), ("utf-16-be", ";"), ("cp1252", ";"),
])
def test_a_follow_is_as_the_columns_say(alice, bob, carol, drain, encoding, separator):
    bring(alice, "follow", columns(FOLLOWS, ("bob@kenoma.test", "false", "true", '"en, de"'),
                                   ("@carol", "true", "false", ""), encoding=encoding, separator=separator), drain)

    to_bob, to_carol = alice.relationship(bob), alice.relationship(carol)
    assert (to_bob["following"], to_bob["showing_reblogs"], to_bob["subscribing"]) == (True, False, True)
    assert (to_carol["following"], to_carol["showing_reblogs"], to_carol["subscribing"]) == (True, True, False)
    assert (to_bob["languages"], to_carol["languages"]) == (["en", "de"], None)


def test_reblogs_that_are_not_wanted_stay_away_and_new_statuses_are_told(alice, bob, carol, drain):
    passed_on = carol.posts("pass me on")["id"]
    bring(alice, "follow", columns(FOLLOWS, ("bob", "false", "true", "")), drain)

    own = bob.posts("my own")["id"]
    bob.post(f"/api/v1/statuses/{passed_on}/reblog")
    drain()

    assert alice.home() == [own]
    assert [each["status"]["id"] for each in alice.get("/api/v1/notifications").json] == [own]


def test_the_columns_change_a_follow_that_is_there_already(alice, bob, drain):
    alice.follows(bob)
    for row, shown in (
        (("false", "true", "en"), (False, True, ["en"])), (("", "", ""), (False, True, ["en"])),
        (("true", "false", "fr"), (True, False, ["fr"])),
    ):
        bring(alice, "follow", columns(FOLLOWS, ("bob", *row)), drain)

        how = alice.relationship(bob)
        assert (how["showing_reblogs"], how["subscribing"], how["languages"]) == shown
    assert alice.account.following_count == 1
    assert [each["already"] for each in alice.get(MINE).json] == [1, 1, 1]


def test_the_columns_hold_for_a_request_too_and_end_with_it(cast, alice, drain):
    locked = cast.person("locked", locked=True)
    bring(alice, "follow", columns(FOLLOWS, ("locked", "false", "true", "en")), drain)
    asked = alice.relationship(locked)
    locked.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    accepted = alice.relationship(locked)

    alice.post(f"/api/v1/accounts/{locked.id}/unfollow")

    for how in (asked, accepted):
        assert (how["showing_reblogs"], how["subscribing"], how["languages"]) == (False, True, ["en"])
    assert (asked["requested"], accepted["following"]) == (True, True)
    assert (alice.relationship(locked)["languages"], alice.relationship(locked)["subscribing"]) == (None, False)


@pytest.mark.parametrize("end", ["unfollow", "block"])
def test_languages_end_with_the_follow(alice, bob, drain, end):
    bring(alice, "follow", columns(FOLLOWS, ("bob", "", "", "en")), drain)

    alice.post(f"/api/v1/accounts/{bob.id}/{end}")

    assert alice.relationship(bob)["languages"] is None


MUTES = ("Account address", "Hide notifications", "Expires at")


@pytest.mark.parametrize(("cell", "muted"), [("true", True), ("false", False), ("", True), ("FALSE", False)])
@pytest.mark.parametrize("before", [None, True, False])
def test_a_mute_hides_notifications_as_the_column_says(alice, bob, drain, before, cell, muted):
    if before is not None:
        alice.post(f"/api/v1/accounts/{bob.id}/mute", {"notifications": before})

    bring(alice, "mutes", columns(MUTES, ("bob", cell, "")), drain)
    bob.posts("@alice hello")

    how = alice.relationship(bob)
    assert (how["muting"], how["muting_notifications"]) == (True, muted)
    assert len(alice.get("/api/v1/notifications", {"with_muted": False}).json) == (0 if muted else 1)
    assert alice.get(MINE).json[0]["already"] == (0 if before is None else 1)


def test_a_mute_may_have_an_end_and_one_that_is_over_is_not_begun(alice, bob, carol, drain):
    bring(alice, "mutes", columns(MUTES, ("bob", "true", "2099-01-01T00:00:00Z"), ("carol", "", "2001-01-01")), drain)

    (muted,) = alice.get("/api/v1/mutes").json
    assert (muted["id"], muted["mute_expires_at"]) == (bob.id, "2099-01-01T00:00:00.000Z")
    assert (alice.get(MINE).json[0]["done"], alice.get(MINE).json[0]["refused"]) == (1, 1)


# What the person is told.


def test_a_person_sees_what_became_of_their_imports(cast, alice, bob, carol, drain, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.relationships.importing.abroad.PAUSES", ())  # nobody answers for mary
    blocker = cast.person("blocker")
    blocker.post(f"/api/v1/accounts/{alice.id}/block")
    alice.follows(carol)
    alice.post(PATH, form={"list": "bob carol nobody mary@elsewhere.example blocker alice bob@kenoma.test \x01odd"})
    (before,) = alice.get(MINE).json

    drain()

    (after,) = alice.get(MINE).json
    assert before.keys() == after.keys() == {
        "id", "kind", "at", "total", "done", "skipped", "already", "unknown", "refused", "failed"}
    assert (before["kind"], before["total"], before["done"], before["skipped"]) == ("following", 7, 0, 1)
    assert {name: after[name] for name in ("total", "done", "already", "skipped", "unknown", "refused")} == {
        "total": 7, "done": 2, "already": 1, "skipped": 5, "unknown": 3, "refused": 2}
    assert before["failed"] == [{"name": "odd", "reason": "unreadable"}]
    assert {each["name"]: each["reason"] for each in after["failed"]} == {
        "odd": "unreadable", "nobody": "unknown", "mary@elsewhere.example": "silent", "blocker": "refused",
        "alice": "refused"}
    assert after["at"].endswith("Z")


def test_a_list_in_chunks_is_counted_as_a_whole(cast, alice, drain, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.relationships.importing.imports.NAMES_PER_CHUNK", 3)
    cast.people(4, "friend")

    bring(alice, "blocks", "\n".join(f"friend{number}" for number in range(11)).encode(), drain)

    (shown,) = alice.get(MINE).json
    assert (shown["kind"], shown["total"], shown["done"], shown["unknown"]) == ("blocks", 11, 4, 7)


def test_the_latest_ten_are_kept_newest_first(alice, aws, drain):
    for number in range(12):
        bring(alice, "mutes", f"nobody{number} {'x ' * number}".encode(), drain)

    shown = alice.get(MINE).json
    assert len(shown) == 10
    assert [each["id"] for each in shown] == sorted((each["id"] for each in shown), reverse=True)
    assert len([item for item in aws.items("accounts") if item["part"]["S"].startswith("I#")]) == 10


@pytest.mark.parametrize("data", [b"", b"\n", b"Account address,Show boosts\n", b"\x00\x01\x02\x00", b'{"a":["bob"]}'])
def test_a_list_that_names_nobody_is_told_as_well(alice, aws, drain, data):
    bring(alice, "follow", data, drain)

    (shown,) = alice.get(MINE).json
    assert (shown["done"], shown["skipped"]) == (0, shown["total"])
    assert aws.count("jobs") == 0


def test_imports_of_others_are_not_shown(alice, bob, drain):
    bring(alice, "follow", b"bob", drain)

    assert bob.get(MINE).json == []


@pytest.mark.parametrize("scopes", ["follow", "read", "read:follows", SCOPES])
def test_imports_are_shown_to_a_token_of_follows(cast, scopes):
    assert cast.person("reader", scopes=scopes).get(MINE).json == []


@pytest.mark.parametrize("scopes", ["write", "read:accounts", "push"])
def test_imports_need_their_scope(cast, anonymous, scopes):
    reply = cast.person("reader", scopes=scopes).get(MINE)

    assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: follow | read:follows."})
    assert (anonymous.get(MINE).status, anonymous.get(MINE).json) == (403, {"error": "Invalid credentials."})


def test_ten_imports_are_read_in_one_round(alice, drain):
    for number in range(3):
        bring(alice, "follow", f"nobody{number}".encode(), drain)

    reply = alice.get(MINE)

    assert (len(reply.json), reply.calls, reply.rounds) == (3, 3, 2)


def test_health_figures_tell_what_became_of_all_imports(anonymous, alice, bob, carol, drain):
    bring(alice, "follow", b"bob nobody alice", drain)
    bring(carol, "blocks", b"bob", drain)
    bring(carol, "mutes", b"bob alice", drain)
    bring(carol, "mutes", b"bob", drain)

    assert anonymous.get("/api/pleroma/healthcheck").json["job_queue_stats"]["imported"] == {
        "imports": 4, "followed": 1, "blocked": 1, "muted": 2, "listed": 0, "bookmarked": 0,
        "domains_blocked": 0, "already": 1, "unknown": 1, "refused": 1}


def test_nothing_of_an_import_is_left_when_its_account_is_deleted(alice, bob, aws, drain, setting):
    setting(deletion_pause=0)
    bring(alice, "follow", b"bob nobody", drain)
    alice.post(PATH, form={"list": "carol"})  # its job runs after the deletion has begun

    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})
    drain()

    assert [item for item in aws.items("accounts") if item["part"]["S"].startswith("I#")] == []
