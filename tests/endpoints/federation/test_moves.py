"""Accounts that go on as other ones, between servers: both sides have to say so, and followers come along."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.accounts import moving
from chalicelib.domain.federation import addresses
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.jobs import Job
from tests.cast import PASSWORD, Cast, Person
from tests.endpoints.federation.sending import HERE, Drain, follow, sends, told, uri
from tests.endpoints.federation.test_inbox import acct
from tests.peers.scripted import Document, Peer

DONE = {"status": "success"}


def known(far: Peer, name: str = "fern") -> Account:
    found = accounts.find_by_nickname(acct(far, name))
    assert found is not None
    return found


def follows(person: Person, far: Peer, document: Document, drain: Drain) -> Account:
    """Somebody here follows an account elsewhere, whose server agrees."""
    person.get(f"/api/v2/search?resolve=true&q={document['id']}")
    account = known(far, document["preferredUsername"])
    person.post(f"/api/v1/accounts/{account.id}/follow")
    drain()
    asked = {"type": "Follow", "id": addresses.of_activity(person.relation_to(account.id).follow_id or ""),
             "actor": uri(person), "object": document["id"]}
    sends(far, far.activity("Accept", document, asked), document)
    drain()
    assert person.relation_to(account.id).follows
    return account


def moves(far: Peer, old: Document, to: Document | str, **said: Any) -> Document:
    target = to if isinstance(to, str) else to["id"]
    return far.activity("Move", old, old["id"], target=target, **said)


def following(person: Person) -> list[str]:
    return sorted(each["acct"] for each in person.get(f"/api/v1/accounts/{person.id}/following").json)


@pytest.fixture
def apart(far: Peer, third: Peer) -> tuple[Document, Document]:
    """An account, and the one at another server that it may move to."""
    fern = far.actor("fern")
    return fern, third.actor("fern2", alsoKnownAs=[fern["id"]])


# What comes in.


def test_followers_here_follow_where_an_account_has_gone(
        far: Peer, third: Peer, alice: Person, bob: Person, drain: Drain, apart: tuple[Document, Document]) -> None:
    old, new = apart
    account = follows(alice, far, old, drain)
    follows(bob, far, old, drain)
    bob.patch("/api/v1/accounts/update_credentials", json={"allow_following_move": False})
    alice.post(f"/api/v1/pleroma/accounts/{account.id}/subscribe")

    for _ in range(2):
        sends(far, moves(far, old, new), old)
        drain()

    there = known(third, "fern2")
    assert alice.relation_to(there.id).requested, "its server has to agree"
    assert not alice.relation_to(account.id).follows
    assert alice.relation_to(there.id).subscribes
    assert following(bob) == [acct(far)]
    assert [each.json["type"] for each in third.received] == ["Follow"]
    assert [each.json["type"] for each in far.received][-1] == "Undo"
    for person in (alice, bob):
        (notice,) = [each for each in person.get("/api/v1/notifications").json if each["type"] == "move"]
        assert (notice["account"]["acct"], notice["target"]["acct"]) == (acct(far), acct(third, "fern2"))
    assert alice.get(f"/api/v1/accounts/{account.id}").json["moved"]["acct"] == acct(third, "fern2")
    assert known(far).followers_count == 1


def test_an_account_moves_to_one_of_this_server(far: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    old = far.actor("fern")
    account = follows(alice, far, old, drain)
    follows(bob, far, old, drain)
    assert bob.put("/api/pleroma/aliases", json={"alias": acct(far)}).json == DONE

    sends(far, moves(far, old, uri(bob)), old)
    drain()

    assert following(alice) == ["bob"]
    assert following(bob) == [], "who is the new account does not follow themselves"
    assert bob.account.followers_count == 1
    assert known(far).followers_count == 0
    assert alice.get(f"/api/v1/accounts/{account.id}").json["moved"]["acct"] == "bob"


def to_itself(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, old)


def to_one_that_does_not_say_so(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, far.actor("gary"))


def to_one_that_has_moved_on(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, far.actor("gary", alsoKnownAs=[old["id"]], movedTo=new["id"]))


def to_one_that_moves_back(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, far.actor("gary", alsoKnownAs=old["id"], movedTo=old["id"]))


def to_nobody(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, f"{far.url}/users/nobody")


def to_nobody_here(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, f"{HERE}/users/nobody")


def to_one_here_that_does_not_say_so(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, f"{HERE}/users/alice")


def nowhere(far: Peer, old: Document, new: Document) -> Document:
    return moves(far, old, "")


def of_somebody_else(far: Peer, old: Document, new: Document) -> Document:
    ivy = far.actor("ivy")
    return {**moves(far, ivy, new), "object": old["id"]}


@pytest.mark.parametrize("said", [
    to_itself, to_one_that_does_not_say_so, to_one_that_has_moved_on, to_one_that_moves_back, to_nobody, to_nobody_here,
    to_one_here_that_does_not_say_so, nowhere, of_somebody_else])
def test_a_move_that_is_not_agreed_changes_nothing(
        far: Peer, alice: Person, drain: Drain, apart: tuple[Document, Document],
        said: Callable[[Peer, Document, Document], Document]) -> None:
    old, new = apart
    account = follows(alice, far, old, drain)

    sent = said(far, old, new)
    assert sends(far, sent, sent["actor"]).status == 202
    drain()

    assert following(alice) == [acct(far)]
    assert told(alice) == []
    assert "moved" not in alice.get(f"/api/v1/accounts/{account.id}").json


def test_an_account_moves_once_in_a_week(far: Peer, third: Peer, alice: Person, drain: Drain,
                                        apart: tuple[Document, Document], monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = apart
    account = follows(alice, far, old, drain)
    sends(far, moves(far, old, new), old)
    drain()
    alice.post(f"/api/v1/accounts/{account.id}/follow")
    other = third.actor("fern3", alsoKnownAs=[old["id"]])
    sends(far, far.activity("Update", old, {**old, "movedTo": other["id"]}), old)
    sends(far, moves(far, old, other), old)
    drain()
    assert accounts.find_by_nickname(acct(third, "fern3")) is None or not alice.relation_to(
        known(third, "fern3").id).requested

    now = time.time() + moving.PAUSE + 60
    monkeypatch.setattr(time, "time", lambda: now)
    sends(far, moves(far, old, other), old)
    drain()
    assert known(far).profile["moved"]["uri"] == other["id"]


def test_who_says_to_have_moved_is_shown_so_only_if_that_is_agreed(
        far: Peer, third: Peer, alice: Person, drain: Drain, apart: tuple[Document, Document]) -> None:
    old, new = apart
    account = follows(alice, far, old, drain)
    stranger = far.actor("gary")
    for target, shown in ((stranger, None), (new, acct(third, "fern2")), (None, None)):
        changed = {**old, "movedTo": target and target["id"]}
        sends(far, far.activity("Update", old, changed), old)
        drain()
        seen = alice.get(f"/api/v1/accounts/{account.id}").json.get("moved")
        assert (seen and seen["acct"]) == shown
    assert following(alice) == [acct(far)], "nobody follows for that"


def test_followers_are_taken_along_fifty_at_a_time(far: Peer, alice: Person, bob: Person, cast: Cast, drain: Drain,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "FOLLOWERS_A_STEP", 2)
    old = far.actor("fern")
    people = [alice, *(cast.person(f"person{number}") for number in range(4))]
    for person in people:
        follows(person, far, old, drain)
    bob.put("/api/pleroma/aliases", json={"alias": acct(far)})
    people[1].post(f"/api/v1/accounts/{bob.id}/block")
    people[2].post(f"/api/v1/accounts/{bob.id}/follow")

    sends(far, moves(far, old, uri(bob)), old)
    drain()

    assert bob.account.followers_count == 4
    assert following(people[1]) == [acct(far)], "whom somebody blocks they do not follow"
    assert known(far).followers_count == 1


# Aliases, and what goes out.


def test_aliases_are_named_listed_and_taken_back(far: Peer, alice: Person, bob: Person) -> None:
    far.actor("fern")
    for name in (acct(far), f"@{acct(far)}", "bob"):
        assert alice.put("/api/pleroma/aliases", json={"alias": name}).json == DONE

    assert alice.get("/api/pleroma/aliases").json == {"aliases": [acct(far), "bob@kenoma.test"]}
    shown = alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["also_known_as"]
    assert shown == [f"{far.url}/users/fern", uri(bob)]

    assert alice.delete("/api/pleroma/aliases", json={"alias": acct(far)}).json == DONE
    assert alice.get("/api/pleroma/aliases").json == {"aliases": ["bob@kenoma.test"]}
    again = alice.delete("/api/pleroma/aliases", json={"alias": acct(far)})
    assert (again.status, again.json) == (404, {"error": "Account has no such alias."})


@pytest.mark.parametrize("method", ["put", "delete"])
@pytest.mark.parametrize("name", ["nobody", "nobody@127.0.0.1:1", "", "@"])
def test_an_alias_has_to_be_somebody(alice: Person, method: str, name: str) -> None:
    reply = getattr(alice, method)("/api/pleroma/aliases", json={"alias": name})

    assert (reply.status, reply.json) == (404, {"error": "Target account does not exist."})


def moved(person: Person, target: str, password: str = PASSWORD) -> Any:
    reply = person.post("/api/pleroma/move_account", json={"password": password, "target_account": target})
    return reply.json.get("error", reply.json)


def test_moving_away_takes_followers_here_along_and_tells_those_elsewhere(
        far: Peer, third: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    bob.post(f"/api/v1/accounts/{alice.id}/follow")
    new = third.actor("alice", alsoKnownAs=[uri(alice)])
    drain()
    before = len(far.received)

    assert moved(alice, acct(third, "alice")) == DONE
    drain()

    there = known(third, "alice")
    (move,) = [each.json for each in far.received[before:]]
    assert (move["type"], move["object"], move["target"]) == ("Move", uri(alice), new["id"])
    assert move["to"] == [f"{uri(alice)}/followers"]
    assert bob.relation_to(there.id).requested
    assert not bob.relation_to(alice.id).follows
    assert told(bob) == [("move", "alice")]
    assert alice.get("/api/v1/accounts/verify_credentials").json["moved"]["acct"] == acct(third, "alice")
    assert bob.get(f"/api/v1/accounts/{alice.id}").json["moved"]["id"] == there.id
    assert far.asks("/users/alice", by=fern).json["movedTo"] == new["id"]
    assert [each["acct"] for each in alice.get(f"/api/v1/accounts/{alice.id}/followers").json] == [acct(far)]


def test_moving_needs_the_password_and_the_other_accounts_consent(far: Peer, alice: Person, bob: Person,
                                                                 drain: Drain) -> None:
    far.actor("fern")
    assert moved(alice, "bob", "wrong") == "Invalid password."
    assert moved(alice, "nobody") == "Target account not found."
    for target in ("bob", "alice", acct(far)):
        assert moved(alice, target) == "Target account must have the origin in `alsoKnownAs`"
    far.actor("fern", alsoKnownAs=[uri(alice)], movedTo=f"{far.url}/users/gary")
    assert moved(alice, acct(far)) == "Target account has moved itself."
    bob.put("/api/pleroma/aliases", json={"alias": "alice"})
    assert moved(alice, "bob") == DONE
    drain()
    far.actor("fern", alsoKnownAs=[uri(alice)], movedTo=None)
    assert moved(alice, acct(far)) == "An account can move once in seven days."


def test_what_a_move_costs(alice: Person, bob: Person, cast: Cast) -> None:
    """Reading is for all together, and so are the notifications. Then each follower does what they could by hand."""
    for number in range(4):
        cast.person(f"person{number}").post(f"/api/v1/accounts/{alice.id}/follow")
    bob.put("/api/pleroma/aliases", json={"alias": "alice"})
    assert moved(alice, "bob") == DONE
    (job,) = Job.scan(Job.kind == "move_follows")

    with counted() as ledger:
        assert moving.move_followers(alice.id, bob.id, job.payload["cause"], job.id) is None

    assert (alice.account.followers_count, bob.account.followers_count) == (0, 4)
    assert ledger.calls == 5 + 4 * 6
