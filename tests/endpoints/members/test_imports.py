"""The page of imports: lists of every kind are brought by it, and it tells what became of them."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.relationships import domain_blocks
from chalicelib.domain.relationships.importing import imports
from chalicelib.store.relationships.lists import MOST_LISTS
from tests.cast import Person
from tests.endpoints.members.browser import Browser
from tests.endpoints.members.test_settings import fault_at
from tests.peers import scripted

IMPORT = "/account/import"
MINE = "/api/v1/pleroma/imports"


def bring(browser: Browser, kind: str, text: str) -> None:
    browser.open(IMPORT)
    browser.send(IMPORT, kind=kind, files={"file": ("list.csv", text.encode(), "text/csv")})
    assert browser.reply.status == 200, browser.page.text


def outcome(person: Person) -> tuple[int, int, int, int]:
    """How many are done, of these how many were so before, and how many are unknown and refused."""
    shown = person.get(MINE).json[0]
    assert shown["done"] + shown["skipped"] == shown["total"]
    return shown["done"], shown["already"], shown["unknown"], shown["refused"]


def failed(person: Person) -> dict[str, str]:
    return {each["name"]: each["reason"] for each in person.get(MINE).json[0]["failed"]}


@pytest.mark.parametrize(("kind", "what"), [("following", "following"), ("blocks", "blocking"), ("mutes", "muting")])
@pytest.mark.parametrize("as_file", [True, False])
def test_a_list_is_brought_as_a_file_or_as_text(home, alice, bob, drain, kind, what, as_file):
    home.open(IMPORT)
    text = "bob@kenoma.test\nnobody@kenoma.test\nalice@kenoma.test\n"
    files = {"file": ("list.csv", text.encode(), "text/csv")} if as_file else {}

    page = home.send(IMPORT, kind=kind, **({} if as_file else {"list": text}), files=files)

    assert home.address == f"{IMPORT}?done=import"
    assert page.texts["status"] == "The import has begun. It goes on when you leave this page."
    assert "0 of 3" in page.text
    assert "waiting" in page.text
    assert "http-equiv" not in home.reply.text
    assert page.attributes("progress")["max"] == "3"
    assert page.links["Reload"] == IMPORT
    drain()
    page = home.open(IMPORT)
    assert "1 of 3 1 not found, 1 not allowed" in page.text
    assert alice.relationship(bob)[what] is True


@pytest.mark.parametrize(("sent", "field", "fault"), [
    ({"list": ""}, "list", "Choose a file, or write names into the field."),
    ({"list": " \n "}, "list", "Choose a file, or write names into the field."),
    ({"list": "bob", "kind": "friends"}, "kind", "Say what the list is of."),
])
def test_what_is_no_list_is_told(home, sent, field, fault):
    home.open(IMPORT)

    page = home.send(IMPORT, files={}, **sent)

    assert (home.reply.status, fault_at(home, field)) == (422, fault)
    assert page.form(IMPORT).values["list"] == sent["list"]
    assert "None yet." in page.text


def test_a_file_larger_than_four_megabytes_is_told(home):
    home.open(IMPORT)

    home.send(IMPORT, files={"file": ("list.csv", b"a@b.example\n" * 350_000, "text/csv")})

    assert home.reply.status == 422
    assert fault_at(home, "list") == "The list is larger than 4 MB. Cut it into several."


def test_the_page_of_imports_costs_two_calls_more_than_the_session(home, alice, bob):
    alice.post("/api/pleroma/follow_import", json={"list": "bob"})

    home.open(IMPORT)

    assert home.reply.calls == 3


# Lists.


def members(person: Person) -> dict[str, set[str]]:
    """Who is on the person's lists, by title."""
    return {each["title"]: {one["acct"] for one in person.get(f"/api/v1/lists/{each['id']}/accounts").json}
            for each in person.get("/api/v1/lists").json}


@pytest.mark.parametrize("header", ["", "List name,Account address\n"])
def test_lists_are_made_with_their_members_and_those_that_are_there_grow(home, alice, bob, carol, drain, header):
    friends = alice.post("/api/v1/lists", {"title": "Friends"}).json["id"]
    alice.post(f"/api/v1/lists/{friends}/accounts", {"account_ids": [bob.id]})
    posted = carol.posts("hello")["id"]

    bring(home, "lists", f"{header}Friends,bob@kenoma.test\nFriends,@carol\n\"Art, and 'more'\",carol@kenoma.test\n"
                         "'=1+1,bob\nFriends,nobody\n")

    assert drain().failed == 0
    assert members(alice) == {"Friends": {"bob", "carol"}, "Art, and 'more'": {"carol"}, "=1+1": {"bob"}}
    assert (outcome(alice), failed(alice)) == ((2, 0, 1, 0), {"nobody": "unknown"})
    assert [each["id"] for each in alice.get(f"/api/v1/timelines/list/{friends}").json] == [posted]


def test_what_is_exported_is_brought_back(home, alice, bob, bobs, carol, drain):
    for title, member in (("=odd", carol), ("Friends", bob), ("Friends", carol)):
        bring(home, "lists", f"{title},{member.nickname}@kenoma.test\n")
        drain()
    text = alice.get("/api/v1/exports/lists.csv").text

    bring(bobs, "lists", text)
    drain()

    assert members(bob) == members(alice) == {"=odd": {"carol"}, "Friends": {"bob", "carol"}}
    bring(bobs, "lists", text)
    drain()
    assert outcome(bob) == (2, 2, 0, 0)


def test_members_of_other_servers_are_asked_for(home, alice, drain):
    with scripted.serving() as far:
        far.actor("fern")

        bring(home, "lists", f"Afar,fern@{far.host}\nAlso,fern@{far.host}\nAfar,gil@{far.host}\n")
        drain()

        assert members(alice) == {"Afar": {f"fern@{far.host}"}, "Also": {f"fern@{far.host}"}}
        assert failed(alice) == {f"gil@{far.host}": "unknown"}


def test_no_more_lists_are_made_than_one_may_have(home, alice, bob, drain):
    lines = [f"List {number},bob" for number in range(MOST_LISTS)] + ["One more,carol", f"{'x' * 300},alice", "bob"]

    bring(home, "lists", "\n".join(lines))
    drain()

    assert len(alice.get("/api/v1/lists").json) == MOST_LISTS
    assert failed(alice) == {"carol": "refused", "alice": "refused", "bob": "unreadable"}


def test_a_list_that_is_deleted_meanwhile_is_not_made_again(home, alice, bob, drain):
    bring(home, "lists", "Friends,bob")
    (friends,) = alice.get("/api/v1/lists").json
    alice.delete(f"/api/v1/lists/{friends['id']}")

    assert drain().failed == 0
    assert (members(alice), outcome(alice)) == ({}, (0, 0, 0, 1))


# Bookmarks.


def bookmarks(person: Person) -> list[str]:
    return [each["id"] for each in person.get("/api/v1/bookmarks").json]


@pytest.mark.parametrize("header", ["", "#uri\n"])
def test_bookmarks_come_in_the_order_of_the_file(home, alice, bob, drain, header, monkeypatch):
    monkeypatch.setattr(imports, "NAMES_PER_CHUNK", 2)
    posted = [bob.posts(f"{number}") for number in range(5)]
    secret = bob.posts("for few", visibility="private")
    alice.post(f"/api/v1/statuses/{posted[2]['id']}/bookmark")
    addresses = [each["uri"] if number % 2 else each["url"] for number, each in enumerate(posted)]

    bring(home, "bookmarks", header + "\n".join([*addresses, secret["uri"], "http://kenoma.test/notice/none", "bob"]))

    assert drain().failed == 0
    assert bookmarks(alice) == [posted[number]["id"] for number in (0, 1, 3, 4, 2)], "the one from before is older"
    assert outcome(alice) == (5, 1, 3, 0)
    assert failed(alice) == {secret["uri"]: "unknown", "http://kenoma.test/notice/none": "unknown", "bob": "unreadable"}


def test_what_was_bookmarked_elsewhere_is_fetched(home, alice, drain):
    with scripted.serving() as far:
        fern = far.actor("fern")
        notes = [far.note(fern, f"{number}")["id"] for number in range(3)]

        bring(home, "bookmarks", "\n".join([*notes, f"{far.url}/none", fern["id"]]))
        drain()

        assert [each["uri"] for each in alice.get("/api/v1/bookmarks").json] == notes
        assert failed(alice) == {f"{far.url}/none": "unknown", fern["id"]: "unknown"}
        before = len(far.asked)
        bring(home, "bookmarks", notes[0])
        drain()
        assert (outcome(alice), len(far.asked)) == ((1, 1, 0, 0), before)


# Servers.


@pytest.mark.parametrize("header", ["", "#domain\n", "#domain,#severity\n"])
def test_servers_are_blocked(home, alice, drain, header):
    alice.post("/api/v1/domain_blocks", {"domain": "bad.example"})
    rest = ",silence" if "severity" in header else ""

    bring(home, "blocked_domains", header + "".join(
        f"{each}{rest}\n" for each in ("Worse.example", "bad.example", "*.d.example", "two.example:8443", "not/one")))

    assert drain().failed == 0
    assert set(alice.get("/api/v1/domain_blocks").json) == {
        "worse.example", "bad.example", "*.d.example", "two.example:8443"}
    assert (outcome(alice), failed(alice)) == ((4, 1, 1, 0), {"not/one": "unreadable"})


def test_no_more_servers_are_blocked_than_one_may_block(home, alice, drain, monkeypatch):
    monkeypatch.setattr(domain_blocks, "MOST", 2)

    bring(home, "blocked_domains", "a.example\nb.example\nc.example\n")
    drain()

    assert (outcome(alice), failed(alice)) == ((2, 0, 0, 1), {"c.example": "refused"})


# What could not be done.


def test_the_page_names_what_failed_and_the_file_brings_it_again(home, alice, bob, drain):
    bring(home, "following", "Account address,Show boosts\nbob,true\ncarol,true\nalice,true\n")
    drain()

    page = home.open(IMPORT)

    assert "carol : not found" in page.text
    assert "alice : not allowed" in page.text
    file = home.download(page.links["Download as CSV"])
    assert file.text == "Account address,Reason\ncarol,unknown\nalice,refused\n"
    assert file.headers["content-disposition"] == 'attachment; filename="failed_names.csv"'
    bring(home, "following", file.text)
    drain()
    assert outcome(alice) == (0, 0, 1, 1)


def test_the_first_two_hundred_are_named(home, alice, bob, drain, aws):
    bring(home, "following", "\n".join(f"nobody{number}" for number in range(520)))
    drain()

    assert len(failed(alice)) == 200
    assert "These are the first 200 of 520." in home.open(IMPORT).text
    kept = [item for item in aws.items("accounts") if item["part"]["S"].startswith("Q#")]
    assert sum(len(json.loads(each["reasons"]["S"])) if "S" in each["reasons"] else 100 for each in kept) < 520


def test_names_go_with_their_import(home, alice, drain, aws):
    for number in range(11):
        bring(home, "following", f"nobody{number}")
        drain()

    kept = {item["part"]["S"].split("#")[1] for item in aws.items("accounts") if item["part"]["S"].startswith("Q#")}
    assert kept == {each["id"] for each in alice.get(MINE).json}


def test_the_file_of_somebody_elses_import_is_not_there(home, bobs, alice, drain):
    bring(home, "following", "nobody")
    drain()
    (mine,) = alice.get(MINE).json

    assert home.download(f"{IMPORT}/{mine['id']}/failed").status == 200
    assert bobs.download(f"{IMPORT}/{mine['id']}/failed").status == 404
