"""Who may read documents: where signatures are demanded, and whom an author shuts out."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts.accounts import VIEWER_SET, ViewerSet
from chalicelib.store.accounts.claims import Claim, uri_claim
from chalicelib.store.dynamo.table import create, update
from tests.peers import scripted
from tests.peers.spelling import SPELLINGS

ACTIVITY = "application/activity+json"
BASE = "http://kenoma.test"
BOBS_ID = "9bobbobbobbobbobbo"


@pytest.fixture
def far():
    with scripted.serving(SPELLINGS[0]) as peer:
        yield peer


def asks(person, far, path, by=None, **more):
    """Somebody far away asks. Without `by` they do not sign."""
    headers = far.headers_for("GET", path, by=by, **more) if by is not None else {}
    accept = {} if "accept" in map(str.lower, headers) else {"Accept": ACTIVITY}
    return person.get(path, headers={**accept, **headers})


def know(far, actor):
    """Let an actor be an account that is known here."""
    create(Claim(uri_claim(actor["id"]).hash, id=BOBS_ID, kind="A", key_id=far.key_id(actor["id"]),
                 public_key=actor["publicKey"]["publicKeyPem"]))


@pytest.fixture
def paths(alice):
    status = alice.posts("hello")
    return {
        "object": status["uri"].removeprefix(BASE), "replies": f"{status['uri'].removeprefix(BASE)}/replies",
        "activity": status["uri"].removeprefix(BASE).replace("objects", "activities"),
        "outbox": "/users/alice/outbox?page=true", "followers": "/users/alice/followers",
        "following": "/users/alice/following?page=true", "featured": "/users/alice/collections/featured",
    }


EACH = ["object", "replies", "activity", "outbox", "followers", "following", "featured"]


# Where signatures are demanded.


@pytest.mark.parametrize("demanding", [{"authorized_fetch": True}, {"restrict_statuses": True},
                                       {"restrict_profiles": True}, {"public": False}])
@pytest.mark.parametrize("which", EACH)
def test_nobody_reads_without_a_signature(anonymous, far, setting, paths, which, demanding):
    setting(**demanding)

    reply = asks(anonymous, far, paths[which])

    assert (reply.status, reply.json) == (401, {"error": "Request not signed"})
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda each: each.name)
@pytest.mark.parametrize("which", ["object", "outbox"])
def test_servers_of_each_kind_read_with_one(anonymous, setting, paths, which, spelling):
    setting(authorized_fetch=True)

    with scripted.serving(spelling) as far:
        reply = asks(anonymous, far, paths[which], by=far.actor("bob"))

    assert reply.status == 200
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["vary"] == "Accept, Signature, Accept-Encoding"


@pytest.mark.parametrize("which", EACH)
def test_a_signature_for_another_address_is_none(anonymous, far, setting, paths, which):
    setting(authorized_fetch=True)
    headers = far.headers_for("GET", "/users/somebody", by=far.actor("bob"))

    reply = anonymous.get(paths[which], headers={"Accept": ACTIVITY, **headers})

    assert reply.status == 401
    assert reply.json["error"]


def test_without_one_an_actor_says_only_what_is_needed_to_check_ours(anonymous, far, setting, alice):
    setting(authorized_fetch=True)

    shown = asks(anonymous, far, "/users/alice").json

    assert set(shown) == {"@context", "id", "type", "preferredUsername", "inbox", "publicKey"}
    assert set(asks(anonymous, far, "/users/alice", by=far.actor("bob")).json) > {"outbox", "summary", "followers"}


def test_a_bad_signature_gets_no_more_of_an_actor_than_none(anonymous, far, setting, alice):
    setting(authorized_fetch=True)
    headers = far.headers_for("GET", "/users/somebody", by=far.actor("bob"))

    shown = anonymous.get("/users/alice", headers={"Accept": ACTIVITY, **headers}).json

    assert "outbox" not in shown


@pytest.mark.parametrize("path", ["/internal/fetch", "/.well-known/webfinger?resource=acct:alice@kenoma.test",
                                  "/nodeinfo/2.1.json", "/.well-known/host-meta"])
def test_what_servers_need_to_meet_stays_open(anonymous, setting, alice, path):
    setting(authorized_fetch=True)

    assert anonymous.get(path).status == 200


@pytest.mark.parametrize("which", EACH)
def test_who_is_blocked_reads_nothing(anonymous, far, setting, alice, paths, which):
    setting(authorized_fetch=True)
    bob = far.actor("bob")
    know(far, bob)
    hides(alice, ViewerSet.blocked.add({BOBS_ID}))

    reply = asks(anonymous, far, paths[which], by=bob)

    assert (reply.status, reply.json) == (403, {"error": "Access denied"})
    assert asks(anonymous, far, "/users/alice", by=bob).status == 403
    assert asks(anonymous, far, paths[which], by=far.actor("carol")).status == 200


def hides(person, action):
    update(ViewerSet.stub(person.id, VIEWER_SET), [action])


@pytest.mark.parametrize("which", EACH)
def test_nor_do_people_of_a_blocked_host(anonymous, far, setting, alice, paths, which):
    setting(authorized_fetch=True)
    alice.post("/api/v1/domain_blocks", json={"domain": far.host})

    assert asks(anonymous, far, paths[which], by=far.actor("bob")).status == 403


# Where none is demanded.


@pytest.mark.parametrize("which", EACH)
def test_who_is_known_and_blocked_finds_nothing_when_they_sign(anonymous, far, alice, paths, which):
    bob = far.actor("bob")
    know(far, bob)
    hides(alice, ViewerSet.blocked.add({BOBS_ID}))

    reply = asks(anonymous, far, paths[which], by=bob)

    assert (reply.status, reply.json) == (404, {"error": "Not found"})
    assert asks(anonymous, far, paths[which]).status == 200


@pytest.mark.parametrize("which", EACH)
def test_so_do_those_whose_server_signs_in_another_header(anonymous, far, alice, paths, which):
    bob = far.actor("bob")
    know(far, bob)
    hides(alice, ViewerSet.blocked.add({BOBS_ID}))
    headers = dict(far.headers_for("GET", paths[which], by=bob))
    headers["authorization"] = f"Signature {headers.pop('signature')}"

    assert anonymous.get(paths[which], headers={"Accept": ACTIVITY, **headers}).status == 404


@pytest.mark.parametrize("which", EACH)
def test_a_stranger_who_signs_is_served_and_no_key_is_fetched(anonymous, far, paths, which):
    reply = asks(anonymous, far, paths[which], by=far.actor("bob"))

    assert reply.status == 200
    assert far.asked == []


def test_a_signature_that_does_not_fit_changes_nothing(anonymous, far, alice, paths):
    bob = far.actor("bob")
    know(far, bob)
    headers = far.headers_for("GET", "/users/somebody", by=bob)

    assert anonymous.get(paths["object"], headers={"Accept": ACTIVITY, **headers}).status == 200
    assert anonymous.get(paths["object"], headers={"Accept": ACTIVITY, "Signature": "nonsense"}).status == 200


def test_who_does_not_sign_costs_nothing_more(anonymous, far, paths):
    assert asks(anonymous, far, paths["object"]).calls == 2
