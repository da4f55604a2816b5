"""Searching for what is at another server: by name, by address, with what it answers; and following by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.federation import resolving
from chalicelib.domain.federation.fetching import NotFetched
from chalicelib.store.accounts import accounts
from tests.cast import Person, Reply
from tests.peers import scripted
from tests.peers.scripted import Peer


@pytest.fixture
def far() -> Iterator[Peer]:
    with scripted.serving() as peer:
        yield peer


def search(person: Person, q: str, **params: Any) -> Reply:
    return person.get("/api/v2/search", {"q": q, "resolve": True, **params})


def accts(reply: Reply) -> list[str]:
    return [each["acct"] for each in reply.json["accounts"]]


@pytest.mark.parametrize("form", ["@bob@{}", "bob@{}", "acct:bob@{}", " @BOB@{} "])
def test_an_account_is_found_by_its_name_in_every_form(form: str, alice: Person, far: Peer) -> None:
    far.actor("bob")
    far.named[f"acct:BOB@{far.host}"] = far.named[f"acct:bob@{far.host}"]

    assert accts(search(alice, form.format(far.host))) == [f"bob@{far.host}"]


def test_an_account_is_found_by_its_address_and_by_that_of_its_page(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    far.answers["/@bob"] = scripted.redirecting(bob["id"])

    assert accts(search(alice, bob["id"])) == [f"bob@{far.host}"]
    assert accts(search(alice, far.url + "/@bob")) == [f"bob@{far.host}"]


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v2/search"])
def test_what_is_found_elsewhere_comes_first_and_the_rest_as_ever(path: str, alice: Person, bob: Person,
                                                                 far: Peer) -> None:
    far.actor("bob")

    found = alice.get(path, {"q": f"@bob@{far.host}", "resolve": True}).json["accounts"]
    here = alice.get(path, {"q": "bob", "resolve": True}).json["accounts"]

    assert found[0]["acct"] == f"bob@{far.host}"
    assert [each["acct"] for each in here] == ["bob", f"bob@{far.host}"]


def test_an_account_by_its_name_is_only_one_that_is_known(alice: Person, far: Peer) -> None:
    far.actor("bob")

    assert alice.get(f"/api/v1/accounts/bob@{far.host}").status == 404
    assert far.asked == []


def test_what_is_known_is_not_fetched_again(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    search(alice, bob["id"])
    asked = len(far.asked)

    assert accts(search(alice, bob["id"])) == [f"bob@{far.host}"]
    assert accts(search(alice, f"bob@{far.host}")) == [f"bob@{far.host}"]
    assert alice.get("/api/v1/accounts/lookup", {"acct": f"bob@{far.host}"}).status == 200
    assert len(far.asked) == asked


def test_nothing_is_fetched_unless_it_is_asked_for(alice: Person, anonymous: Person, far: Peer,
                                                   setting: Any) -> None:
    bob = far.actor("bob")

    alice.get("/api/v2/search", {"q": bob["id"]})
    anonymous.get("/api/v2/search", {"q": bob["id"], "resolve": True})
    alice.get("/api/v1/accounts/lookup", {"acct": f"bob@{far.host}"})
    search(alice, "words that name nobody")
    search(alice, "bob@kenoma.test")
    search(alice, bob["id"], type="hashtags")
    setting(federating=False)
    search(alice, bob["id"])

    assert far.asked == []


def test_what_cannot_be_had_is_not_asked_for_again_at_once(alice: Person, far: Peer) -> None:
    assert accts(search(alice, f"nobody@{far.host}")) == []
    asked = len(far.asked)

    assert accts(search(alice, f"nobody@{far.host}")) == []
    assert len(far.asked) == asked > 0


def test_nobody_may_ask_for_too_many(alice: Person, bob: Person, far: Peer,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "MOST_ASKED", 2)
    replies = [search(alice, f"{far.url}/{number}").status for number in range(3)]

    assert replies == [200, 200, 429]
    assert search(bob, f"{far.url}/9").status == 200


def test_a_status_comes_with_its_ancestors(alice: Person, far: Peer) -> None:
    bob, eve = far.actor("bob"), far.actor("eve")
    root = far.note(bob, "root")
    middle = far.note(eve, "middle", inReplyTo=root["id"])
    leaf = far.note(bob, "leaf", inReplyTo=middle["id"])

    (found,) = search(alice, leaf["id"]).json["statuses"]

    context = alice.get(f"/api/v1/statuses/{found['id']}/context").json
    assert [each["uri"] for each in context["ancestors"]] == [root["id"], middle["id"]]
    assert found["in_reply_to_id"] == context["ancestors"][1]["id"]
    assert alice.get("/api/v1/timelines/public").json == []


def test_a_create_or_an_announce_leads_to_its_object(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    note = far.note(bob, "hello")
    for number, kind in enumerate(["Create", "Announce"]):
        far.serve(far.activity(kind, bob, note["id"], id=f"{bob['id']}/activities/{number}"))

        (found,) = search(alice, f"{bob['id']}/activities/{number}").json["statuses"]

        assert found["uri"] == note["id"]


def test_a_private_status_is_stored_for_those_only_who_may_see_it(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    note = far.note(bob, "secret", to=[bob["followers"]], cc=[])

    assert search(alice, note["id"]).json["statuses"] == []


def test_a_loop_of_answers_ends(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    one = far.note(bob, "one")
    two = far.note(bob, "two", inReplyTo=one["id"])
    far.serve({**one, "inReplyTo": two["id"]})

    (found,) = search(alice, one["id"]).json["statuses"]

    assert found["uri"] == one["id"]
    assert len([each for each in far.asked if each.path.startswith("/users/bob/statuses")]) <= 4


def test_few_documents_of_one_host_are_fetched_for_one_arrival(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    above = far.note(bob, "0")
    for number in range(1, 30):
        above = far.note(bob, f"{number}", inReplyTo=above["id"])

    assert len(search(alice, above["id"]).json["statuses"]) == 1
    assert len(far.asked) <= resolving.MOST_OF_A_HOST + 3


def test_a_new_owner_gets_a_name_only_when_the_old_one_is_gone(alice: Person, far: Peer) -> None:
    bob = far.actor("bob")
    search(alice, bob["id"])
    new = far.actor("bob", id=f"{far.url}/ap/2", inbox=f"{far.url}/ap/2/inbox", outbox=None, followers=None)
    shown = search(alice, new["id"]).json["accounts"]
    assert new["id"] not in {each["pleroma"]["ap_id"] for each in shown}

    far.answers["/users/bob"] = scripted.Reply(410)
    found = resolving.account_of(new["id"])

    named = accounts.find_by_nickname(f"bob@{far.host}")
    assert named is not None
    assert named.id == found.id


@pytest.mark.parametrize("document", [
    {"type": "Note"}, {"type": "Person"}, {"id": None}, {"@context": []}, {"type": "Note", "attributedTo": 5},
])
def test_a_document_that_is_none_finds_nothing(document: dict[str, Any], alice: Person, far: Peer) -> None:
    far.answers["/x"] = {"@context": scripted.CONTEXT, "id": far.url + "/x", **document}

    found = search(alice, far.url + "/x")

    assert (found.status, found.json["accounts"], found.json["statuses"]) == (200, [], [])


@pytest.mark.parametrize("form", ["bob@{}", "@bob@{}", "acct:bob@{}"])
def test_somebody_elsewhere_is_followed_by_name_and_asked_first(form: str, alice: Person, far: Peer) -> None:
    far.actor("bob")

    reply = alice.post("/api/v1/follows", {"uri": form.format(far.host)})

    assert reply.status == 200
    assert (reply.json["following"], reply.json["requested"]) == (False, True)
    again = alice.post(f"/api/v1/accounts/{reply.json['id']}/follow")
    assert again.json["requested"]
    undone = alice.post(f"/api/v1/accounts/{reply.json['id']}/unfollow")
    assert not undone.json["requested"]


def test_nobody_is_followed_who_cannot_be_found(alice: Person, far: Peer) -> None:
    assert alice.post("/api/v1/follows", {"uri": f"nobody@{far.host}"}).status == 404


def test_an_account_that_has_another_id_is_refused(far: Peer) -> None:
    bob = far.actor("bob")
    far.answers["/other"] = scripted.redirecting(bob["id"])

    with pytest.raises(NotFetched):
        resolving.account_of(far.url + "/other")
