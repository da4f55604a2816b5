"""Chats: each side's own, in the order of their last messages."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from tests.endpoints.chats.talking import CHATS, chat_id, chat_of, chats, heard, ids, says

UNKNOWN = {"error": "Record not found"}


def partners(rows):
    return [row["account"]["acct"] for row in rows]


# One chat.


def test_a_chat_is_made_with_whomever_one_names(alice, bob):
    chat = chat_of(alice, bob)

    assert set(chat) == {"id", "account", "unread", "pinned", "last_message", "updated_at"}
    assert (chat["unread"], chat["last_message"]) == (0, None)
    assert chat["account"] == alice.get(f"/api/v1/accounts/{bob.id}").json
    assert len(chat["id"]) == 18
    assert chat["updated_at"].endswith(".000Z")


def test_it_is_the_same_one_for_ever(alice, bob):
    first = chat_of(alice, bob)
    says(alice, bob)
    says(bob, alice)

    again = chat_of(alice, bob)

    assert again["id"] == first["id"]
    assert again["last_message"]["content"] == "hello"
    assert again["unread"] == 1


def test_each_side_has_an_id_of_its_own(alice, bob):
    assert chat_id(alice, bob) != chat_id(bob, alice)


def test_making_a_chat_tells_the_other_nothing(alice, bob):
    chat_of(alice, bob)

    assert chats(bob) == []


@pytest.mark.parametrize("id", ["BCgUnknownAccount0", "nobody", "0", "1", "%00", "a" * 3000])
def test_there_is_no_chat_with_nobody(alice, id):
    reply = alice.post(f"{CHATS}/by-account-id/{id}")

    assert (reply.status, reply.json) == (404, UNKNOWN)


def test_a_nickname_is_no_id_of_an_account(alice, bob):
    assert alice.post(f"{CHATS}/by-account-id/bob").status == 404


def test_twenty_who_make_one_at_once_make_one(alice, bob):
    with ThreadPoolExecutor(20) as pool:
        made = set(pool.map(lambda _: chat_id(alice, bob), range(20)))

    assert len(made) == len(chats(alice)) == 1


def test_one_may_chat_with_oneself(alice):
    chat = chat_of(alice, alice)

    assert chat["account"]["id"] == alice.id
    assert alice.get(f"{CHATS}/{chat['id']}").json == chat


def test_one_chat_is_shown_by_its_id(alice, bob):
    says(bob, alice, "psst")

    shown = alice.get(f"{CHATS}/{chat_id(alice, bob)}").json

    assert shown["last_message"]["content"] == "psst"
    assert shown["unread"] == 1
    assert [shown] == chats(alice)


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("GET", "/messages"), ("POST", "/messages?content=hi"), ("POST", "/read?last_read_id=1"),
    ("POST", "/messages/BCgUnknownMessage0/read"),
])
def test_chats_of_others_are_unknown(alice, bob, carol, method, path):
    foreign = chat_id(bob, carol)

    for id in (foreign, "BCgUnknownChat0000", "no id", "0", "%00%2F..", "b" * 3000):
        reply = alice.request(method, f"{CHATS}/{id}{path}")
        assert (reply.status, reply.json) == (404, UNKNOWN), id


# All of them.


def test_chats_are_listed_by_their_last_message_in_or_out(alice, bob, carol, cast):
    dora = cast.person("dora")
    says(alice, bob)
    says(carol, alice)
    chat_of(alice, dora)
    says(bob, alice)

    assert partners(chats(alice)) == ["bob", "dora", "carol"]

    says(alice, carol)

    assert partners(chats(alice)) == ["carol", "bob", "dora"]


def test_there_are_no_pages(alice, cast):
    for person in cast.people(45):
        chat_of(alice, person)

    reply = alice.get(CHATS, {"limit": 2, "nonsense": "x"})

    assert len(reply.json) == 45
    assert "link" not in reply.headers


def test_neither_are_those_whom_one_blocks(alice, bob, carol):
    says(bob, alice)
    says(alice, carol)

    alice.post(f"/api/v1/accounts/{bob.id}/block")
    carol.post(f"/api/v1/accounts/{alice.id}/block")

    assert partners(chats(alice, with_muted=True)) == ["carol"]

    alice.post(f"/api/v1/accounts/{bob.id}/unblock")

    assert partners(chats(alice)) == ["carol", "bob"]


def test_those_one_mutes_are_shown_when_asked_for(alice, bob, carol):
    says(bob, alice)
    says(carol, alice)
    alice.post(f"/api/v1/accounts/{bob.id}/mute")

    assert partners(chats(alice)) == partners(chats(alice, with_muted=False)) == ["carol"]
    assert partners(chats(alice, with_muted=True)) == ["carol", "bob"]


def test_partners_who_are_gone_are_left_out(alice, bob, carol):
    says(bob, alice)
    says(carol, alice)
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    assert partners(chats(alice)) == ["carol"]

    update(Account.stub(bob.id, PROFILE), [Account.deactivated.remove()])

    assert partners(chats(alice)) == ["carol", "bob"]


def test_with_a_deleted_account_there_is_no_chat_any_more(alice, bob):
    id = chat_id(alice, bob)
    update(Account.stub(bob.id, PROFILE), [Account.deleted.set(True), Account.deactivated.set(True)])

    assert chats(alice) == []
    for reply in (alice.get(f"{CHATS}/{id}"), alice.post(f"{CHATS}/by-account-id/{bob.id}"),
                  alice.post(f"{CHATS}/{id}/messages", {"content": "hello?"})):
        assert (reply.status, reply.json) == (404, UNKNOWN)


def test_deleting_an_account_takes_its_chats_from_both_sides(alice, bob, carol, drain, aws, setting):
    setting(deletion_pause=0)
    says(alice, bob)
    says(bob, alice)
    says(bob, carol)
    says(alice, alice)

    assert alice.post("/api/pleroma/delete_account", form={"password": "kenoma-local"}).json == {"status": "success"}
    drain()

    assert partners(chats(bob)) == ["carol"]
    assert (aws.count("chats"), aws.count("messages")) == (2, 2)


# Reading.


def test_reading_goes_up_to_a_message(alice, bob):
    sent = [says(bob, alice, f"{number}") for number in range(4)]
    chat, got = chat_of(alice, bob), ids(heard(alice, bob))[::-1]

    reply = alice.post(f"{CHATS}/{chat['id']}/read", json={"last_read_id": got[1]})

    assert reply.json == {**chat, "unread": 2}
    assert [row["unread"] for row in heard(alice, bob)] == [True, True, False, False]
    assert not set(got) & set(ids(sent))


def test_reading_to_the_last_reads_all_and_what_comes_is_unread(alice, bob):
    says(bob, alice)
    says(bob, alice)
    chat = chat_of(alice, bob)

    alice.post(f"{CHATS}/{chat['id']}/read", form={"last_read_id": chat["last_message"]["id"]})
    assert chat_of(alice, bob)["unread"] == 0
    assert chat_of(alice, bob)["last_message"]["unread"] is False

    says(bob, alice)
    assert chat_of(alice, bob)["unread"] == 1
    assert [row["unread"] for row in heard(alice, bob)] == [True, False, False]


def test_an_id_beyond_the_last_reads_nothing_that_comes_later(alice, bob):
    says(bob, alice)

    reply = alice.post(f"{CHATS}/{chat_id(alice, bob)}/read", json={"last_read_id": "z" * 18})
    says(bob, alice)

    assert reply.json["unread"] == 0
    assert chat_of(alice, bob)["unread"] == 1


@pytest.mark.parametrize("id", ["0", "no id!", "", 7])
def test_an_id_of_nothing_reads_nothing(alice, bob, id):
    says(bob, alice)

    reply = alice.post(f"{CHATS}/{chat_id(alice, bob)}/read", json={"last_read_id": id})

    assert (reply.status, reply.json["unread"]) == (200, 1)


def test_reading_less_than_before_changes_nothing(alice, bob):
    for _ in range(3):
        says(bob, alice)
    oldest, _, newest = ids(heard(alice, bob))[::-1]
    path = f"{CHATS}/{chat_id(alice, bob)}/read"

    unread = [alice.post(path, json={"last_read_id": id}).json["unread"] for id in (newest, oldest, newest)]

    assert unread == [0, 0, 0]


def test_up_to_where_must_be_said(alice, bob):
    reply = alice.post(f"{CHATS}/{chat_id(alice, bob)}/read")

    assert reply.status == 400
    assert reply.json["error"] == "Missing field: last_read_id."


def test_reading_is_everybodys_own(alice, bob):
    says(bob, alice)
    chat = chat_of(alice, bob)
    alice.post(f"{CHATS}/{chat['id']}/read", json={"last_read_id": chat["last_message"]["id"]})
    says(alice, bob)

    assert (chat_of(alice, bob)["unread"], chat_of(bob, alice)["unread"]) == (0, 1)


# Who may, and what it costs.


@pytest.mark.parametrize(("method", "path", "scope"), [
    ("GET", "", "read:chats"), ("GET", "/{id}", "read:chats"), ("GET", "/{id}/messages", "read:chats"),
    ("POST", "/by-account-id/{id}", "write:chats"), ("POST", "/{id}/messages", "write:chats"),
    ("POST", "/{id}/read?last_read_id=1", "write:chats"), ("POST", "/{id}/messages/1/read", "write:chats"),
    ("DELETE", "/{id}/messages/1", "write:chats"),
])
def test_each_needs_its_scope(cast, anonymous, method, path, scope):
    other = "write:chats read:statuses" if scope == "read:chats" else "read:chats write:statuses"
    dora = cast.person("dora", scopes=other)

    reply = dora.request(method, CHATS + path.replace("{id}", dora.id))

    assert (reply.status, reply.json) == (403, {"error": f"Insufficient permissions: {scope}."})
    assert anonymous.request(method, CHATS + path.replace("{id}", dora.id)).json == {"error": "Invalid credentials."}


def test_clients_are_told_that_there_are_chats(anonymous):
    metadata = anonymous.get("/nodeinfo/2.0.json").json["metadata"]

    assert "pleroma_chat_messages" in metadata["features"]


def test_twenty_chats_cost_what_two_cost(alice, cast):
    people = cast.people(20)
    for person in people[:2]:
        says(person, alice)
    two = alice.get(CHATS)
    for person in people[2:]:
        says(person, alice)

    twenty = alice.get(CHATS)

    assert (len(two.json), len(twenty.json)) == (2, 20)
    assert (two.calls, two.rounds) == (twenty.calls, twenty.rounds) == (3, 3)


def test_what_one_chat_costs(alice, bob):
    made = alice.post(f"{CHATS}/by-account-id/{bob.id}")
    id = made.json["id"]
    says(bob, alice)
    last = heard(alice, bob)[0]["id"]

    costs = [(reply.calls, reply.rounds) for reply in (
        made,
        alice.post(f"{CHATS}/by-account-id/{bob.id}"),
        alice.get(f"{CHATS}/{id}"),
        alice.get(f"{CHATS}/{id}/messages"),
        alice.post(f"{CHATS}/{id}/read", {"last_read_id": last}),
        alice.post(f"{CHATS}/{id}/read", {"last_read_id": last}),
    )]

    assert costs == [(3, 3), (2, 2), (2, 2), (2, 2), (3, 3), (2, 2)]


# The second version: page by page, and pins.

V2 = "/api/v2/pleroma/chats"


def test_newer_clients_read_chats_page_by_page(alice, bob, carol, cast):
    dora = cast.person("dora")
    for person in (bob, carol, dora):
        says(person, alice)

    page = alice.get(V2, {"limit": 2})

    assert partners(page.json) == ["dora", "carol"]
    assert partners(alice.get(V2, page.links()["next"]).json) == ["bob"]
    assert alice.get(V2).json == alice.get(CHATS).json
    assert alice.get(V2, {"limit": 1}).calls == page.calls


def test_a_page_of_chats_goes_on_behind_those_that_are_hidden(alice, bob, carol, cast):
    for person in (cast.person("dora"), bob, carol):
        says(person, alice)
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    alice.post(f"/api/v1/accounts/{bob.id}/block")

    assert partners(alice.get(V2, {"limit": 1}).json) == ["dora"]
    assert partners(alice.get(V2, {"limit": 1, "with_muted": True}).json) == ["carol"]


def test_a_pinned_chat_is_marked_for_who_pinned_it(alice, bob, carol):
    says(carol, alice)
    id = chat_id(alice, bob)

    for _ in range(2):
        assert alice.post(f"{CHATS}/{id}/pin").json["pinned"] is True

    assert partners(alice.get(V2, {"pinned": True}).json) == partners(chats(alice, pinned=True)) == ["bob"]
    assert partners(chats(alice, pinned=False)) == ["carol"]
    assert chat_of(bob, alice)["pinned"] is False
    assert alice.post(f"{CHATS}/{id}/unpin").json["pinned"] is False
    assert bob.post(f"{CHATS}/{id}/pin").json == UNKNOWN
