"""Pins between servers: followers elsewhere hear of ours, and theirs come first on profiles."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.federation import refreshing
from chalicelib.store.accounts import accounts
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, sends, to, uri
from tests.peers.scripted import PUBLIC, Document, Peer


def met(far: Peer, alice: Person, drain: Drain, **said: Any) -> tuple[Document, str]:
    """An account elsewhere that is known here, with pins of its own: its document, and its id here."""
    said = {"featured": f"{far.url}/users/fern/collections/featured", **said}
    fern = far.actor("fern", **said)
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    drain()
    known = accounts.find_by_nickname(f"fern@{far.host}")
    assert known is not None
    return fern, known.id


def pinned(person: Person, id: str) -> list[str]:
    shown = person.get(f"/api/v1/accounts/{id}/statuses?pinned=true").json
    assert all(each["pinned"] for each in shown)
    return [each["uri"] for each in shown]


def pin(far: Peer, fern: Document, note: Any, **said: Any) -> Document:
    """As Mastodon sends it: without an id, and for nobody in particular."""
    return far.activity("Add", fern, note, id=None, target=fern["featured"], **said)


def featured(far: Peer, fern: Document, items: list[Any], **said: Any) -> None:
    far.serve({"@context": fern["@context"], "id": fern["featured"], "type": "OrderedCollection",
               "totalItems": len(items), "orderedItems": items, **said})


# What goes out.


def test_a_pin_and_its_end_are_told_to_followers_elsewhere(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    status = alice.posts("hello")
    drain()
    before = len(far.received)

    for step in ("pin", "unpin"):
        alice.post(f"/api/v1/statuses/{status['id']}/{step}")
        drain()

    assert [each.target for each in far.received[before:]] == ["/inbox", "/inbox"]
    told = [each.json for each in far.received[before:]]
    assert [each["type"] for each in told] == ["Add", "Remove"]
    assert len({each["id"] for each in told}) == 2
    for each in told:
        assert (each["object"], each["target"]) == (status["uri"], f"{uri(alice)}/collections/featured")
        assert (each["to"], each["cc"]) == ([PUBLIC], [f"{uri(alice)}/followers"])


def test_what_is_only_for_this_server_is_pinned_here_alone(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    before = len(far.received)
    alice.post(f"/api/v1/statuses/{alice.posts('hush', visibility='local')['id']}/pin")
    drain()

    assert far.received[before:] == []


def test_a_pin_that_was_taken_back_meanwhile_is_not_told(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    status = alice.posts("hello")
    drain()
    before = len(far.received)
    alice.post(f"/api/v1/statuses/{status['id']}/pin")
    alice.post(f"/api/v1/statuses/{status['id']}/unpin")
    drain()

    assert [each.json["type"] for each in far.received[before:]] == ["Remove"]


# What comes in.


@pytest.mark.parametrize("spelt", ["address", "embedded", "with id and audience"])
def test_a_pin_elsewhere_is_fetched_and_comes_first_on_the_profile(
        far: Peer, alice: Person, drain: Drain, spelt: str) -> None:
    fern, id = met(far, alice, drain)
    note = far.note(fern, "read this first", published="2024-05-05T00:00:00Z")
    sent = pin(far, fern, note if spelt == "embedded" else note["id"])
    if spelt == "with id and audience":
        sent |= {"id": f"{fern['id']}#pins/1", "to": [fern["followers"]]}

    for _ in range(2):
        sends(far, sent, fern)
        drain()

    assert pinned(alice, id) == [note["id"]]
    assert note["id"] not in [each["uri"] for each in alice.get("/api/v1/timelines/public").json]
    assert note["id"] not in [each["uri"] for each in alice.get("/api/v1/timelines/home").json]

    sends(far, {**sent, "type": "Remove", "id": f"{fern['id']}#pins/2"}, fern)
    drain()
    assert pinned(alice, id) == []


@pytest.mark.parametrize("why", ["another collection", "a hashtag", "of somebody else", "of another server",
                                 "a pin of somebody else"])
def test_what_is_no_pin_is_left_out(far: Peer, third: Peer, alice: Person, drain: Drain, why: str) -> None:
    fern, id = met(far, alice, drain)
    ivy = far.actor("ivy")
    note, of_ivy, elsewhere = far.note(fern, "mine"), far.note(ivy, "ivy's"), third.note(third.actor("gary"), "far")
    sent = {
        "another collection": {**pin(far, fern, note["id"]), "target": f"{fern['id']}/collections/tags"},
        "a hashtag": pin(far, fern, {"type": "Hashtag", "id": note["id"], "name": "#cats", "href": f"{far.url}/t/c"}),
        "of somebody else": pin(far, fern, of_ivy["id"]),
        "of another server": pin(far, fern, elsewhere["id"]),
        "a pin of somebody else": {**pin(far, fern, note["id"]), "actor": ivy["id"]},
    }[why]

    assert sends(far, sent, sent["actor"]).status == 202
    drain()

    assert pinned(alice, id) == []


def test_the_fifth_pin_is_the_last_that_is_shown(far: Peer, alice: Person, drain: Drain) -> None:
    fern, id = met(far, alice, drain)
    notes = [far.note(fern, f"number {number}") for number in range(6)]
    for note in notes:
        sends(far, pin(far, fern, note["id"]), fern)
        drain()

    assert sorted(pinned(alice, id)) == sorted(note["id"] for note in notes[1:])


@pytest.mark.parametrize("shape", ["addresses", "embedded", "first page inline", "first page elsewhere"])
def test_pins_are_read_when_somebody_looks_at_the_account(far: Peer, alice: Person, drain: Drain, shape: str) -> None:
    fern, id = met(far, alice, drain)
    notes = [far.note(fern, f"number {number}") for number in range(2)]
    items: list[Any] = notes if shape == "embedded" else [each["id"] for each in notes]
    page = {"id": f"{fern['featured']}/1", "type": "OrderedCollectionPage", "orderedItems": items}
    if shape.startswith("first"):
        featured(far, fern, [], orderedItems=None, first=page if shape.endswith("inline") else page["id"])
        far.serve({"@context": fern["@context"], **page})
    else:
        featured(far, fern, [*items, f"{far.url}/gone", "https://other.example/1", 5])

    alice.get(f"/api/v1/accounts/{id}")
    drain()

    assert sorted(pinned(alice, id)) == sorted(each["id"] for each in notes)
    asked = len(far.asked)
    alice.get(f"/api/v1/accounts/{id}")
    drain()
    assert len(far.asked) == asked, "they are not read again at once"


def test_pins_stay_when_their_server_does_not_tell(far: Peer, alice: Person, drain: Drain,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    fern, id = met(far, alice, drain)
    note = far.note(fern, "first")
    sends(far, pin(far, fern, note["id"]), fern)
    drain()
    monkeypatch.setattr(refreshing, "is_stale", lambda _: True)
    alice.get(f"/api/v1/accounts/{id}")
    drain()

    assert pinned(alice, id) == [note["id"]]


def test_a_long_list_of_pins_costs_five_fetches(far: Peer, alice: Person, drain: Drain) -> None:
    fern, id = met(far, alice, drain)
    featured(far, fern, [f"{far.url}/notes/{number}" for number in range(100)])
    alice.get(f"/api/v1/accounts/{id}")
    drain()

    assert len([each for each in far.asked if each.path.startswith("/notes/")]) == 5
