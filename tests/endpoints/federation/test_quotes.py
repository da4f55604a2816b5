"""Quotes between servers: in the spellings of several, with what FEP-044f demands, and in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.federation import arriving, resolving
from chalicelib.store.statuses import statuses
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, sends, told, uri
from tests.peers.scripted import PUBLIC, Document, Peer

REL = "https://misskey-hub.net/ns#_misskey_quote"
LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
OPEN = {"interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC], "manualApproval": []}}}


def by_hand(actor: Document) -> Document:
    """Everybody has to ask."""
    return {"interactionPolicy": {"canQuote": {"automaticApproval": actor["id"], "manualApproval": [PUBLIC]}}}


@pytest.fixture
def fern(far: Peer, alice: Person, drain: Drain) -> Document:
    """Somebody elsewhere whom Alice follows."""
    fern = far.actor("fern")
    account = arriving.learn_account(fern)
    alice.post(f"/api/v1/accounts/{account.id}/follow")
    drain()
    request = next(each.json for each in far.received if each.json["type"] == "Follow")
    sends(far, far.activity("Accept", fern, request), fern)
    drain()
    return fern


def comes(far: Peer, note: Document, by: Document, drain: Drain) -> None:
    sends(far, create(far, note, by), by)
    drain()


def seen(person: Person, address: str) -> dict[str, Any]:
    known = resolving.find(address)
    assert known is not None
    shown: dict[str, Any] = person.get(f"/api/v1/statuses/{known.id}").json
    return shown


def state(person: Person, address: str) -> str | None:
    quote = seen(person, address)["quote"]
    return quote and quote["state"]


def count(person: Person, status: dict[str, Any]) -> int:
    return int(person.get(f"/api/v1/statuses/{status['id']}").json["quotes_count"])


def fetched(person: Person, note: Document) -> dict[str, Any]:
    found: dict[str, Any] = person.get("/api/v2/search", {"q": note["id"], "resolve": True}).json["statuses"][0]
    return found


# What comes in.


SPELT: dict[str, Any] = {
    "Mastodon": lambda uri: {"quote": uri, "quoteUri": uri, "_misskey_quote": uri},
    "an object": lambda uri: {"quote": {"id": uri, "type": "Note"}},
    "Pleroma": lambda uri: {"quoteUrl": uri},
    "Akkoma": lambda uri: {"quoteUri": uri, "tag": [{"type": "Link", "mediaType": LD, "rel": REL, "href": uri}]},
    "Misskey": lambda uri: {"_misskey_quote": uri, "quoteUrl": uri},
    "FEP-e232": lambda uri: {"tag": [{"type": "Link", "mediaType": LD, "href": uri, "name": "RE: x"}]},
}


@pytest.mark.parametrize("spelling", SPELT)
def test_a_quote_of_somebody_here_comes_in_many_spellings(far: Peer, alice: Person, drain: Drain, spelling: str,
                                                          ) -> None:
    fern, original = far.actor("fern"), alice.posts("hello")
    note = far.note(fern, "look", **SPELT[spelling](original["uri"]))

    comes(far, note, fern, drain)

    shown = seen(alice, note["id"])
    assert (shown["quote"]["state"], shown["quote"]["quoted_status"]["id"]) == ("accepted", original["id"])
    assert shown["pleroma"]["quote_url"] == original["uri"]
    assert count(alice, original) == 1
    assert told(alice) == [("quote", f"fern@{far.host}")]
    assert statuses.find(shown["id"]).ttl is None

    sends(far, far.activity("Delete", fern, note["id"]), fern)
    drain()
    assert (count(alice, original), told(alice)) == (0, [])


@pytest.mark.parametrize(("policy", "follows", "wanted"), [
    ("nobody", True, "rejected"), ("followers", False, "rejected"), ("followers", True, "accepted")])
def test_the_policy_decides_of_who_does_not_ask(far: Peer, alice: Person, drain: Drain, policy: str, follows: bool,
                                                wanted: str) -> None:
    fern, original = far.actor("fern"), alice.posts("hello", quote_approval_policy=policy)
    if follows:
        sends(far, follow(far, fern, alice), fern)
    drain()
    note = far.note(fern, "look", quoteUrl=original["uri"])

    comes(far, note, fern, drain)

    assert state(alice, note["id"]) == wanted
    assert count(alice, original) == int(wanted == "accepted")


def test_a_private_status_is_never_shown_in_a_quote_of_another(far: Peer, alice: Person, fern: Document, drain: Drain,
                                                              ) -> None:
    hidden = alice.posts("hush", visibility="private")
    note = far.note(fern, "look", quoteUrl=hidden["uri"])

    comes(far, note, fern, drain)

    assert seen(alice, note["id"])["quote"] is None


def test_what_is_quoted_is_fetched_later_and_brings_itself_home(far: Peer, third: Peer, alice: Person, fern: Document,
                                                                drain: Drain) -> None:
    moss = third.actor("moss")
    deeper = third.note(moss, "deeper")
    original = third.note(moss, "the original", quoteUrl=deeper["id"])
    note = far.note(fern, "look", quoteUrl=original["id"])
    assert sends(far, create(far, note, fern), fern).status == 202
    assert third.asked == []

    drain()

    home = alice.get("/api/v1/timelines/home", {"limit": 1})
    shown = home.json[0]
    assert shown["quote"]["quoted_status"]["content"] == "<p>the original</p>"
    assert (home.calls, home.rounds) == (4, 3)
    assert resolving.find(deeper["id"]) is None
    assert count(alice, shown["quote"]["quoted_status"]) == 1
    alice.get(f"/api/v1/statuses/{shown['quote']['quoted_status']['id']}")
    drain()
    assert resolving.find(deeper["id"]) is not None


def test_a_quote_that_leads_nowhere_is_only_an_address(far: Peer, alice: Person, fern: Document, drain: Drain) -> None:
    note = far.note(fern, "look", quoteUrl=f"{far.url}/none")

    comes(far, note, fern, drain)

    shown = seen(alice, note["id"])
    assert (shown["quote"], shown["pleroma"]["quote_url"]) == (None, f"{far.url}/none")


def test_loops_of_quotes_end(far: Peer, alice: Person, fern: Document, drain: Drain) -> None:
    first, second = (f"{fern['id']}/statuses/{name}" for name in "ab")
    far.note(fern, "second", id=second, quoteUrl=first)
    note = far.note(fern, "first", id=first, quoteUrl=second)

    comes(far, note, fern, drain)
    drain()

    assert state(alice, first) == "accepted"
    itself = far.note(fern, "me", id=f"{fern['id']}/statuses/c", quoteUrl=f"{fern['id']}/statuses/c")
    comes(far, itself, fern, drain)
    assert seen(alice, itself["id"])["quote"] is None


# Stamps of others.


def stamp(third: Peer, moss: Document, note: Document, original: Document, **changes: Any) -> Document:
    return third.serve({
        "@context": "https://www.w3.org/ns/activitystreams", "id": f"{third.url}/stamps/1",
        "type": "QuoteAuthorization", "attributedTo": moss["id"], "interactingObject": note["id"],
        "interactionTarget": original["id"], **changes})


@pytest.mark.parametrize(("changes", "wanted"), [
    ({}, "accepted"), ({"interactingObject": "https://far.example/n"}, "pending"), ({"type": "Note"}, "pending"),
    ({"interactionTarget": "https://far.example/n"}, "pending"),
    ({"attributedTo": "https://far.example/users/eve"}, "pending"), (None, "pending"),
])
def test_a_stamp_of_another_server_is_looked_at(far: Peer, third: Peer, alice: Person, fern: Document, drain: Drain,
                                                changes: dict[str, Any] | None, wanted: str) -> None:
    moss = third.actor("moss")
    original = third.note(moss, "original", **by_hand(moss))
    said = {"id": f"{fern['id']}/statuses/q", "quote": original["id"]}
    given = stamp(third, moss, said, original, **(changes or {}))
    note = far.note(fern, "look", **said, quoteAuthorization=given["id"] if changes is not None else None)

    comes(far, note, fern, drain)

    assert state(alice, note["id"]) == wanted
    shown = seen(alice, note["id"])
    assert (shown["quote"]["quoted_status"] is not None) == (wanted == "accepted")
    assert count(alice, seen(alice, original["id"])) == int(wanted == "accepted")


def test_a_stamp_of_a_third_host_proves_nothing(far: Peer, third: Peer, alice: Person, fern: Document, drain: Drain,
                                                ) -> None:
    moss = third.actor("moss")
    original = third.note(moss, "original", **by_hand(moss))
    said = {"id": f"{fern['id']}/statuses/q", "quote": original["id"]}
    forged = stamp(far, moss, said, original)
    comes(far, far.note(fern, "look", **said, quoteAuthorization=forged["id"]), fern, drain)

    assert state(alice, said["id"]) == "pending"


def test_a_stamp_comes_with_an_update_and_goes_with_a_delete(far: Peer, third: Peer, alice: Person, fern: Document,
                                                             drain: Drain) -> None:
    moss = third.actor("moss")
    original = third.note(moss, "original", **by_hand(moss))
    note = far.note(fern, "look", quote=original["id"])
    comes(far, note, fern, drain)
    given = stamp(third, moss, note, original)
    assert state(alice, note["id"]) == "pending"

    sends(far, far.activity("Update", fern, {**note, "quoteAuthorization": given["id"]}), fern)
    drain()
    assert state(alice, note["id"]) == "accepted"

    sends(third, third.activity("Delete", moss, given["id"]), moss)
    drain()
    assert state(alice, note["id"]) == "revoked"
    assert count(alice, seen(alice, original["id"])) == 0


def test_an_update_never_changes_what_is_quoted(far: Peer, alice: Person, fern: Document, drain: Drain) -> None:
    originals = [far.note(fern, f"original {number}") for number in range(2)]
    note = far.note(fern, "look", quoteUrl=originals[0]["id"])
    comes(far, note, fern, drain)

    sends(far, far.activity("Update", fern, {**note, "content": "<p>new</p>", "quoteUrl": originals[1]["id"]}), fern)
    drain()

    shown = seen(alice, note["id"])
    assert (shown["content"], shown["pleroma"]["quote_url"]) == ("<p>new</p>", originals[0]["id"])


# Requests of others.


def request(far: Peer, by: Document, status: dict[str, Any], note: Document, **said: Any) -> Document:
    return far.activity("QuoteRequest", by, status["uri"], instrument=note["id"], **said)


def answers_of(far: Peer) -> list[Document]:
    return [each.json for each in far.received if each.json["type"] in ("Accept", "Reject")
            and each.json["object"]["type"] == "QuoteRequest"]


def test_a_request_is_answered_with_a_stamp(far: Peer, alice: Person, anonymous: Person, drain: Drain) -> None:
    fern, original = far.actor("fern"), alice.posts("hello")
    note = far.note(fern, "look", quote=original["uri"])
    asked = request(far, fern, original, note)

    sends(far, asked, fern)
    drain()
    sends(far, request(far, fern, original, note), fern)
    drain()

    first, second = answers_of(far)
    assert (first["type"], first["actor"], first["to"]) == ("Accept", uri(alice), [fern["id"]])
    assert first["object"] == {"type": "QuoteRequest", "id": asked["id"], "actor": fern["id"],
                               "object": original["uri"], "instrument": note["id"]}
    assert first["result"] == second["result"]
    given = anonymous.get(first["result"].removeprefix("http://kenoma.test"),
                          headers={"Accept": "application/activity+json"})
    assert given.status == 200
    assert {name: given.json[name] for name in (
        "id", "type", "attributedTo", "interactingObject", "interactionTarget")} == {
        "id": first["result"], "type": "QuoteAuthorization", "attributedTo": uri(alice),
        "interactingObject": note["id"], "interactionTarget": original["uri"]}
    comes(far, {**note, "quoteAuthorization": first["result"]}, fern, drain)
    assert state(alice, note["id"]) == "accepted"

    quoting = seen(alice, note["id"])["id"]
    alice.post(f"/api/v1/statuses/{original['id']}/quotes/{quoting}/revoke")
    drain()
    assert anonymous.get(first["result"].removeprefix("http://kenoma.test"),
                         headers={"Accept": "application/activity+json"}).status == 404
    end = far.received[-1].json
    assert (end["type"], end["actor"], end["object"]) == ("Delete", uri(alice), first["result"])
    sends(far, request(far, fern, original, note), fern)
    drain()
    assert answers_of(far)[-1]["type"] == "Reject"


@pytest.mark.parametrize("why", ["nobody", "followers", "private", "blocked"])
def test_a_request_is_refused_by_the_policy(far: Peer, alice: Person, drain: Drain, why: str) -> None:
    fern = far.actor("fern")
    account = arriving.learn_account(fern)
    said: dict[str, Any] = {"visibility": "private"} if why == "private" else {
        "quote_approval_policy": why} if why != "blocked" else {}
    original = alice.posts("hello", **said)
    if why == "blocked":
        alice.post(f"/api/v1/accounts/{account.id}/block")
    note = far.note(fern, "look", quote=original["uri"])

    sends(far, request(far, fern, original, note), fern)
    drain()

    (refused,) = answers_of(far)
    assert (refused["type"], "result" in refused) == ("Reject", False)


def test_a_request_for_a_quote_of_another_host_is_left_out(far: Peer, third: Peer, alice: Person, drain: Drain) -> None:
    fern, original = far.actor("fern"), alice.posts("hello")
    note = third.note(third.actor("moss"), "look", quote=original["uri"])

    sends(far, request(far, fern, original, note), fern)
    drain()

    assert answers_of(far) == []


# What goes out.


def test_a_note_says_what_it_quotes_in_all_spellings(far: Peer, alice: Person, bob: Person, drain: Drain,
                                                     anonymous: Person) -> None:
    fern, original = far.actor("fern"), bob.posts("hello", quote_approval_policy="followers")
    sends(far, follow(far, fern, alice), fern)
    drain()
    alice.follows(bob)

    quote = alice.posts("look", quote_id=original["id"], quote_approval_policy="nobody")
    drain()

    note = next(each.json["object"] for each in far.received if each.json["type"] == "Create")
    assert {note[name] for name in ("quote", "quoteUrl", "quoteUri", "_misskey_quote")} == {original["uri"]}
    assert [(each["href"], each["rel"]) for each in note["tag"] if each["type"] == "Link"] == [(original["uri"], REL)]
    assert note["content"].startswith('<p class="quote-inline">RE: ')
    assert note["interactionPolicy"] == {"canQuote": {"automaticApproval": [uri(alice)], "manualApproval": []}}
    given = anonymous.get(note["quoteAuthorization"].removeprefix("http://kenoma.test"),
                          headers={"Accept": "application/activity+json"}).json
    assert (given["attributedTo"], given["interactingObject"], given["interactionTarget"]) == (
        uri(bob), quote["uri"], original["uri"])

    bob.post(f"/api/v1/statuses/{original['id']}/quotes/{quote['id']}/revoke")
    drain()
    update = far.received[-1].json
    assert (update["type"], "quote" in update["object"], "updated" in update["object"]) == ("Update", False, False)


def test_who_says_nothing_of_quotes_is_quoted_at_once_and_hears_of_it(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    original = fetched(alice, far.note(fern, "hello"))

    quote = alice.posts("look", quote_id=original["id"])
    drain()

    assert quote["quote"]["state"] == "accepted"
    assert [each.json["type"] for each in far.received] == ["Create"]
    assert statuses.find(original["id"]).ttl is None
    alice.delete(f"/api/v1/statuses/{quote['id']}")
    drain()
    assert far.received[-1].json["type"] == "Delete"


def test_a_policy_of_another_server_is_asked_first(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    original = fetched(alice, far.note(fern, "hello", **by_hand(fern)))
    assert original["quote_approval"] == {"automatic": [], "manual": ["public"], "current_user": "manual"}

    quote = alice.posts("look", quote_id=original["id"])
    drain()

    assert quote["quote"] == {"state": "pending", "quoted_status": None}
    asked = next(each.json for each in far.received if each.json["type"] == "QuoteRequest")
    assert (asked["actor"], asked["object"], asked["instrument"]["id"]) == (
        uri(alice), original["uri"], quote["uri"])
    assert asked["instrument"]["quote"] == original["uri"]
    assert count(alice, original) == 0

    given = f"{far.url}/stamps/1"
    sends(far, far.activity("Accept", fern, asked["id"], result=given), fern)
    drain()
    shown = seen(alice, original["uri"])
    assert shown["quotes_count"] == 1
    assert alice.get(f"/api/v1/statuses/{quote['id']}").json["quote"]["quoted_status"]["id"] == original["id"]
    update = far.received[-1].json
    assert (update["type"], update["object"]["quoteAuthorization"]) == ("Update", given)

    sends(far, far.activity("Delete", fern, {"id": given, "type": "QuoteAuthorization"}), fern)
    drain()
    assert alice.get(f"/api/v1/statuses/{quote['id']}").json["quote"]["state"] == "revoked"
    assert "quote" not in far.received[-1].json["object"]
    assert seen(alice, original["uri"])["quotes_count"] == 0


@pytest.mark.parametrize("embedded", [True, False])
def test_a_refused_quote_says_so(far: Peer, alice: Person, drain: Drain, embedded: bool) -> None:
    fern = far.actor("fern")
    original = fetched(alice, far.note(fern, "hello", **OPEN))
    quote = alice.posts("look", quote_id=original["id"])
    drain()
    asked = next(each.json for each in far.received if each.json["type"] == "QuoteRequest")
    eve = far.actor("eve")

    sends(far, far.activity("Reject", eve, asked if embedded else asked["id"]), eve)
    drain()
    assert alice.get(f"/api/v1/statuses/{quote['id']}").json["quote"]["state"] == "pending"
    sends(far, far.activity("Accept", fern, asked, result="https://far.example/stamps/1"), fern)
    drain()
    assert alice.get(f"/api/v1/statuses/{quote['id']}").json["quote"]["state"] == "pending"

    sends(far, far.activity("Reject", fern, asked if embedded else asked["id"]), fern)
    drain()
    shown = alice.get(f"/api/v1/statuses/{quote['id']}").json
    assert (shown["quote"]["state"], shown["pleroma"]["quote_url"]) == ("rejected", None)


def test_who_lets_nobody_quote_is_not_quoted(far: Peer, alice: Person) -> None:
    fern = far.actor("fern")
    original = fetched(alice, far.note(fern, "hello", interactionPolicy={
        "canQuote": {"automaticApproval": [fern["id"]]}}))

    assert original["quote_approval"]["current_user"] == "denied"
    assert alice.post("/api/v1/statuses", json={"status": "x", "quote_id": original["id"]}).status == 422


def test_quotes_of_local_statuses_stay_here(far: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    original = bob.posts("hello", visibility="local")

    alice.posts("look", quote_id=original["id"])
    drain()

    assert "Create" not in [each.json["type"] for each in far.received]
