"""Chat messages: what may be said, that both sides have it, and on which side it is deleted."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain import retrying
from chalicelib.ids import milliseconds
from chalicelib.store import chats as store
from chalicelib.store.accounts.accounts import VIEWER_SET, ViewerSet
from chalicelib.store.dynamo.connection import shared as connection
from chalicelib.store.dynamo.table import update
from chalicelib.store.emoji.rows import add_file
from chalicelib.store.media import uploads
from chalicelib.store.media.uploads import NewFile
from chalicelib.store.notifications.notifications import Notification
from tests.endpoints.chats.talking import CHATS, chat_id, chat_of, chats, heard, ids, recounted, saying, says
from tests.faults import before_call


def upload(person, description=None):
    (kept,) = uploads.keep(person.id, [NewFile("ab12.png", "image/png", b"png", description)])
    return kept


def told(person):
    return list(Notification.query(person.id, consistent_read=True))


# What is shown.


def test_a_message_is_there_on_both_sides(alice, bob):
    mine = says(alice, bob, "hello")

    theirs = heard(bob, alice)[0]

    assert mine == {
        "id": mine["id"], "content": "hello", "chat_id": chat_id(alice, bob), "account_id": alice.id,
        "created_at": mine["created_at"], "emojis": [], "attachment": None, "unread": False, "card": None,
    }
    assert theirs == {**mine, "id": theirs["id"], "chat_id": chat_id(bob, alice), "unread": True}
    assert theirs["id"] != mine["id"]
    assert heard(alice, bob) == [mine]


def test_it_makes_the_partners_chat(alice, bob):
    says(alice, bob, "hello")

    (chat,) = chats(bob)

    assert (chat["account"]["acct"], chat["unread"]) == ("alice", 1)
    assert chat["last_message"] == heard(bob, alice)[0]
    assert chat["id"] == chat_id(bob, alice)


def test_unread_grows_for_the_partner_only(alice, bob):
    for _ in range(3):
        says(alice, bob)

    assert (chat_of(alice, bob)["unread"], chat_of(bob, alice)["unread"]) == (0, 3)


def test_messages_are_no_statuses(alice, bob):
    says(alice, bob, "psst")

    for path in ("/api/v1/timelines/home", "/api/v1/timelines/direct", "/api/v1/timelines/public",
                 "/api/v1/conversations", f"/api/v1/accounts/{alice.id}/statuses"):
        assert bob.get(path).json == alice.get(path).json == []


def test_what_one_tells_oneself_stands_once_and_is_read(alice, aws):
    message = says(alice, alice, "note to self")

    (chat,) = chats(alice)

    assert heard(alice, alice) == [message]
    assert (chat["unread"], chat["last_message"]) == (0, message)
    assert (aws.count("messages"), told(alice)) == (1, [])


@pytest.mark.parametrize(("typed", "html"), [
    ("<b>bold</b> & co", "&lt;b&gt;bold&lt;/b&gt; &amp; co"),
    ("one\ntwo\r\nthree", "one<br/>two<br/>three"),
    ("  around  ", "around"),
    ("**not** [markdown](x)", "**not** [markdown](x)"),
])
def test_content_is_plain_text(alice, bob, typed, html):
    assert says(alice, bob, typed)["content"] == html


def test_addresses_and_mentions_become_links_and_tell_nobody(alice, bob, carol):
    content = says(alice, bob, "see https://example.com/a @carol")["content"]

    assert '<a href="https://example.com/a"' in content
    assert f'href="http://kenoma.test/users/{carol.nickname}"' in content
    assert told(carol) == []


def test_custom_emoji_are_listed(alice, bob):
    add_file("cats", "blobcat", "cat.png", "image/png", 10)

    message = says(alice, bob, "hi :blobcat: :nothing:")

    url = "http://kenoma.test/emoji/cats/cat.png"
    assert message["emojis"] == [
        {"shortcode": "blobcat", "url": url, "static_url": url, "visible_in_picker": False}]
    assert heard(bob, alice)[0]["emojis"] == message["emojis"]


def test_an_attachment_needs_no_words(alice, bob):
    sent = upload(alice, "a cat")

    message = says(alice, bob, None, media_id=sent.id)

    assert message["content"] is None
    assert message["attachment"] == {
        "id": sent.id, "type": "image", "description": "a cat", "blurhash": None, "meta": None,
        "preview_remote_url": None,
        "pleroma": {"mime_type": "image/png"},
        **dict.fromkeys(("url", "remote_url", "preview_url", "text_url"), "http://kenoma.test/media/ab12.png"),
    }
    assert heard(bob, alice)[0]["attachment"] == message["attachment"]


def test_what_others_uploaded_cannot_be_attached(alice, bob):
    foreign = upload(bob).id

    assert saying(alice, bob, None, media_id=foreign).json == {"error": "no_content"}
    assert saying(alice, bob, "", media_id="unknown").json == {"error": "no_content"}
    assert says(alice, bob, "words", media_id=foreign)["attachment"] is None


# What is refused.


@pytest.mark.parametrize("params", [{}, {"content": ""}, {"content": " \n "}, {"content": None}, {"media_id": ""}])
def test_something_must_be_said(alice, bob, params):
    reply = alice.post(f"{CHATS}/{chat_id(alice, bob)}/messages", json=params)

    assert (reply.status, reply.json) == (400, {"error": "no_content"})
    assert chats(bob) == []


def test_a_message_has_a_longest_length_in_characters(alice, bob, setting):
    setting(chat_limit=5)

    assert says(alice, bob, "жжжж👩‍👩‍👧")
    reply = saying(alice, bob, "123456")
    assert (reply.status, reply.json) == (400, {"error": "content_too_long"})
    assert len(heard(bob, alice)) == 1


def test_the_length_is_five_thousand_and_does_not_count_with_an_attachment(alice, bob):
    assert says(alice, bob, "x" * 5000)
    assert says(alice, bob, "👩‍👩‍👧" * 5000)
    assert saying(alice, bob, "x" * 5001).json == {"error": "content_too_long"}
    assert says(alice, bob, "x" * 5001, media_id=upload(alice).id)


@pytest.mark.parametrize("content", ["x" * 100_001, "\"" * 60_000, "\\" * 80_000])
def test_even_beside_an_attachment_there_is_a_bound_to_what_a_row_holds(alice, bob, content):
    reply = saying(alice, bob, content, media_id=upload(alice).id)

    assert (reply.status, reply.json) == (400, {"error": "content_too_long"})


def test_whoever_blocks_one_gets_nothing(alice, bob):
    says(alice, bob, "before")
    bob.post(f"/api/v1/accounts/{alice.id}/block")

    reply = saying(alice, bob)

    assert (reply.status, reply.json) == (400, {"error": "actor is blocked by recipient"})
    assert len(heard(alice, bob)) == len(heard(bob, alice)) == len(told(bob)) == 1


def test_whoever_blocks_the_domain_and_does_not_follow_gets_nothing(alice, bob):
    bob.post("/api/v1/domain_blocks", {"domain": "kenoma.test"})

    assert saying(alice, bob).json == {"error": "actor is blocked by recipient"}

    bob.follows(alice)

    assert saying(alice, bob).status == 200


def test_one_may_write_to_whom_one_blocks(alice, bob):
    alice.post(f"/api/v1/accounts/{bob.id}/block")

    assert saying(alice, bob).status == 200


def test_who_accepts_no_messages_gets_none(alice, bob):
    bob.patch("/api/v1/accounts/update_credentials", json={"accepts_chat_messages": False})

    reply = saying(alice, bob)

    assert (reply.status, reply.json) == (400, {"error": "recipient does not accept chat messages"})
    assert chats(bob) == told(bob) == []
    assert saying(bob, bob).status == saying(bob, alice).status == 200


# Who is told.


def test_the_partner_is_told(alice, bob):
    says(alice, bob, "psst")

    (row,) = told(bob)
    message = heard(bob, alice)[0]

    assert (row.type, row.by, row.cause, row.status) == ("c", alice.id, message["id"], None)
    assert row.unread is not None
    assert told(alice) == []


def test_the_message_of_a_notification_is_found(alice, bob):
    says(alice, bob, "one")
    says(alice, bob, "two")
    two, one = heard(bob, alice)
    bob.post(f"{CHATS}/{two['chat_id']}/read", {"last_read_id": one["id"]})

    found = store.find_messages(bob.id, [(row.by, row.cause) for row in told(bob)] + [(alice.id, "unknown")])

    assert {id: message.unread for id, message in found.items()} == {one["id"]: False, two["id"]: True}
    assert store.find_messages(bob.id, []) == {}


def test_somebody_muted_is_heard_and_not_told(alice, bob):
    bob.post(f"/api/v1/accounts/{alice.id}/mute")

    says(alice, bob)

    (row,) = told(bob)
    assert (row.quiet, row.unread) == ("m", None)
    assert chat_of(bob, alice)["unread"] == 1


def test_strangers_and_unwanted_phrases_are_not_told_of(alice, bob, carol):
    bob.put("/api/pleroma/notification_settings", {"block_from_strangers": True})
    update(ViewerSet.stub(carol.id, VIEWER_SET), [ViewerSet.irreversible.set(["spoiler"])])

    says(alice, bob)
    says(alice, carol, "a Spoiler!")
    says(alice, carol, "spoilers are fine")

    assert told(bob) == []
    assert len(told(carol)) == 1
    assert (chat_of(bob, alice)["unread"], chat_of(carol, alice)["unread"]) == (1, 2)


# Idempotency-Key.


def test_a_repeated_key_says_it_once(alice, bob):
    first, again = (saying(alice, bob, headers={"Idempotency-Key": "once"}) for _ in range(2))

    assert first.json == again.json
    assert again.headers["idempotent-replayed"] == "true"
    assert len(heard(bob, alice)) == 1


def test_the_author_sees_the_key_for_two_minutes(alice, bob, monkeypatch):
    message = says(alice, bob, headers={"Idempotency-Key": "my key"})

    assert message["idempotency_key"] == heard(alice, bob)[0]["idempotency_key"] == "my key"
    assert "idempotency_key" not in heard(bob, alice)[0]
    assert "idempotency_key" not in says(alice, bob)

    later = milliseconds(message["id"]) / 1000 + 121
    monkeypatch.setattr(time, "time", lambda: later)
    assert "idempotency_key" not in heard(alice, bob)[1]


# Pages.


def test_messages_are_listed_newest_first_in_pages(alice, bob):
    said = [says(alice, bob, f"{number}")["id"] for number in range(6)][::-1]
    path = f"{CHATS}/{chat_id(alice, bob)}/messages"

    def page(**params):
        return ids(alice.get(path, params).json)

    assert page() == said
    assert page(limit=2) == said[:2]
    assert page(max_id=said[1], limit=2) == said[2:4]
    assert page(since_id=said[4], limit=2) == said[:2]
    assert page(min_id=said[4], limit=2) == said[2:4]
    assert page(min_id=said[5], max_id=said[2]) == said[3:5]
    assert page(since_id=said[2], max_id=said[1]) == page(limit=0) == page(max_id="no id") == []


def test_the_link_leads_on(alice, bob):
    said = [says(alice, bob)["id"] for _ in range(3)][::-1]
    path = f"{CHATS}/{chat_id(alice, bob)}/messages"

    reply = alice.get(path, {"limit": 2})

    assert reply.links() == {"next": {"limit": "2", "max_id": said[1]}, "prev": {"limit": "2", "min_id": said[0]}}
    assert "link" not in alice.get(path, {"max_id": said[-1]}).headers


def test_a_page_has_twenty_and_at_most_forty(alice, bob):
    for _ in range(42):
        says(alice, bob)

    assert (len(heard(alice, bob)), len(heard(alice, bob, limit=100))) == (20, 40)


# One message read.


def test_a_single_message_is_read_alone(alice, bob):
    for _ in range(3):
        says(bob, alice)
    middle = heard(alice, bob)[1]
    path = f"{CHATS}/{middle['chat_id']}/messages/{middle['id']}/read"

    first, again = alice.post(path), alice.post(path)

    assert first.json == again.json == {**middle, "unread": False}
    assert [row["unread"] for row in heard(alice, bob)] == [True, False, True]
    assert chat_of(alice, bob)["unread"] == 2


def test_then_reading_up_to_it_counts_the_rest(alice, bob):
    for _ in range(4):
        says(bob, alice)
    rows = heard(alice, bob)
    chat = rows[0]["chat_id"]
    alice.post(f"{CHATS}/{chat}/messages/{rows[0]['id']}/read")

    reply = alice.post(f"{CHATS}/{chat}/read", {"last_read_id": rows[2]["id"]})

    assert reply.json["unread"] == 1
    assert [row["unread"] for row in heard(alice, bob)] == [False, True, False, False]


def test_messages_of_other_chats_cannot_be_read(alice, bob, carol):
    elsewhere, twin = says(alice, carol)["id"], says(alice, bob)["id"]
    says(bob, alice)

    for id in (elsewhere, twin.swapcase(), heard(bob, alice)[0]["id"], "unknown", "BCgUnknownMessage0"):
        reply = alice.post(f"{CHATS}/{chat_id(alice, bob)}/messages/{id}/read")
        assert (reply.status, reply.json) == (404, {"error": "Record not found"})


# Deleting.


def test_ones_own_message_goes_on_both_sides(alice, bob):
    kept = says(alice, bob, "kept")
    gone = says(alice, bob, "gone")

    reply = alice.delete(f"{CHATS}/{gone['chat_id']}/messages/{gone['id']}")

    assert (reply.status, reply.json) == (200, gone)
    assert heard(alice, bob) == [kept]
    assert [row["content"] for row in heard(bob, alice)] == ["kept"]
    assert (chat_of(alice, bob)["last_message"], chat_of(bob, alice)["unread"]) == (kept, 1)
    assert chat_of(bob, alice)["last_message"]["content"] == "kept"
    assert len(told(bob)) == 1


def test_the_partners_message_goes_on_ones_own_side(alice, bob):
    sent = says(bob, alice, "gone for alice")
    got = heard(alice, bob)[0]

    reply = alice.delete(f"{CHATS}/{got['chat_id']}/messages/{got['id']}")

    assert reply.json == got
    assert (heard(alice, bob), heard(bob, alice)) == ([], [sent])
    assert (chat_of(alice, bob)["unread"], chat_of(alice, bob)["last_message"]) == (0, None)
    assert chat_of(bob, alice)["last_message"] == sent
    assert told(alice) == []


def test_what_the_partner_deleted_already_can_still_be_deleted(alice, bob):
    sent = says(alice, bob)
    got = heard(bob, alice)[0]
    bob.delete(f"{CHATS}/{got['chat_id']}/messages/{got['id']}")
    says(alice, bob, "later")

    assert alice.delete(f"{CHATS}/{sent['chat_id']}/messages/{sent['id']}").status == 200
    assert len(heard(alice, bob)) == len(heard(bob, alice)) == chat_of(bob, alice)["unread"] == 1


def test_read_messages_leave_the_count_alone(alice, bob):
    says(alice, bob)
    chat = chat_of(bob, alice)
    bob.post(f"{CHATS}/{chat['id']}/read", {"last_read_id": chat["last_message"]["id"]})
    says(alice, bob)

    first = heard(alice, bob)[-1]
    alice.delete(f"{CHATS}/{first['chat_id']}/messages/{first['id']}")

    assert chat_of(bob, alice)["unread"] == 1


def test_a_message_to_oneself_can_be_deleted(alice, aws):
    message = says(alice, alice)

    assert alice.delete(f"{CHATS}/{message['chat_id']}/messages/{message['id']}").json == message
    assert (heard(alice, alice), aws.count("messages")) == ([], 0)


def test_what_is_not_there_could_not_be_deleted(alice, bob, carol):
    sent, elsewhere = says(bob, carol), says(alice, carol)
    own = chat_id(alice, bob)

    for chat, id in ((sent["chat_id"], sent["id"]), (own, elsewhere["id"]), (own, "unknown"), ("unknown", sent["id"]),
                     ("BCgUnknownChat0000", "BCgUnknownMessage0")):
        reply = alice.delete(f"{CHATS}/{chat}/messages/{id}")
        assert (reply.status, reply.json) == (400, {"error": "could_not_delete"})
    assert len(heard(bob, carol)) == len(heard(alice, carol)) == 1


def test_deleting_twice_could_not_be_done(alice, bob):
    message = says(alice, bob)
    path = f"{CHATS}/{message['chat_id']}/messages/{message['id']}"

    assert [alice.delete(path).status for _ in range(2)] == [200, 400]


def test_a_chat_stays_where_it_was_when_a_message_goes(alice, bob, carol):
    gone = says(alice, bob)
    says(alice, carol)

    alice.delete(f"{CHATS}/{gone['chat_id']}/messages/{gone['id']}")

    assert [row["account"]["acct"] for row in chats(alice)] == ["carol", "bob"]


# At the same moment.


def test_twenty_first_messages_at_once_make_one_chat(alice, bob):
    def first(number):
        return saying(*((alice, bob) if number % 2 else (bob, alice)), f"{number}").status

    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(first, range(20)))

    assert replies == [200] * 20
    for person, other in ((alice, bob), (bob, alice)):
        (chat,) = chats(person)
        assert chat["unread"] == 10
        assert len(heard(person, other)) == 20
        assert chat["last_message"]["id"] == heard(person, other)[0]["id"]
        assert (chat["unread"], chat["last_message"]["id"]) == recounted(person, other)
    assert [row["content"] for row in heard(alice, bob)] == [row["content"] for row in heard(bob, alice)]


def test_a_message_that_comes_late_takes_its_place_at_the_end(alice, bob):
    chat_of(bob, alice)
    with before_call("TransactWriteItems", 1, lambda: says(bob, alice, "first")):
        says(alice, bob, "second")

    assert [row["content"] for row in heard(alice, bob)] == ["second", "first"]
    assert [row["content"] for row in heard(bob, alice)] == ["second", "first"]
    assert len(told(bob)) == len(told(alice)) == 1


def test_what_comes_while_one_reads_stays_unread(alice, bob):
    says(bob, alice)
    chat = chat_of(alice, bob)

    with before_call("UpdateItem", 1, lambda: says(bob, alice), about="chats"):
        reply = alice.post(f"{CHATS}/{chat['id']}/read", {"last_read_id": chat["last_message"]["id"]})

    assert reply.json["unread"] == chat_of(alice, bob)["unread"] == 1
    assert recounted(alice, bob)[0] == 1


def test_what_is_read_while_it_is_deleted_is_counted_once(alice, bob):
    message = says(bob, alice)
    got = heard(alice, bob)[0]
    path = f"{CHATS}/{got['chat_id']}/messages/{got['id']}/read"

    with before_call("TransactWriteItems", 1, lambda: alice.post(path)):
        assert bob.delete(f"{CHATS}/{message['chat_id']}/messages/{message['id']}").status == 200

    assert (chat_of(alice, bob)["unread"], heard(alice, bob)) == (0, [])


def test_whoever_deletes_second_finds_nothing(alice, bob):
    message = says(alice, bob)
    path = f"{CHATS}/{message['chat_id']}/messages/{message['id']}"

    with before_call("TransactWriteItems", 1, lambda: alice.delete(path)):
        reply = alice.delete(path)

    assert reply.json == {"error": "could_not_delete"}
    assert chat_of(bob, alice)["unread"] == 0


def test_counts_and_last_messages_are_right_after_many_operations(alice, bob):
    dice = random.Random(5)
    sides = [(alice, bob), (bob, alice)]
    for _ in range(150):
        person, other = dice.choice(sides)
        rows = heard(person, other, limit=40)
        row = dice.choice(rows) if rows else None
        act = dice.choice(("say", "say", "say", "read", "read one", "delete"))
        if act == "say" or row is None:
            says(person, other)
        elif act == "read":
            person.post(f"{CHATS}/{row['chat_id']}/read", {"last_read_id": row["id"]})
        elif act == "read one":
            person.post(f"{CHATS}/{row['chat_id']}/messages/{row['id']}/read")
        else:
            person.delete(f"{CHATS}/{row['chat_id']}/messages/{row['id']}")

        for someone, partner in sides:
            chat = chat_of(someone, partner)
            last = chat["last_message"]
            assert (chat["unread"], last["id"] if last else None) == recounted(someone, partner)


# What it costs.


def test_what_a_message_costs(alice, bob):
    id = chat_id(alice, bob)
    said = alice.post(f"{CHATS}/{id}/messages", {"content": "hello"})
    says(bob, alice)
    got = heard(alice, bob)[0]["id"]

    costs = [(reply.calls, reply.rounds) for reply in (
        said,
        alice.post(f"{CHATS}/{id}/messages", {"content": "hello @bob"}),
        alice.post(f"{CHATS}/{id}/messages/{got}/read"),
        alice.delete(f"{CHATS}/{id}/messages/{got}"),
        alice.delete(f"{CHATS}/{id}/messages/{said.json['id']}"),
    )]

    assert costs == [(3, 3), (5, 4), (2, 2), (3, 3), (5, 3)]


def test_a_message_is_one_transaction_of_five_writes(alice, bob):
    id, seen = chat_id(alice, bob), []
    events = connection().client.meta.events

    def watch(params, **_):
        seen.append(str(params["body"]))

    events.register("before-call.dynamodb.TransactWriteItems", watch)
    try:
        alice.post(f"{CHATS}/{id}/messages", {"content": "hello"})
    finally:
        events.unregister("before-call.dynamodb.TransactWriteItems", watch)

    assert [body.count('"Update"') + body.count('"Put"') for body in seen] == [5]


def test_messages_that_keep_being_overtaken_give_up(alice, bob, monkeypatch):
    monkeypatch.setattr(retrying, "TRIES", 2)
    chat_of(bob, alice)
    with (before_call("TransactWriteItems", 1, lambda: says(bob, alice)),
          before_call("TransactWriteItems", 3, lambda: says(bob, alice))):
        reply = saying(alice, bob, "never")

    assert reply.status == 503
    assert [row["content"] for row in heard(alice, bob)] == ["hello", "hello"]
