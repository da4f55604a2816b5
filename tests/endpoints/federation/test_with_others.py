"""What our documents say of people and statuses of other servers, and that we do not serve theirs."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from chalicelib.store import files
from chalicelib.store.relationships.relations import Relation
from chalicelib.store.statuses.statuses import uri_of
from tests.domain.federation.foreigners import FAR, comes, posts

ACTIVITY = "application/activity+json"
BASE = "http://kenoma.test"
FERN = f"{FAR}/users/fern"
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"


def ask(person, address, accept=ACTIVITY):
    return person.get(address.removeprefix(BASE), headers={"Accept": accept})


@pytest.fixture
def fern():
    """An account of another server."""
    return comes()


def test_an_account_of_another_server_is_not_served_here(anonymous, fern):
    there = ("/users/fern@far.example", f"/users/{fern.id}", "/@fern@far.example")
    for path in (*there[:2], "/users/fern", "/users/fern@far.example/outbox"):
        assert ask(anonymous, path).status == 404, path
    for path in there:
        reply = ask(anonymous, path, "text/html")
        assert (reply.status, reply.headers["location"]) == (302, fern.url), path
    assert ask(anonymous, "/@nobody@far.example", "text/html").status == 404


def test_nor_is_a_status(anonymous, fern):
    status = posts(fern)

    for address in (uri_of(status.id), uri_of(status.id).replace("objects", "activities"),
                    f"{uri_of(status.id)}/replies", f"/notice/{status.id}"):
        assert ask(anonymous, address).status == 404, address


def test_people_are_led_to_the_page_of_their_server(anonymous, fern):
    status = posts(fern, url=f"{FAR}/@fern/1")

    reply = ask(anonymous, f"/notice/{status.id}", "text/html")

    assert (reply.status, reply.headers["location"]) == (302, f"{FAR}/@fern/1")


def test_a_reply_names_parent_and_people_by_their_own_addresses(anonymous, alice, fern):
    parent = posts(fern, context=f"{FAR}/contexts/7")

    reply = alice.posts("@fern@far.example hi", in_reply_to_id=parent.id)

    shown = ask(anonymous, reply["uri"])
    assert shown.json["inReplyTo"] == f"{FAR}/notes/1"
    assert shown.json["to"] == [EVERYBODY, FERN]
    assert shown.json["tag"] == [{"type": "Mention", "href": FERN, "name": "@fern@far.example"}]
    assert (shown.json["context"], shown.json["conversation"]) == (f"{FAR}/contexts/7",) * 2
    assert (shown.calls, shown.rounds) == (2, 2)


def test_so_does_an_archive(alice, fern, drain):
    alice.posts("@fern@far.example hi", in_reply_to_id=posts(fern).id)
    alice.post("/api/v1/pleroma/backups")
    drain()

    (backup,) = alice.get("/api/v1/pleroma/backups").json
    archive = zipfile.ZipFile(io.BytesIO(files.get(backup["url"].removeprefix(f"{BASE}/"))))
    (written,) = json.loads(archive.read("outbox.json"))["orderedItems"]

    assert written["object"]["inReplyTo"] == f"{FAR}/notes/1"
    assert written["to"] == [EVERYBODY, FERN]


def test_a_reblog_names_the_status_by_its_own_address(anonymous, alice, fern):
    status = posts(fern)
    reblog = alice.post(f"/api/v1/statuses/{status.id}/reblog").json

    for shown in (ask(anonymous, uri_of(reblog["id"])).json,
                  ask(anonymous, "/users/alice/outbox?page=true").json["orderedItems"][0]):
        assert (shown["type"], shown["object"]) == ("Announce", f"{FAR}/notes/1")
        assert FERN in shown["cc"]


def test_replies_of_others_are_named_by_their_own_addresses(anonymous, alice, fern):
    status = alice.posts("hello")
    posts(fern, inReplyTo=status["uri"], to=[EVERYBODY, f"{BASE}/users/alice"])

    assert ask(anonymous, f"{status['uri']}/replies?page=true").json["items"] == [f"{FAR}/notes/1"]


@pytest.mark.parametrize(("collection", "index"), [("followers", "follower_id"), ("following", "following_id")])
def test_people_of_others_are_named_by_their_own_addresses(anonymous, alice, fern, collection, index):
    Relation(alice.id, fern.id, **{index: fern.id}).save()

    assert ask(anonymous, f"/users/alice/{collection}?page=true").json["orderedItems"] == [FERN]


def test_a_page_with_people_of_others_costs_the_same(anonymous, alice, fern):
    for number in range(3):
        alice.posts(f"@fern@far.example {number}", in_reply_to_id=posts(fern, number).id)

    page = ask(anonymous, "/users/alice/outbox?page=true")

    assert len(page.json["orderedItems"]) == 3
    assert (page.calls, page.rounds) == (6, 5)
