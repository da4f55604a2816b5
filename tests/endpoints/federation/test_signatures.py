"""Signatures of requests for documents, where they are demanded: which are taken, and which hostile ones are not."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests import cast
from tests.peers import scripted
from tests.peers.scripted import Peer
from tests.peers.spelling import SPELLINGS, key_pair, pem_of

OUTBOX = "/users/alice/outbox?page=true&min_id=0"


@pytest.fixture(autouse=True)
def demanded(setting):
    setting(authorized_fetch=True)


@pytest.fixture
def far():
    with scripted.serving() as peer:
        yield peer


def told(far: Peer, by: Any, target: str = OUTBOX, **changes: str) -> str:
    """What is told to who asks with these headers instead of those that were signed."""
    headers = far.headers_for("GET", target, by=by) | changes
    reply = cast.call("GET", OUTBOX, None, b"", headers)
    return str(reply.json["error"]) if reply.status == 401 else str(reply.status)


@pytest.mark.parametrize("spelt", SPELLINGS, ids=lambda each: each.name)
def test_every_server_may_ask_in_its_own_spelling(alice, spelt):
    alice.posts("hello")
    with scripted.serving(spelt) as far:
        reply = far.asks(OUTBOX, by=far.actor("bob"))

    assert reply.status == 200
    assert [each["object"]["content"] for each in reply.json["orderedItems"]] == ["hello"]


def test_a_wrong_key_is_refused(alice, far):
    bob = far.actor("bob")
    far.keys[bob["id"]] = key_pair("another")

    assert told(far, bob) == "the signature does not fit"


def test_a_request_that_was_overheard_asks_for_nothing_else_and_not_for_long(alice, far):
    bob = far.actor("bob")

    assert told(far, bob, "/users/alice/followers") == "the signature does not fit"
    assert told(far, bob, **far.headers_for("GET", OUTBOX, by=bob, at=time.time() - 50_000)) == "too old"
    assert told(far, bob, **far.headers_for("GET", OUTBOX, by=bob, at=time.time() + 9_000)) == "from the future"


def test_a_header_cannot_choose_how_the_key_is_used(alice, far):
    bob = far.actor("bob")
    header = far.headers_for("GET", OUTBOX, by=bob)["signature"]

    assert told(far, bob, signature=header.replace("rsa-sha256", "hmac-sha256")) == "unknown algorithm"


@pytest.mark.parametrize("unsigned", ["host", "date", "(request-target)"])
def test_what_is_there_but_not_signed_does_not_count(alice, far, unsigned):
    bob = far.actor("bob")
    header = far.headers_for("GET", OUTBOX, by=bob)["signature"]
    listed = " ".join(each for each in ("(request-target)", "host", "date") if each != unsigned)

    assert told(far, bob, signature=header.replace("(request-target) host date", listed)) == f"not signed: {unsigned}"


def test_a_short_or_foreign_key_is_refused(alice, far):
    bob = far.actor("bob")
    for pem in (pem_of(key_pair("short", 1_024)), "-----BEGIN PUBLIC KEY-----\nx"):
        far.serve(bob | {"publicKey": bob["publicKey"] | {"publicKeyPem": pem}})
        assert told(far, bob) == "no key: no usable key"


def test_nobody_signs_as_an_actor_of_another_server(alice, far):
    """Mallory's server has a key, and calls it bob's. Bob's server knows of no such key."""
    with scripted.serving(host="localhost") as mallory:
        bob = far.actor("bob")
        key_id = f"{mallory.url}/keys/1"
        mallory.serve({"id": key_id, "owner": bob["id"], "publicKeyPem": pem_of(key_pair(key_id))})
        mallory.keys[bob["id"]], mallory.key_id = key_pair(key_id), lambda actor_id: key_id  # type: ignore[method-assign]

        assert told(mallory, bob) == "no key: the key names no owner of its server"
    assert far.asked == []


def test_a_redirect_lends_no_name(alice, far):
    """The key's address leads to another server, whose document names a third address as its own."""
    with scripted.serving(host="localhost") as victim:
        bob = victim.actor("bob")
        far.answers["/users/mallory"] = scripted.redirecting(f"{victim.url}/upload")
        victim.answers["/upload"] = bob | {"id": f"{far.url}/users/mallory"}
        far.keys[f"{far.url}/users/mallory"] = key_pair("mallory")

        assert told(far, f"{far.url}/users/mallory") == "no key: the document has no id of its server"


def test_keys_are_not_fetched_from_ourselves_or_networks_of_nobody(alice, far):
    for key_id in ("http://kenoma.test/users/alice#main-key", "http://169.254.169.254/x#main-key", "acct:bob@far"):
        far.keys[key_id], far.key_id = key_pair("x"), lambda actor_id: actor_id
        assert told(far, key_id).startswith("no key: ")
    assert far.asked == []
