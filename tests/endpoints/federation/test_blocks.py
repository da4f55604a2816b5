"""Blocks between servers: they end what is between two people, on both sides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.federation.arriving import learn_account
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account
from tests.cast import Person
from tests.endpoints.federation.sending import Drain, create, follow, followers, sends, to, told, undo, uri
from tests.endpoints.federation.test_inbox import acct, asks
from tests.peers.scripted import Document, Peer


def known(far: Peer, name: str = "fern") -> Account:
    found = accounts.find_by_nickname(acct(far, name))
    assert found is not None
    return found


def befriended(far: Peer, alice: Person, drain: Drain) -> Document:
    """An account elsewhere, where each follows the other."""
    fern = far.actor("fern")
    sends(far, follow(far, fern, alice), fern)
    drain()
    sends(far, far.activity("Accept", fern, asks(alice, far, fern, drain)), fern)
    drain()
    assert followers(alice) == [acct(far)]
    assert alice.account.following_count == 1
    return fern


# What comes in.


@pytest.mark.parametrize("undone", ["embedded", "by its address"])
def test_a_block_from_elsewhere_ends_both_follows_and_is_shown_until_it_ends(
        far: Peer, alice: Person, drain: Drain, undone: str) -> None:
    fern = befriended(far, alice, drain)
    before = told(alice)
    block = far.activity("Block", fern, uri(alice), id=f"{fern['id']}#blocks/2")
    for _ in range(2):
        sends(far, block, fern)
        drain()

    shown = alice.get(f"/api/v1/accounts/relationships?id={known(far).id}").json[0]
    assert shown["blocked_by"] is True
    assert (shown["following"], shown["followed_by"], shown["requested"]) == (False, False, False)
    here, there = alice.account, known(far)
    assert (here.followers_count, here.foreign_followers_count, here.following_count) == (0, 0, 0)
    assert (there.followers_count, there.following_count) == (0, 0)
    assert told(alice) == before, "nobody is told"
    assert alice.post(f"/api/v1/accounts/{there.id}/follow").status == 403

    for _ in range(2):
        sends(far, undo(far, block) if undone == "embedded" else far.activity("Undo", fern, block["id"]), fern)
        drain()
    assert alice.get(f"/api/v1/accounts/relationships?id={known(far).id}").json[0]["blocked_by"] is False


def test_a_block_ends_a_request_and_tells_nobody(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    asks(alice, far, fern, drain)
    drain()
    before = len(far.received)
    sends(far, far.activity("Block", fern, uri(alice)), fern)
    drain()

    assert alice.relation_to(known(far).id).follow is None
    assert far.received[before:] == []


def test_an_unknown_account_may_block_too(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, far.activity("Block", fern, uri(alice)), fern)
    drain()

    assert alice.relation_to(known(far).id).blocked_by is True


def test_a_block_that_was_undone_before_it_came_is_left_out(far: Peer, alice: Person, drain: Drain) -> None:
    fern = far.actor("fern")
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    block = far.activity("Block", fern, uri(alice))
    for each in (undo(far, block), block):
        sends(far, each, fern)
        drain()

    assert not alice.relation_to(known(far).id).blocked_by


def test_nobody_ends_the_block_of_somebody_else(far: Peer, alice: Person, drain: Drain) -> None:
    fern, ivy = far.actor("fern"), far.actor("ivy")
    block = far.activity("Block", fern, uri(alice))
    for each, by in ((block, fern), (far.activity("Block", ivy, uri(alice)), ivy)):
        sends(far, each, by)
        drain()
    for named in (block, block["id"], {**block, "actor": ivy["id"]}):
        sends(far, far.activity("Undo", ivy, named), ivy)
        drain()

    assert alice.relation_to(known(far).id).blocked_by is True


@pytest.mark.parametrize("whom", ["somebody elsewhere", "nobody"])
def test_a_block_of_nobody_here_does_nothing(far: Peer, alice: Person, drain: Drain, whom: str) -> None:
    fern = far.actor("fern")
    sends(far, create(far, far.note(fern, "hi", **to(alice)), fern), fern)
    drain()
    meant = far.actor("ivy")["id"] if whom == "somebody elsewhere" else uri(alice) + "x"

    assert sends(far, far.activity("Block", fern, meant), fern).status == 202
    drain()

    assert not alice.relation_to(known(far).id).blocked_by


# What goes out.


def test_a_block_and_its_end_are_sent_to_the_account_alone(far: Peer, alice: Person, drain: Drain) -> None:
    fern = learn_account(far.actor("fern"))
    alice.post(f"/api/v1/accounts/{fern.id}/block")
    drain()
    alice.post(f"/api/v1/accounts/{fern.id}/unblock")
    drain()

    assert [each.target for each in far.received] == ["/users/fern/inbox"] * 2
    block, end = (each.json for each in far.received)
    assert (block["type"], block["object"], block["to"]) == ("Block", fern.uri, [fern.uri])
    assert (end["type"], end["to"], end["object"]) == (
        "Undo", [fern.uri], {name: value for name, value in block.items() if name != "@context"})


def test_a_block_that_ended_meanwhile_is_not_sent(far: Peer, alice: Person, drain: Drain) -> None:
    fern = learn_account(far.actor("fern"))
    for step in ("block", "unblock", "block"):
        alice.post(f"/api/v1/accounts/{fern.id}/{step}")
    drain()

    assert sorted(each.json["type"] for each in far.received) == ["Block", "Undo"]
    assert len({each.json["object"]["id"] if each.json["type"] == "Undo" else each.json["id"]
                for each in far.received}) == 2


def test_blocks_stay_here_if_so_set(far: Peer, alice: Person, drain: Drain, setting: Callable[..., None]) -> None:
    setting(outgoing_blocks=False)
    fern = learn_account(far.actor("fern"))
    alice.post(f"/api/v1/accounts/{fern.id}/block")
    setting(outgoing_blocks=True)
    alice.post(f"/api/v1/accounts/{fern.id}/unblock")
    drain()

    assert far.received == []
