"""Whose signature it is: keys that are known, keys that are fetched, and how a key is bound to its owner."""

from __future__ import annotations

import time

import pytest

from chalicelib.domain.federation import checking, foreign_keys, signatures
from chalicelib.domain.federation.fetching import Missing, Unanswered
from chalicelib.domain.federation.signatures import BadSignature, Incoming
from chalicelib.store.accounts.claims import Claim, uri_claim
from chalicelib.store.dynamo import ledgers
from chalicelib.store.dynamo.table import create, fetch
from chalicelib.store.federation import foreign_keys as store
from tests.peers import scripted
from tests.peers.scripted import Reply, redirecting
from tests.peers.spelling import GOTOSOCIAL, PLEROMA, SPELLINGS, key_pair, pem_of


@pytest.fixture(params=SPELLINGS, ids=lambda each: each.name)
def each(request):
    """A server of each kind."""
    with scripted.serving(request.param) as peer:
        yield peer


def asking(far, by, **more) -> Incoming:
    return Incoming("GET", "/users/alice?x=1", far.headers_for("GET", "/users/alice?x=1", by=by, **more))


def refused(request: Incoming, **more) -> str:
    with pytest.raises(BadSignature) as fault:
        checking.signer_of(request, **more)
    return str(fault.value)


def know(far, actor, pem: str = "", *, keyed: int = 0, key_id: str = "") -> None:
    """Let an actor be an account that is known here, with this key."""
    create(Claim(uri_claim(actor["id"]).hash, id="bobs id", kind="A", keyed=keyed or None,
                 key_id=key_id or far.key_id(actor["id"]), public_key=pem or actor["publicKey"]["publicKeyPem"]))


# Fetched keys.


def test_a_key_of_each_server_is_found_by_its_id(each):
    bob = each.actor("bob")

    key = checking.signer_of(asking(each, bob))

    assert (key.owner, key.id) == (bob["id"], each.key_id(bob["id"]))
    assert key.pem == bob["publicKey"]["publicKeyPem"]


def test_a_key_is_fetched_once_for_many_requests(far):
    bob = far.actor("bob")
    for _ in range(3):
        checking.signer_of(asking(far, bob))

    assert [asked.target for asked in far.asked] == ["/users/bob"]


def test_a_key_may_have_a_document_of_its_own(far):
    """As with old Misskey, and servers of one person."""
    bob = far.actor("bob", publicKey=None)
    key_id = far.url + "/keys/1"
    public = {"id": key_id, "owner": bob["id"], "publicKeyPem": pem_of(far.keys[bob["id"]])}
    far.serve({"type": "Key", **public})
    far.serve(bob | {"publicKey": [{"id": bob["id"] + "#other", "publicKeyPem": "x"}, public]})
    far.key_id = lambda actor_id: key_id

    assert checking.signer_of(asking(far, bob)).owner == bob["id"]
    assert [asked.target for asked in far.asked] == ["/keys/1", "/users/bob"]


def test_nothing_is_fetched_where_nobody_may_wait(far):
    bob = far.actor("bob")

    assert refused(asking(far, bob), may_fetch=False) == "unknown key"
    assert far.asked == []


def test_the_document_of_the_owner_comes_with_the_key(far):
    bob = far.actor("bob")
    signed = signatures.read(asking(far, bob))

    key, actor = checking.check_by_fetching(signed)

    assert (key.owner, actor) == (bob["id"], bob)


def test_a_wrong_key_does_not_fit(far):
    bob = far.actor("bob")
    far.keys[bob["id"]] = key_pair("somebody else's")

    assert refused(asking(far, bob)) == "the signature does not fit"


@pytest.mark.parametrize(("status", "kind"), [(404, Missing), (410, Missing), (503, Unanswered)])
def test_a_key_that_is_not_there_is_told(far, status, kind):
    bob = far.actor("bob")
    request = asking(far, bob)
    far.answers["/users/bob"] = Reply(status)

    with pytest.raises(BadSignature) as fault:
        checking.check_by_fetching(signatures.read(request))
    assert isinstance(fault.value.__cause__, kind)


# How a key is bound.


def test_a_key_document_that_names_somebody_elses_owner_is_refused(far, third):
    """Mallory's server serves a key of its own as the key of bob, who is elsewhere."""
    bob = third.actor("bob")
    key_id = far.url + "/keys/1"
    far.serve({"id": key_id, "owner": bob["id"], "publicKeyPem": pem_of(key_pair(key_id))})
    far.keys[bob["id"]], far.key_id = key_pair(key_id), lambda actor_id: key_id

    assert refused(asking(far, bob)) == "no key: the key names no owner of its server"
    assert third.asked == []


def test_a_key_document_whose_owner_does_not_name_it_is_refused(far):
    """The same within one server, such as one where people may upload."""
    bob = far.actor("bob")
    key_id = far.url + "/uploads/key"
    far.serve({"id": key_id, "owner": bob["id"], "publicKeyPem": pem_of(key_pair(key_id))})
    far.keys[bob["id"]], far.key_id = key_pair(key_id), lambda actor_id: key_id

    assert refused(asking(far, bob)) == "no key: the owner does not name this key"


def test_an_actor_whose_key_is_at_another_server_is_refused(far, third):
    """The id of the key leads to a server that names it, and is not that of the actor."""
    bob = third.actor("bob")
    mallory = far.actor("mallory", publicKey={"id": third.url + "/users/mallory#main-key",
                                              "owner": far.url + "/users/mallory", "publicKeyPem": "x"})
    third.answers["/users/mallory"] = redirecting(mallory["id"])
    far.key_id = lambda actor_id: third.url + "/users/mallory#main-key"

    assert refused(asking(far, mallory)).startswith("no key: ")
    del bob


@pytest.mark.parametrize("change", [
    {"id": "URL/users/bob#other-key"}, {"owner": "URL/users/carol"}, {"owner": ["URL/users/bob"]},
    {"publicKeyPem": None}, {"publicKeyPem": "-----BEGIN PUBLIC KEY-----"}, {"publicKeyPem": 7}, {"id": None},
    {"publicKeyPem": pem_of(key_pair("short", 1_024))},
])
def test_a_key_must_be_that_of_the_document(far, change):
    bob = far.actor("bob")
    ((name, value),) = change.items()
    value = value.replace("URL", far.url) if isinstance(value, str) else value
    far.serve(bob | {"publicKey": bob["publicKey"] | {name: value}})

    assert refused(asking(far, bob)).startswith("no key: ")


@pytest.mark.parametrize("key_id", [
    "acct:bob@far.example", "http://kenoma.test/users/alice#main-key", "nonsense", "http://10.0.0.1/users/bob#main-key",
    "javascript:alert(1)", "http://user@127.0.0.1/x", "http://127.0.0.1:1/x#main-key",
])
def test_key_ids_that_may_not_be_fetched_are_refused(far, key_id):
    bob = far.actor("bob")
    far.key_id = lambda actor_id: key_id

    assert refused(asking(far, bob)).startswith("no key: ")
    assert far.asked == []


def test_a_host_has_twenty_keys_fetched_a_minute(far):
    for number in range(22):
        far.actor(f"bob{number}")
    for number in range(20):
        assert checking.signer_of(asking(far, far.url + f"/users/bob{number}"))

    assert refused(asking(far, far.url + "/users/bob20")) == "no key: too many keys of this server at once"
    assert len(far.asked) == 20


# Known keys.


def test_a_known_key_costs_one_read_and_then_none(far):
    bob = far.actor("bob")
    know(far, bob)

    with ledgers.counted() as ledger:
        key = checking.signer_of(asking(far, bob))
    assert (ledger.calls, key.owner, key.account_id) == (1, bob["id"], "bobs id")
    with ledgers.counted() as ledger:
        checking.signer_of(asking(far, bob))
    assert (ledger.calls, far.asked) == (0, [])


def test_a_key_at_an_address_of_its_own_is_known_too():
    with scripted.serving(GOTOSOCIAL) as far:
        bob = far.actor("bob")
        know(far, bob)

        assert checking.signer_of(asking(far, bob)).account_id == "bobs id"
        assert far.asked == []


def test_another_key_of_a_known_account_is_not_that_key(far):
    """Never a second key of an account: another id leads to its document, which must name it."""
    bob = far.actor("bob")
    know(far, bob, key_id=bob["id"] + "#old-key")

    checking.signer_of(asking(far, bob))

    assert [asked.target for asked in far.asked] == ["/users/bob"]


def test_a_known_key_of_another_server_does_not_count(far, third):
    mallory = far.actor("mallory")
    know(far, mallory, key_id=third.url + "/users/bob#main-key")

    assert foreign_keys.find_of([mallory["id"]], third.url + "/users/bob#main-key") is None


def test_a_key_that_was_replaced_is_fetched_anew_and_stored(far):
    bob = far.actor("bob")
    know(far, bob, pem_of(key_pair("before")))

    assert checking.signer_of(asking(far, bob)).pem == bob["publicKey"]["publicKeyPem"]

    wanted = uri_claim(bob["id"])
    claim = fetch(strong=[wanted]).get(Claim, wanted.hash)
    assert claim.public_key == bob["publicKey"]["publicKeyPem"]
    assert claim.keyed > 0


def test_a_key_that_somebody_else_has_fetched_anew_is_read(far):
    """What this process remembers is the old one."""
    bob = far.actor("bob")
    far.keys[bob["id"]] = key_pair("before")
    know(far, bob, pem_of(key_pair("before")))
    checking.signer_of(asking(far, bob))
    far.keys[bob["id"]] = key_pair(bob["id"])
    store.renew(bob["id"], far.key_id(bob["id"]), bob["publicKey"]["publicKeyPem"], time.time())

    for may_fetch in (False, True):
        assert checking.signer_of(asking(far, bob), may_fetch=may_fetch).pem == bob["publicKey"]["publicKeyPem"]
    assert far.asked == []


def test_a_key_is_fetched_anew_once_in_five_minutes(far):
    bob = far.actor("bob")
    know(far, bob)
    far.keys[bob["id"]] = key_pair("somebody else's")

    for _ in range(4):
        assert refused(asking(far, bob)) == "the signature does not fit"
    assert len(far.asked) == 1


def test_a_key_that_does_not_fit_is_not_fetched_where_nobody_may_wait(far):
    bob = far.actor("bob")
    know(far, bob, pem_of(key_pair("before")))

    assert refused(asking(far, bob), may_fetch=False) == "the signature does not fit"
    assert far.asked == []


def test_a_message_is_checked_with_the_key_of_its_actor_only():
    with scripted.serving(PLEROMA) as far:
        bob, carol = far.actor("bob"), far.actor("carol")
        body = b'{"type": "Follow"}'
        signed = signatures.read(Incoming("POST", "/inbox", far.headers_for("POST", "/inbox", body, by=bob), body))
        keys = {each["id"]: foreign_keys.fetch(far.key_id(each["id"]))[0] for each in (bob, carol)}

        checking.check(signed, keys[bob["id"]])
        with pytest.raises(BadSignature, match="signed with another key"):
            checking.check(signed, keys[carol["id"]])
