"""Domain blocks: the follows that end with them, and what other servers hear of it."""

from __future__ import annotations

import pytest

from chalicelib.domain.relationships import follow_requests, severing
from chalicelib.ids import new_flake
from chalicelib.queues.federating import EndFollows
from chalicelib.queues.messages import outbox
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.dynamo.table import update
from tests.cast import Cast, Person
from tests.endpoints.federation.sending import Drain, followers
from tests.endpoints.federation.test_delivery import comes, eyes_of, follows, heard, types
from tests.peers.scripted import Peer

BLOCKS = "/api/v1/domain_blocks"


def befriended(far: Peer, alice: Person, drain: Drain, name: str = "fern") -> Account:
    """An account elsewhere. Each follows the other, and all of it has been sent."""
    account = comes(far, name)
    follows(account, alice)
    asks(alice, account)
    follow_requests.authorize(alice.id, by=eyes_of(account))
    drain()
    heard(far, drain)
    return account


def asks(person: Person, account: Account) -> None:
    assert person.post(f"/api/v1/accounts/{account.id}/follow").status == 200


def test_a_block_ends_follows_in_both_directions_and_tells_their_server(
        far: Peer, third: Peer, alice: Person, bob: Person, drain: Drain) -> None:
    fern, gil = befriended(far, alice, drain), befriended(third, alice, drain, "gil")
    bob.follows(alice)
    drain()

    alice.post(BLOCKS, {"domain": far.host})

    told = heard(far, drain)
    assert sorted(types(told)) == ["Reject", "Undo"]
    (reject,), (undo,) = ([each for each in told if each["type"] == type] for type in ("Reject", "Undo"))
    assert (reject["object"]["actor"], undo["object"]["object"]) == (fern.uri, fern.uri)
    assert heard(third, drain) == []
    assert set(followers(alice)) == {gil.acct, "bob"}
    here, there = alice.account, accounts.find(fern.id)
    assert there is not None
    assert (here.followers_count, here.foreign_followers_count, here.following_count) == (2, 1, 1)
    assert (there.followers_count, there.following_count) == (0, 0)


def test_requests_in_both_directions_end_too(far: Peer, cast: Cast, drain: Drain) -> None:
    locked = cast.person("larry", locked=True)
    follows(comes(far), locked)
    asks(locked, gil := comes(far, "gil"))
    heard(far, drain)

    locked.post(BLOCKS, {"domain": f"*.{far.host}"})

    assert sorted(types(heard(far, drain))) == ["Reject", "Undo"]
    assert locked.get("/api/v1/follow_requests").json == []
    assert not locked.relation_to(gil.id).requested


def test_whom_one_follows_after_the_block_one_goes_on_to_follow(far: Peer, alice: Person, drain: Drain) -> None:
    fern, gil = befriended(far, alice, drain), comes(far, "gil")
    alice.post(BLOCKS, {"domain": far.host})
    asks(alice, gil)
    follow_requests.authorize(alice.id, by=eyes_of(gil))

    drain()

    assert alice.relation_to(gil.id).follows
    assert not alice.relation_to(fern.id).follows


def test_a_block_that_is_taken_back_at_once_ends_nothing(far: Peer, alice: Person, drain: Drain) -> None:
    fern = befriended(far, alice, drain)

    alice.post(BLOCKS, {"domain": far.host})
    alice.delete(BLOCKS, {"domain": far.host})

    assert heard(far, drain) == []
    assert followers(alice) == [fern.acct]
    assert alice.relation_to(fern.id).follows


def test_people_here_stay_whatever_is_blocked(alice: Person, bob: Person, drain: Drain) -> None:
    alice.follows(bob)
    bob.follows(alice)

    alice.post(BLOCKS, {"domain": "kenoma.test"})
    drain()

    assert (alice.account.followers_count, alice.account.following_count) == (1, 1)


def test_many_are_looked_at_a_few_at_a_time(
        alice: Person, bob: Person, cast: Cast, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(severing, "LOOKED_AT", 3)
    people = cast.people(7)
    for each in people:
        each.follows(alice)
        alice.follows(each)
    for each in people[1:]:
        update(Account.stub(each.id, PROFILE), [Account.host.set("bad.example")])

    alice.post(BLOCKS, {"domain": "bad.example"})
    drain()

    assert followers(alice) == [people[0].nickname]
    assert alice.account.following_count == 1


def test_looking_at_a_hundred_costs_the_same_for_two_and_for_forty(alice: Person, cast: Cast) -> None:
    def calls() -> int:
        job = EndFollows(alice.id, ["bad.example"], new_flake())
        jobs.add([outbox(job)])
        with counted() as ledger:
            assert severing.end_follows(alice.id, job.domains, job.cause, job.job) == 0
        return ledger.calls

    alice.post(BLOCKS, {"domain": "bad.example"})
    people, costs = cast.people(40), []
    for some in (people[:2], people[2:]):
        for each in some:
            each.follows(alice)
        costs.append(calls())

    assert costs == [5, 5]


def test_each_follow_that_ends_costs_two_calls(alice: Person, cast: Cast) -> None:
    costs = []
    for people in (cast.people(2, "one"), cast.people(12, "another")):
        for each in people:
            each.follows(alice)
            update(Account.stub(each.id, PROFILE), [Account.host.set("bad.example")])
        alice.post(BLOCKS, {"domain": "bad.example"})
        job = EndFollows(alice.id, ["bad.example"], new_flake())
        jobs.add([outbox(job)])
        with counted() as ledger:
            severing.end_follows(alice.id, job.domains, job.cause, job.job)
        costs.append(ledger.calls)

    assert (costs[1] - costs[0]) / 10 == 2
