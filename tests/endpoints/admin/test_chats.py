"""Administration of chats: reading those of others, and deleting what was said."""

import time

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.chats import Chat
from chalicelib.store.dynamo.table import update
from tests.at_once import at_once
from tests.endpoints.chats.talking import chat_id, chat_of, chats, heard, ids, recounted, saying, says

ADMIN = "/api/pleroma/admin"
MODERATION_LOG = f"{ADMIN}/moderation_log"
NOT_FOUND = (404, {"error": "Not found"})
NO_CHAT = (404, {"error": "not found"})
COULD_NOT = (400, {"error": "could_not_delete"})


def outcome(reply):
    return reply.status, reply.json


def messages(admin, id, **params):
    reply = admin.get(f"{ADMIN}/chats/{id}/messages", params)
    assert reply.status == 200, reply.body
    assert "link" not in reply.headers
    return reply.json


def deletes(admin, chat, message):
    return admin.delete(f"{ADMIN}/chats/{chat}/messages/{message}")


def logged(admin):
    return [entry["message"] for entry in admin.get(MODERATION_LOG).json["items"]]


def as_read(message):
    """A message without the key that it was sent with."""
    return {name: value for name, value in message.items() if name != "idempotency_key"}


# The chats of an account.


def test_an_accounts_chats_are_listed_latest_first(admin, alice, bob, carol):
    says(bob, alice, "from bob")
    says(alice, carol, "to carol")

    reply = admin.get(f"{ADMIN}/users/alice/chats")

    assert reply.status == 200
    assert [chat["receiver"]["acct"] for chat in reply.json] == ["carol", "bob"]
    assert {chat["sender"]["acct"] for chat in reply.json} == {"alice"}
    assert [chat["unread"] for chat in reply.json] == [0, 1]
    assert [chat["last_message"]["content"] for chat in reply.json] == ["to carol", "from bob"]


def test_a_chat_has_exactly_these_keys(admin, alice, bob):
    says(bob, alice, "hello")
    (own,) = chats(alice)

    (shown,) = admin.get(f"{ADMIN}/users/alice/chats").json

    assert shown.keys() == {"id", "unread", "last_message", "updated_at", "sender", "receiver"}
    same = ("id", "unread", "last_message", "updated_at")
    assert {name: shown[name] for name in same} == {name: own[name] for name in same}
    public = admin.get(f"/api/v1/accounts/{bob.id}").json
    assert shown["receiver"].keys() == public.keys()
    assert "email" not in shown["sender"]


@pytest.mark.parametrize("spelling", ["alice", "ALICE", "alice@kenoma.test", "id"])
def test_the_account_may_be_named_in_several_ways(admin, alice, bob, spelling):
    says(alice, bob)

    assert len(admin.get(f"{ADMIN}/users/{alice.id if spelling == 'id' else spelling}/chats").json) == 1


def test_who_has_no_chats_has_an_empty_list_and_who_is_unknown_is_not_found(admin, alice):
    assert outcome(admin.get(f"{ADMIN}/users/alice/chats")) == (200, [])
    assert outcome(admin.get(f"{ADMIN}/users/nobody/chats")) == NOT_FOUND


def test_what_the_account_hides_and_who_is_deactivated_is_listed_too(admin, alice, bob, carol):
    says(bob, alice)
    says(carol, alice)
    alice.post(f"/api/v1/accounts/{bob.id}/block")
    alice.post(f"/api/v1/accounts/{carol.id}/mute")
    update(Account.stub(carol.id, "P"), [Account.deactivated.set(True)])

    assert {chat["receiver"]["acct"] for chat in admin.get(f"{ADMIN}/users/alice/chats").json} == {"bob", "carol"}


def test_a_chat_in_which_nothing_was_said_has_no_last_message(admin, alice, bob):
    chat_of(alice, bob)

    (chat,) = admin.get(f"{ADMIN}/users/alice/chats").json

    assert (chat["last_message"], chat["unread"]) == (None, 0)


def test_many_chats_take_the_calls_of_one(admin, alice, cast):
    people = cast.people(12)
    says(people[0], alice)
    one = admin.get(f"{ADMIN}/users/alice/chats").calls
    for person in people[1:]:
        says(person, alice)

    assert admin.get(f"{ADMIN}/users/alice/chats").calls == one == 5


# One chat.


def test_each_side_of_a_chat_is_a_chat(admin, alice, bob):
    says(alice, bob)
    mine, theirs = (admin.get(f"{ADMIN}/chats/{id}").json for id in (chat_id(alice, bob), chat_id(bob, alice)))

    assert [(chat["sender"]["acct"], chat["receiver"]["acct"]) for chat in (mine, theirs)] == [
        ("alice", "bob"), ("bob", "alice")]
    assert (mine["unread"], theirs["unread"]) == (0, 1)
    assert mine["last_message"]["id"] != theirs["last_message"]["id"]


@pytest.mark.parametrize("id", ["0", "unread_count", "x" * 300, "ä", "123456789012345678"])
def test_an_unknown_chat_is_not_found(admin, alice, bob, id):
    says(alice, bob)

    assert outcome(admin.get(f"{ADMIN}/chats/{id}")) == NOT_FOUND
    assert outcome(admin.get(f"{ADMIN}/chats/{id}/messages")) == NO_CHAT


def test_a_chat_with_a_deleted_account_is_not_found(admin, alice, bob):
    id = chat_id(alice, bob)
    update(Account.stub(bob.id, "P"), [Account.deleted.set(True)])

    assert outcome(admin.get(f"{ADMIN}/chats/{id}")) == NOT_FOUND


def test_reading_marks_nothing_as_read(admin, alice, bob):
    for text in ("one", "two"):
        says(bob, alice, text)
    before = Chat.get(alice.id, chat_id(alice, bob), consistent_read=True).attribute_values

    admin.get(f"{ADMIN}/chats/{chat_id(alice, bob)}")
    admin.get(f"{ADMIN}/users/alice/chats")
    read = messages(admin, chat_id(alice, bob))

    assert [message["unread"] for message in read] == [True, True]
    assert Chat.get(alice.id, chat_id(alice, bob), consistent_read=True).attribute_values == before
    assert chat_of(alice, bob)["unread"] == 2


# The messages.


def test_the_messages_are_those_of_that_side_newest_first(admin, alice, bob):
    for number in range(3):
        says(alice, bob, f"message {number}")

    assert [as_read(each) for each in messages(admin, chat_id(bob, alice))] == heard(bob, alice)
    assert [as_read(each) for each in messages(admin, chat_id(alice, bob))] == heard(alice, bob)
    assert [each["content"] for each in heard(bob, alice)] == ["message 2", "message 1", "message 0"]


def test_the_key_that_a_message_was_sent_with_is_shown_for_a_while(admin, alice, bob, monkeypatch):
    saying(alice, bob, headers={"Idempotency-Key": "a key"})

    (mine,), (theirs,) = messages(admin, chat_id(alice, bob)), messages(admin, chat_id(bob, alice))
    assert mine["idempotency_key"] == "a key"
    assert "idempotency_key" not in theirs
    later = time.time() + 121
    monkeypatch.setattr(time, "time", lambda: later)
    assert "idempotency_key" not in messages(admin, chat_id(alice, bob))[0]


def test_pages_of_messages(admin, alice, bob):
    for number in range(6):
        says(alice, bob, str(number))
    id = chat_id(alice, bob)
    newest_first = ids(messages(admin, id))

    def page(**params):
        return [newest_first.index(each) for each in ids(messages(admin, id, **params))]

    assert page(limit=2) == [0, 1]
    assert page(max_id=newest_first[1], limit=2) == [2, 3]
    assert page(since_id=newest_first[3]) == [0, 1, 2]
    assert page(min_id=newest_first[4], limit=2) == [2, 3]
    assert page(limit=2, offset=1) == [1, 2]
    assert page(offset=6) == page(offset=5_000) == page(limit=0) == []
    assert page(max_id=newest_first[0], min_id=newest_first[3]) == [1, 2]
    assert page(min_id=newest_first[5], limit=2, offset=1) == [2, 3]


def test_a_page_has_twenty_messages_and_at_most_forty(admin, alice, bob):
    for number in range(45):
        says(alice, bob, str(number))
    id = chat_id(alice, bob)

    assert [len(messages(admin, id, **params)) for params in ({}, {"limit": 40}, {"limit": 80})] == [20, 40, 40]
    few, many = (admin.get(f"{ADMIN}/chats/{id}/messages", {"limit": limit}).calls for limit in (2, 40))
    assert few == many == 4


@pytest.mark.parametrize("wrong", [{"limit": "many"}, {"offset": "far"}])
def test_what_is_no_number_is_refused(admin, alice, bob, wrong):
    reply = admin.get(f"{ADMIN}/chats/{chat_id(alice, bob)}/messages", wrong)

    assert (reply.status, reply.json["error"]) == (400, f"{next(iter(wrong))} - Invalid integer. Got: string.")


# Deleting.


@pytest.mark.parametrize("side", ["the author's", "the partner's"])
def test_a_message_disappears_from_both_sides(admin, alice, bob, side):
    first = says(alice, bob, "first")
    says(alice, bob, "second")
    owner, partner = (alice, bob) if side == "the author's" else (bob, alice)
    chat, message = chat_id(owner, partner), messages(admin, chat_id(owner, partner))[0]

    reply = deletes(admin, chat, message["id"])

    assert outcome(reply) == (200, message)
    assert [[each["content"] for each in heard(*pair)] for pair in ((alice, bob), (bob, alice))] == [["first"]] * 2
    assert chat_of(alice, bob)["last_message"]["id"] == first["id"]
    assert recounted(bob, alice)[0] == chat_of(bob, alice)["unread"] == 1
    assert logged(admin) == [f"@admin deleted chat message #{message['id']}"]


def test_its_notification_goes_with_it(admin, alice, bob):
    says(alice, bob)
    wanted = {"include_types": ["pleroma:chat_mention"]}
    assert len(bob.get("/api/v1/notifications", wanted).json) == 1

    deletes(admin, chat_id(alice, bob), heard(alice, bob)[0]["id"])

    assert bob.get("/api/v1/notifications", wanted).json == []


def test_where_one_side_has_deleted_it_the_other_loses_it(admin, alice, bob):
    says(alice, bob)
    theirs = heard(bob, alice)[0]["id"]
    bob.delete(f"/api/v1/pleroma/chats/{chat_id(bob, alice)}/messages/{theirs}")

    assert deletes(admin, chat_id(alice, bob), heard(alice, bob)[0]["id"]).status == 200

    assert heard(alice, bob) == []


def test_a_note_to_oneself_can_be_deleted(admin, alice):
    says(alice, alice)

    assert deletes(admin, chat_id(alice, alice), heard(alice, alice)[0]["id"]).status == 200
    assert heard(alice, alice) == []


def test_what_is_not_there_cannot_be_deleted(admin, alice, bob, carol):
    mine = says(alice, bob)["id"]
    theirs = heard(bob, alice)[0]["id"]
    chat = chat_id(alice, bob)

    for other_chat, message in [(chat, "0"), (chat, "words"), (chat, "x" * 300), (chat, theirs), (chat, new_flake()),
                                (chat_id(bob, alice), mine), ("0", mine), (new_flake(), mine)]:
        assert outcome(deletes(admin, other_chat, message)) == COULD_NOT

    assert len(heard(alice, bob)) == len(heard(bob, alice)) == 1
    assert logged(admin) == []


def test_two_administrators_at_once_delete_it_once(admin, cast, alice, bob):
    second = cast.person("second", is_admin=True, scopes="admin")
    says(alice, bob)
    sides = [(admin, chat_id(alice, bob), heard(alice, bob)[0]["id"]),
             (second, chat_id(bob, alice), heard(bob, alice)[0]["id"])]

    replies = at_once(*[lambda side=side: deletes(*side) for side in sides])

    assert sorted(reply.status for reply in replies) == [200, 400]
    assert heard(alice, bob) == heard(bob, alice) == []
    assert len(logged(admin)) == 1
    assert (recounted(bob, alice)[0], chat_of(bob, alice)["unread"]) == (0, 0)


def test_the_admin_token_deletes_in_nobodys_name(anonymous, admin, alice, bob, setting):
    setting(admin_token="the token of the machine")
    id = says(alice, bob)["id"]

    reply = anonymous.delete(f"{ADMIN}/chats/{chat_id(alice, bob)}/messages/{id}",
                             headers={"X-Admin-Token": "the token of the machine"})

    assert reply.status == 200
    assert logged(admin) == [f"@ deleted chat message #{id}"]
