"""What nobody may send to an inbox, and what whoever tries it is told."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.accounts import deletion
from chalicelib.domain.federation import foreign_keys
from chalicelib.domain.federation.receiving import accepting
from chalicelib.queues import queue
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.claims import Claim
from tests.cast import Person
from tests.endpoints.federation.sending import HERE, Drain, create, follow, followers, sends, to, told, undo, uri
from tests.peers.scripted import PUBLIC, Document, Peer, Reply
from tests.peers.spelling import SPELLINGS, Spelling, key_pair, pem_of
from tests.simulated_aws import LocalAws

Setting = Callable[..., None]


@pytest.fixture
def fern(far: Peer) -> Document:
    return far.actor("fern")


def waiting(aws: LocalAws) -> int:
    return len(aws.messages("inbox"))


def known(far: Peer, name: str = "fern") -> bool:
    return accounts.find_by_nickname(f"{name}@{far.host}") is not None


# Answers.


def test_what_is_taken_is_answered_at_once_and_nothing_is_fetched(
        far: Peer, fern: Document, alice: Person, aws: LocalAws) -> None:
    reply = sends(far, follow(far, fern, alice), fern)

    assert (reply.status, reply.body) == (202, "")
    assert far.asked == []
    assert reply.calls <= 2
    assert waiting(aws) == 1


def test_a_trailing_slash_is_taken(far: Peer, fern: Document, alice: Person, aws: LocalAws) -> None:
    for path in ("/inbox/", "/users/alice/inbox/"):
        assert sends(far, follow(far, fern, alice), fern, path).status == 202
    assert waiting(aws) == 2


@pytest.mark.parametrize("body", [
    b"", b"no JSON", b"[]", b'"text"', b"[" * 100_000, b'{"type":"Follow"}', b'{"actor":"https://far.example/u"}',
    b'{"type":"Follow","actor":"http://kenoma.test/users/alice"}', b'{"type":"Follow","actor":1e400}',
    b'{"type":"Follow","actor":"https://far.example/u","object":"\\ud800"}', b'{"type":"Follow","actor":"ftp://a/b"}',
    b'{"type":"Follow","actor":"https://far.example/u","n":NaN}', b'\xff\xfe{"type":"Follow"}',
    b'{"a":' * 40 + b"1" + b"}" * 40,
    json.dumps({"type": "Like", "actor": "https://a.example/b", "x": [0] * 10_001}).encode(),
])
def test_what_is_no_activity_is_refused(far: Peer, fern: Document, aws: LocalAws, body: bytes) -> None:
    reply = sends(far, body, fern)

    assert reply.status == 400
    assert reply.json == {"error": "Bad request"}
    assert waiting(aws) == 0


def test_of_a_key_given_twice_the_last_counts(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    body = json.dumps(follow(far, fern, alice))
    sends(far, b'{"object": "http://kenoma.test/users/nobody", ' + body[1:].encode(), fern)
    drain()

    assert followers(alice) == [f"fern@{far.host}"]


@pytest.mark.parametrize(("changed", "reason"), [
    ({"signature": None}, "Request not signed"),
    ({"signature": "keyId"}, "malformed"),
    ({"digest": "SHA-256=AAAA"}, "digest"),
    ({"digest": None}, "digest"),
    ({"date": "Mon, 01 Jan 2024 00:00:00 GMT"}, "old"),
    ({"date": None}, "date"),
])
def test_a_bad_signature_is_told(far: Peer, fern: Document, alice: Person, aws: LocalAws,
                                 changed: dict[str, str | None], reason: str) -> None:
    reply = sends(far, follow(far, fern, alice), fern, **changed)

    assert reply.status == 401
    assert reason in reply.json["error"]
    assert waiting(aws) == 0


def test_what_is_not_signed_counts_for_nothing(far: Peer, fern: Document, alice: Person) -> None:
    far.spelt = Spelling("careless", "(request-target) date", "date")
    assert sends(far, follow(far, fern, alice), fern).status == 401
    far.spelt = Spelling("careless", "(request-target) date digest", "date")
    assert sends(far, follow(far, fern, alice), fern).status == 401


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "rsa-sha1", "ecdsa-sha256"])
def test_no_header_selects_another_kind_of_key(far: Peer, fern: Document, alice: Person, algorithm: str) -> None:
    far.spelt = Spelling("confused", "(request-target) host date digest", "date", algorithm=algorithm)

    assert sends(far, follow(far, fern, alice), fern).status == 401


@pytest.mark.parametrize(("kind", "status"), [
    ("application/activity+json", 202), ("application/json", 202),
    ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', 202), ("text/plain", 415),
    ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415),
])
def test_only_documents_are_taken(far: Peer, fern: Document, alice: Person, kind: str, status: int) -> None:
    far.spelt = Spelling("plain", "(request-target) host date digest", "date")

    assert sends(far, follow(far, fern, alice), fern, content_type=kind).status == status


def test_the_inbox_of_nobody_and_of_the_deleted(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    assert sends(far, follow(far, fern, alice), fern, "/users/nobody/inbox").status == 404
    deletion.begin(alice.id)
    drain()
    assert sends(far, follow(far, fern, alice), fern, "/users/alice/inbox").status == 410
    assert sends(far, follow(far, fern, alice), fern).status == 202, "never at the shared inbox"


def test_the_servers_own_inbox_takes_all_and_does_nothing(
        far: Peer, fern: Document, alice: Person, aws: LocalAws) -> None:
    assert sends(far, follow(far, fern, alice), fern, "/internal/fetch/inbox").status == 202
    assert waiting(aws) == 0


def test_a_server_that_does_not_federate_has_no_inbox(
        far: Peer, fern: Document, alice: Person, setting: Setting) -> None:
    setting(federating=False)

    for path in ("/inbox", "/users/alice/inbox", "/internal/fetch/inbox"):
        assert sends(far, follow(far, fern, alice), fern, path).status == 404


def test_too_much_is_refused(far: Peer, fern: Document, alice: Person, setting: Setting) -> None:
    assert sends(far, follow(far, fern, alice, content="x" * 1_000_000), fern).status == 413
    assert sends(far, follow(far, fern, alice, content="x" * 100_000), fern).status == 413, "the key is not known yet"
    setting(inbox_limit=3)
    replies = [sends(far, follow(far, fern, alice), fern) for _ in range(6)]
    assert replies[-1].status == 429
    assert replies[-1].headers["retry-after"] == "60"


def test_what_has_to_be_verified_yet_is_bounded_by_where_it_comes_from(
        far: Peer, fern: Document, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "MOST_UNVERIFIED", 2)

    assert [sends(far, follow(far, fern, alice), fern).status for _ in range(3)] == [202, 202, 429]


def test_nobody_signs_in_at_an_inbox(far: Peer, fern: Document, alice: Person, aws: LocalAws) -> None:
    with_session = {"cookie": f"__Host-kenoma={alice.token}", "authorization": f"Bearer {alice.token}",
                    "idempotency-key": "1", "origin": "https://far.example"}
    for _ in range(2):
        reply = sends(far, follow(far, fern, alice), fern, **with_session)
        assert (reply.status, "set-cookie" in reply.headers) == (202, False)
    assert waiting(aws) == 2, "an Idempotency-Key counts for nothing"


def test_a_large_one_of_a_known_sender_goes_by_the_bucket(
        far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    sends(far, follow(far, fern, alice), fern)
    drain()
    noise = base64.b64encode(random.Random(1).randbytes(300_000)).decode()  # it cannot be compressed to a message
    assert sends(far, {**follow(far, fern, alice), "noise": noise, "id": f"{fern['id']}#again"}, fern).status == 202
    drain()

    found = accounts.find_by_nickname(f"fern@{far.host}")
    assert found is not None
    assert alice.relation_to(found.id).followed_uri == f"{fern['id']}#again"


def test_without_a_queue_the_peer_is_asked_to_come_again(
        far: Peer, fern: Document, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise queue.NotSent("down")

    monkeypatch.setattr(queue, "send", refuse)
    reply = sends(far, follow(far, fern, alice), fern)

    assert (reply.status, reply.headers["retry-after"]) == (503, "60")


@pytest.mark.parametrize("type", ["View", "Dislike", "Question", "Arrive", "Offer", "Join", "Invite", "Ignore",
                                  "FeatureRequest", "Whatever"])
def test_what_is_not_known_is_taken_and_nothing_is_done(
        far: Peer, fern: Document, alice: Person, aws: LocalAws, type: str) -> None:
    assert sends(far, far.activity(type, fern, uri(alice)), fern).status == 202
    assert waiting(aws) == 0


def test_that_somebody_unknown_goes_costs_no_queue(far: Peer, fern: Document, aws: LocalAws) -> None:
    for activity in (far.activity("Delete", fern, fern["id"]), far.activity("Update", fern, fern),
                     far.activity("Delete", fern, {"type": "Person", "id": fern["id"]})):
        assert sends(far, activity, fern).status == 202
    assert waiting(aws) == 0


# Who signs, and for whom.


@pytest.mark.parametrize("spelt", SPELLINGS, ids=lambda each: each.name)
def test_servers_of_all_kinds_are_heard(far: Peer, alice: Person, drain: Drain, spelt: Spelling) -> None:
    far.spelt = spelt
    fern = far.actor("fern")
    status = alice.posts("hello")
    liked = far.activity("Like", fern, status["uri"])
    for activity in (follow(far, fern, alice), create(far, far.note(fern, "hi", **to(alice)), fern), liked):
        assert sends(far, activity, fern).status == 202
        drain()

    assert {type for type, _ in told(alice)} == {"follow", "mention", "favourite"}
    assert sends(far, undo(far, liked), fern).status == 202
    drain()
    assert alice.get(f"/api/v1/statuses/{status['id']}").json["favourites_count"] == 0


def test_who_signs_for_somebody_else_is_not_believed(
        far: Peer, third: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    eve, mallory = third.actor("eve"), far.actor("mallory")
    assert sends(third, follow(far, fern, alice), eve).status == 202
    assert sends(far, follow(far, fern, alice), mallory).status == 202
    drain()

    assert followers(alice) == []


def test_an_id_of_another_host_is_left_out(
        far: Peer, third: Peer, fern: Document, alice: Person, aws: LocalAws) -> None:
    for id in (f"{third.url}/follows/1", f"{HERE}/activities/1", None):
        assert sends(far, follow(far, fern, alice) | {"id": id}, fern).status == 202
    assert waiting(aws) == 0


def test_a_status_of_somebody_else_is_not_taken_from_who_brings_it(
        far: Peer, third: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    eve = third.actor("eve")
    own, other = alice.posts("mine"), far.note(fern, "hello", **to(alice))
    forged: list[Document] = [
        {**third.note(eve, "forged", **to(alice)), "attributedTo": fern["id"]},
        {**third.note(eve, "forged", **to(alice)), "attributedTo": uri(alice)},
        {**third.note(eve, "forged", **to(alice)), "id": own["uri"], "attributedTo": uri(alice)},
        {**other, "content": "forged"}, {**third.note(eve, "forged", **to(alice)), "id": None},
    ]
    for note in forged:
        sends(third, create(third, note, eve), eve)
    drain()

    shown = [each["content"] for each in alice.get("/api/v1/timelines/home").json]
    assert "forged" not in " ".join(shown)
    assert told(alice) == []


def test_a_request_that_is_sent_again_changes_nothing(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    activity = follow(far, fern, alice)
    sends(far, activity, fern)
    drain()
    sends(far, undo(far, activity), fern)
    drain()

    for path in ("/inbox", "/users/alice/inbox"):
        assert sends(far, activity, fern, path).status == 202
    drain()
    signed = far.headers_for("POST", "/inbox", json.dumps(activity).encode(), by=fern)
    other = sends(far, follow(far, fern, alice), fern, digest=signed["digest"], signature=signed["signature"],
                  date=signed["date"])

    assert other.status == 401
    assert followers(alice) == []


def test_a_key_that_changed_is_fetched_once_in_five_minutes(
        far: Peer, fern: Document, alice: Person, drain: Drain, aws: LocalAws) -> None:
    sends(far, follow(far, fern, alice), fern)
    drain()
    far.keys[fern["id"]] = key_pair("another")
    far.serve({**fern, "publicKey": {**fern["publicKey"], "publicKeyPem": pem_of(key_pair("another"))}})
    claim = Claim.get(f"u#{fern['id']}")
    claim.update([Claim.keyed.set(int(time.time()) - 400)])
    foreign_keys.forget()

    status = alice.posts("hello")
    sends(far, far.activity("Like", fern, status["uri"]), fern)
    drain()
    assert alice.get(f"/api/v1/statuses/{status['id']}").json["favourites_count"] == 1

    far.keys[fern["id"]] = key_pair("a third one")
    reply = sends(far, far.activity("Like", fern, alice.posts("two")["uri"]), fern)
    assert reply.status == 401
    assert waiting(aws) == 0


@pytest.mark.parametrize("key", [{"owner": "https://victim.example/users/v"}, {"id": "https://victim.example/key"},
                                 {"publicKeyPem": pem_of(key_pair("short", 1024))}])
def test_a_key_that_is_not_bound_to_its_owner_counts_for_nothing(
        far: Peer, alice: Person, drain: Drain, key: dict[str, Any]) -> None:
    fern = far.actor("fern")
    far.serve({**fern, "publicKey": {**fern["publicKey"], **key}})
    sends(far, follow(far, fern, alice), fern)
    drain()

    assert followers(alice) == []


def test_an_actor_that_does_not_answer_is_tried_again(
        far: Peer, fern: Document, alice: Person, drain: Drain, aws: LocalAws) -> None:
    path = f"/users/{fern['preferredUsername']}"
    far.answers[path] = Reply(503)
    sends(far, follow(far, fern, alice), fern)
    drain()

    assert followers(alice) == []
    asked = len([each for each in far.asked if each.path == path])
    assert asked <= 4, "and not for ever"


# What may not be done.


def test_nobody_hears_of_what_they_may_not_see(
        far: Peer, fern: Document, alice: Person, bob: Person, drain: Drain) -> None:
    hidden = alice.posts("@bob hush", visibility="direct")
    note = far.note(fern, "I know", inReplyTo=hidden["uri"], **to(bob))
    sends(far, create(far, note, fern), fern)
    sends(far, far.activity("Announce", fern, hidden["uri"], to=[PUBLIC]), fern)
    sends(far, far.activity("Like", fern, hidden["uri"]), fern)
    drain()

    assert alice.get(f"/api/v1/statuses/{hidden['id']}/context").json["descendants"] == []
    assert told(alice) == []
    found = bob.get("/api/v1/notifications").json[0]["status"]
    assert found["in_reply_to_id"] is None


def test_a_thousand_mentions_fetch_nothing(far: Peer, third: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    many = [f"{third.url}/users/v{number}" for number in range(1_000)]
    note = far.note(fern, "spam", to=[PUBLIC, uri(alice), *many],
                    tag=[{"type": "Mention", "href": each} for each in many[:500]],
                    attachment=[{"type": "Image", "mediaType": "image/png", "url": f"{each}.png"} for each in many])
    sends(far, create(far, note, fern), fern)
    drain()

    assert third.asked == []


def test_a_thread_that_never_ends_ends(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    first, second = far.note(fern, "one"), far.note(fern, "two")
    far.serve({**first, "inReplyTo": second["id"]})
    far.serve({**second, "inReplyTo": first["id"]})
    for number in range(60):
        far.serve({**first, "id": f"{far.url}/long/{number}", "inReplyTo": f"{far.url}/long/{number + 1}"})
    note = far.note(fern, "loop", inReplyTo=first["id"], **to(alice))
    sends(far, create(far, note, fern), fern)
    sends(far, create(far, far.note(fern, "long", inReplyTo=f"{far.url}/long/0", **to(alice)), fern), fern)
    drain()

    assert len(alice.get("/api/v1/timelines/home").json) == 2
    assert len([each for each in far.asked if each.path.startswith("/long/")]) <= 20


def test_a_reblog_of_a_reblog_and_of_an_activity(far: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    status = alice.posts("hello")
    one = far.activity("Announce", fern, status["uri"], to=[PUBLIC])
    sends(far, one, fern)
    drain()
    for about in (one["id"], far.activity("Like", fern, status["uri"]), {**one, "object": one["id"]}):
        sends(far, far.activity("Announce", far.actor("ivy"), about, to=[PUBLIC]), f"{far.url}/users/ivy")
    drain()

    assert alice.get(f"/api/v1/statuses/{status['id']}").json["reblogs_count"] == 1


def test_a_forwarded_reply_is_asked_of_its_own_server(
        far: Peer, third: Peer, fern: Document, alice: Person, drain: Drain) -> None:
    eve = third.actor("eve")
    status = alice.posts("question")
    note = third.note(eve, "true", inReplyTo=status["uri"])
    sends(far, third.activity("Create", eve, {**note, "content": "forged"}), fern)
    drain()

    below = alice.get(f"/api/v1/statuses/{status['id']}/context").json["descendants"]
    assert [each["content"] for each in below] == ["<p>true</p>"]

    sends(far, third.activity("Delete", eve, note["id"]), fern)
    drain()
    assert len(alice.get(f"/api/v1/statuses/{status['id']}/context").json["descendants"]) == 1, "it is still there"
    third.answers[f"/users/eve/statuses/{note['id'].rpartition('/')[2]}"] = Reply(410)
    sends(far, third.activity("Delete", eve, note["id"]), fern)
    drain()
    assert alice.get(f"/api/v1/statuses/{status['id']}/context").json["descendants"] == []
