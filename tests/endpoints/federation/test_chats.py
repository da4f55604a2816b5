"""Chats between servers: messages both ways, and their end."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.federation import resolving
from chalicelib.domain.federation.receiving import processing
from chalicelib.queues import messages
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.emoji.rows import add_file
from chalicelib.store.media import uploads
from chalicelib.store.media.uploads import NewFile
from tests.cast import Person
from tests.endpoints.federation.sending import HERE, After, Drain, sends, uri
from tests.peers.scripted import PUBLIC, Document, Peer
from tests.simulated_aws import LocalAws

PICTURE = {"type": "Document", "mediaType": "image/png", "name": "a cat", "url": "http://127.0.0.1:9/cat.png"}


@pytest.fixture
def fern(far: Peer) -> Document:
    return far.actor("fern", capabilities={"acceptsChatMessages": True})


def message(far: Peer, by: Document, whom: Person, content: str | None = "hi", **said: Any) -> Document:
    found = {"id": f"{far.url}/objects/{far._next()}", "type": "ChatMessage", "attributedTo": by["id"],
             "actor": by["id"], "to": [uri(whom)], "content": content, "published": "2026-01-01T00:00:00Z", "tag": [],
             **said}
    return {name: value for name, value in found.items() if value is not None}


def says(far: Peer, by: Document, whom: Person, content: str | None = "hi", **said: Any) -> Document:
    """Somebody there sends a message. Answers it."""
    found = message(far, by, whom, content, **said)
    sends(far, far.activity("Create", by, found, to=found.get("to", [uri(whom)])), by)
    return found


def chats(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get("/api/v1/pleroma/chats").json
    return found


def listed(person: Person) -> list[dict[str, Any]]:
    """The messages of the person's only chat, newest first."""
    (chat,) = chats(person)
    found: list[dict[str, Any]] = person.get(f"/api/v1/pleroma/chats/{chat['id']}/messages").json
    return found


def opened(person: Person, fern: Document) -> str:
    """The person's chat with fern."""
    account = resolving.account_of(fern["id"])
    found: str = person.post(f"/api/v1/pleroma/chats/by-account-id/{account.id}").json["id"]
    return found


def mentions(person: Person) -> list[str]:
    """Who is said to have written a message, the newest first."""
    shown = person.get("/api/v1/notifications", {"include_types[]": "pleroma:chat_mention"}).json
    return [each["account"]["acct"] for each in shown]


def heard(peer: Peer, drain: Drain) -> list[Document]:
    before = len(peer.received)
    drain()
    return [each.json for each in peer.received[before:]]


# What comes.


def test_a_message_comes_into_the_chat_of_whom_it_is_for(far: Peer, fern: Document, alice: Person,
                                                        drain: Drain) -> None:
    says(far, fern, alice, '<p>hi :blob:</p><script>alert(1)</script>', attachment=PICTURE,
         tag=[{"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": "http://127.0.0.1:9/b.png"}}])
    drain()
    says(far, fern, alice, "again")
    drain()

    (chat,) = chats(alice)
    newest, oldest = listed(alice)
    assert (chat["account"]["acct"], chat["unread"]) == (f"fern@{far.host}", 2)
    assert chat["last_message"]["content"] == newest["content"] == "again"
    assert (oldest["content"], oldest["unread"]) == ("<p>hi :blob:</p>", True)
    assert oldest["emojis"][0]["url"] == "http://127.0.0.1:9/b.png"
    assert (oldest["attachment"]["url"], oldest["attachment"]["description"]) == (PICTURE["url"], "a cat")
    assert mentions(alice) == [f"fern@{far.host}"] * 2
    read = alice.post(f"/api/v1/pleroma/chats/{chat['id']}/read", {"last_read_id": newest["id"]})
    assert read.json["unread"] == 0


SPELT: dict[str, dict[str, Any]] = {
    "to is one": {"to": f"{HERE}/users/alice"}, "cc": {"cc": [PUBLIC]}, "no attributedTo": {"attributedTo": None},
    "to of the activity": {"to": None}, "only an attachment": {"content": None, "attachment": [PICTURE, PICTURE]},
    "longest": {"content": "a" * 100_000}, "a link": {"content": '<a href="https://far.example/">there</a>'},
}


@pytest.mark.parametrize("spelling", SPELT)
def test_a_message_comes_in_many_spellings(far: Peer, fern: Document, alice: Person, drain: Drain,
                                           spelling: str) -> None:
    resolving.account_of(fern["id"])  # while the key is not known, 100 KB are the most
    says(far, fern, alice, **SPELT[spelling])
    drain()

    assert len(listed(alice)) == 1


REFUSED: dict[str, dict[str, Any]] = {
    "two recipients": {"to": [f"{HERE}/users/alice", f"{HERE}/users/bob"]}, "nobody": {"to": [PUBLIC]},
    "too long": {"content": "a" * 100_001}, "empty": {"content": " <p></p>"},
    "by somebody else": {"attributedTo": "https://other.example/users/rose"},
    "of another host": {"id": "https://other.example/objects/1"}, "no id": {"id": None},
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_no_message_is_left_out(far: Peer, fern: Document, alice: Person, bob: Person, drain: Drain,
                                        why: str) -> None:
    resolving.account_of(fern["id"])
    says(far, fern, alice, **REFUSED[why])
    drain()

    assert (chats(alice), chats(bob), mentions(alice)) == ([], [], [])


def test_files_of_hosts_whose_media_are_removed_do_not_come(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                            setting: Any) -> None:
    setting(mrf_simple_media_removal=far.host)
    says(far, fern, alice, attachment=PICTURE)
    says(far, fern, alice, None, attachment=PICTURE)
    drain()

    assert [(each["content"], each["attachment"]) for each in listed(alice)] == [("hi", None)]


@pytest.mark.parametrize("how", ["accepts none", "blocks the account", "blocks the host"])
def test_who_wants_no_messages_gets_none(far: Peer, fern: Document, alice: Person, drain: Drain, how: str) -> None:
    account = resolving.account_of(fern["id"])
    if how == "accepts none":
        alice.patch("/api/v1/accounts/update_credentials", {"accepts_chat_messages": False})
    elif how == "blocks the account":
        alice.post(f"/api/v1/accounts/{account.id}/block")
    else:
        alice.post("/api/v1/domain_blocks", {"domain": far.host})
    says(far, fern, alice)
    drain()

    assert chats(alice) == []


def test_a_message_that_comes_twice_is_there_once_and_does_not_come_back(far: Peer, fern: Document, alice: Person,
                                                                         drain: Drain) -> None:
    said = message(far, fern, alice)
    for number in range(2):
        sends(far, far.activity("Create", fern, said, to=said["to"], id=f"{fern['id']}#creates/x{number}"), fern)
        drain()
    (chat,), (shown,) = chats(alice), listed(alice)
    alice.delete(f"/api/v1/pleroma/chats/{chat['id']}/messages/{shown['id']}")
    assert heard(far, drain) == [], "only one's own copy"

    sends(far, far.activity("Create", fern, said, to=said["to"]), fern)
    drain()
    assert listed(alice) == []


@pytest.mark.parametrize("by", ["its author", "somebody of the same host"])
def test_only_its_author_deletes_a_message(far: Peer, fern: Document, alice: Person, drain: Drain, by: str) -> None:
    said = says(far, fern, alice)
    rose = far.actor("rose")
    says(far, rose, alice)
    drain()
    who = fern if by == "its author" else rose
    sends(far, far.activity("Delete", who, said["id"], to=[uri(alice)]), who)
    drain()

    gone = by == "its author"
    assert sorted(chat["unread"] for chat in chats(alice)) == ([0, 1] if gone else [1, 1])
    assert len(mentions(alice)) == (1 if gone else 2)


def test_a_deletion_that_comes_first_counts(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    says(far, fern, alice, "the first, by which she is known")
    said = message(far, fern, alice)
    drain()
    sends(far, far.activity("Delete", fern, {"id": said["id"], "type": "Tombstone"}, to=[uri(alice)]), fern)
    drain()
    sends(far, far.activity("Create", fern, said, to=said["to"]), fern)
    drain()

    assert len(listed(alice)) == 1


# What goes out.


def test_a_message_and_its_end_are_sent_to_the_partner_alone(far: Peer, fern: Document, alice: Person,
                                                            drain: Drain) -> None:
    chat = opened(alice, fern)
    (picture,) = uploads.keep(alice.id, [NewFile("ab12.png", "image/png", b"png", "a cat")])
    said = alice.post(f"/api/v1/pleroma/chats/{chat}/messages", {"content": "hi", "media_id": picture.id}).json
    (sent,) = heard(far, drain)
    alice.delete(f"/api/v1/pleroma/chats/{chat}/messages/{said['id']}")
    (gone,) = heard(far, drain)

    created, attached = sent["object"], sent["object"].pop("attachment")
    assert (sent["type"], sent["to"], sent["cc"]) == ("Create", [fern["id"]], [])
    assert created == {"id": created["id"], "type": "ChatMessage", "actor": uri(alice), "attributedTo": uri(alice),
                       "to": [fern["id"]], "content": "hi", "published": said["created_at"], "tag": []}
    assert (attached["type"], attached["name"], attached["url"]) == ("Document", "a cat", f"{HERE}/media/ab12.png")
    assert (gone["type"], gone["to"], gone["object"]["id"]) == ("Delete", [fern["id"]], created["id"])
    assert gone["object"]["type"] == "Tombstone"
    assert [each.target for each in far.received] == ["/users/fern/inbox"] * 2
    assert (chats(alice)[0]["unread"], chats(alice)[0]["last_message"]) == (0, None)


def test_custom_emoji_of_this_server_are_tags(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    add_file("cats", "blobcat", "cat.png", "image/png", 10)
    alice.post(f"/api/v1/pleroma/chats/{opened(alice, fern)}/messages", {"content": "hi :blobcat:"})
    (sent,) = heard(far, drain)

    (emoji,) = sent["object"]["tag"]
    assert (emoji["type"], emoji["name"]) == ("Emoji", ":blobcat:")
    assert emoji["icon"]["url"] == f"{HERE}/emoji/cats/cat.png"


def test_a_message_that_was_deleted_meanwhile_is_not_sent(far: Peer, fern: Document, alice: Person,
                                                          drain: Drain) -> None:
    chat = opened(alice, fern)
    said = alice.post(f"/api/v1/pleroma/chats/{chat}/messages", {"content": "hi"}).json
    alice.delete(f"/api/v1/pleroma/chats/{chat}/messages/{said['id']}")

    assert [each["type"] for each in heard(far, drain)] == ["Delete"]


@pytest.mark.parametrize(("said", "shown"), [(True, True), (False, False), (None, None)])
def test_accounts_elsewhere_say_whether_they_take_messages(far: Peer, alice: Person, drain: Drain,
                                                          said: bool | None, shown: bool | None) -> None:
    rose = far.actor("rose", capabilities=None if said is None else {"acceptsChatMessages": said})
    chat = opened(alice, rose)
    reply = alice.post(f"/api/v1/pleroma/chats/{chat}/messages", {"content": "hi"})

    account = alice.get(f"/api/v1/pleroma/chats/{chat}").json["account"]
    assert account["pleroma"]["accepts_chat_messages"] is shown
    assert reply.status == (200 if said else 400)
    assert len(heard(far, drain)) == int(bool(said))


def test_who_has_written_gets_an_answer(far: Peer, alice: Person, drain: Drain) -> None:
    rose = far.actor("rose")
    says(far, rose, alice)
    drain()
    reply = alice.post(f"/api/v1/pleroma/chats/{chats(alice)[0]['id']}/messages", {"content": "hello"})

    assert reply.status == 200
    assert [each["object"]["content"] for each in heard(far, drain)] == ["hello"]


def test_the_staff_reads_and_deletes_such_messages(far: Peer, fern: Document, alice: Person, cast: Any,
                                                   drain: Drain) -> None:
    root = cast.person("root", is_admin=True, scopes="read write admin")
    says(far, fern, alice)
    drain()
    chat = chats(alice)[0]["id"]
    own = alice.post(f"/api/v1/pleroma/chats/{chat}/messages", {"content": "hello"}).json
    drain()

    (shown,) = root.get("/api/pleroma/admin/users/alice/chats").json
    assert {shown["sender"]["acct"], shown["receiver"]["acct"]} == {"alice", f"fern@{far.host}"}
    assert root.delete(f"/api/pleroma/admin/chats/{chat}/messages/{own['id']}").status == 200
    assert [each["type"] for each in heard(far, drain)] == ["Delete"]


@pytest.mark.parametrize("who", ["fern", "alice"])
def test_chats_end_with_either_account(far: Peer, fern: Document, alice: Person, cast: Any, drain: Drain,
                                       after: After, aws: LocalAws, who: str) -> None:
    says(far, fern, alice)
    drain()
    if who == "fern":
        sends(far, far.activity("Delete", fern, fern["id"]), fern)
    else:
        root = cast.person("root", is_admin=True, scopes="read write admin")
        root.delete("/api/pleroma/admin/users", json={"nicknames": ["alice"]})
    drain()
    after(120)

    assert who == "alice" or (chats(alice), mentions(alice)) == ([], [])
    assert [aws.count(table) for table in ("chats", "messages")] == [0, 0]


def test_what_a_message_of_a_known_account_costs(far: Peer, fern: Document, alice: Person, drain: Drain,
                                                 aws: LocalAws) -> None:
    says(far, fern, alice)
    drain()
    says(far, fern, alice)
    (inbound,) = [messages.from_text(body) for body in aws.messages("inbox")]

    with counted() as ledger:
        processing.process(inbound)  # type: ignore[arg-type]

    assert ledger.calls == 4


def test_a_message_to_somebody_elsewhere_costs_no_call_more(far: Peer, fern: Document, alice: Person) -> None:
    chat = opened(alice, fern)

    assert alice.post(f"/api/v1/pleroma/chats/{chat}/messages", {"content": "hi"}).calls == 3
