"""Accounts and polls of other servers are fetched again when somebody looks at them and they are due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain.federation import refreshing, resolving
from chalicelib.domain.federation.staleness import is_poll_stale, is_stale
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.ephemeral import Ephemeral
from chalicelib.store.statuses import statuses
from chalicelib.store.statuses.statuses import Status
from tests.cast import Person
from tests.peers import scripted
from tests.peers.scripted import Peer

DAY = 86_400


@pytest.fixture
def far() -> Iterator[Peer]:
    with scripted.serving() as peer:
        yield peer


def met(far: Peer) -> Account:
    """Bob, an account that is known, with the totals that its server told."""
    bob = far.actor("bob")
    for name, total in [("followers", 70), ("following", 5), ("outbox", 900)]:
        far.serve({"@context": scripted.CONTEXT, "id": bob[name], "type": "OrderedCollection", "totalItems": total})
    return resolving.account_of(bob["id"])


def ages(account: Account, seconds: int) -> None:
    """Let it be so long ago that it was fetched, or tried."""
    now = accounts.find(account.id)
    assert now is not None
    Account.stub(account.id, PROFILE).update([Account.seen.set(int(now.seen) - seconds)])
    for row in Ephemeral.scan():
        row.delete()


def fresh(account: Account) -> Account:
    found = accounts.find(account.id)
    assert found is not None
    return found


def test_the_totals_come_after_the_first_view(alice: Person, far: Peer, drain: Callable[[], object]) -> None:
    bob = met(far)
    first = alice.get(f"/api/v1/accounts/{bob.id}").json
    drain()

    shown = alice.get(f"/api/v1/accounts/{bob.id}").json

    assert (first["followers_count"], first["statuses_count"]) == (0, 0)
    assert (shown["followers_count"], shown["following_count"], shown["statuses_count"]) == (70, 5, 900)


def test_an_account_is_fetched_again_a_day_later_and_not_before(alice: Person, far: Peer,
                                                                drain: Callable[[], object]) -> None:
    bob = met(far)
    refreshing.refresh_account(bob.id)
    far.serve({**far.actor("bob"), "name": "Bob the Second"})
    alice.get(f"/api/v1/accounts/{bob.id}")
    drain()
    assert fresh(bob).profile["display_name"] == "Bob"

    ages(bob, DAY)
    alice.get(f"/api/v1/accounts/{bob.id}")
    drain()

    shown = alice.get(f"/api/v1/accounts/{bob.id}").json
    assert (shown["display_name"], shown["followers_count"]) == ("Bob the Second", 70)
    asked = len(far.asked)
    alice.get(f"/api/v1/accounts/{bob.id}")
    drain()
    assert len(far.asked) == asked


def test_a_failure_is_followed_by_longer_and_longer_waits(far: Peer) -> None:
    bob = met(far)
    far.answers["/users/bob"] = scripted.Reply(500)
    ages(bob, DAY)

    assert not refreshing.refresh_account(bob.id)
    assert fresh(bob).failures == 1
    assert fresh(bob).profile["display_name"] == "Bob"
    assert not is_stale(fresh(bob))
    ages(bob, 601)
    assert is_stale(fresh(bob))
    refreshing.refresh_account(bob.id)
    ages(bob, 601)
    assert not is_stale(fresh(bob))

    far.actor("bob")
    ages(bob, DAY)
    assert refreshing.refresh_account(bob.id)
    assert fresh(bob).failures == 0


def test_an_account_that_is_gone_is_deleted(alice: Person, far: Peer, drain: Callable[[], object],
                                            setting: Callable[..., None]) -> None:
    setting(deletion_pause=0)
    bob = met(far)
    far.answers["/users/bob"] = scripted.Reply(410)
    ages(bob, DAY)

    refreshing.refresh_account(bob.id)
    drain()

    assert alice.get(f"/api/v1/accounts/{bob.id}").status == 404


def test_an_account_that_is_not_found_for_three_days_is_deleted(far: Peer, drain: Callable[[], object]) -> None:
    bob = met(far)
    far.answers["/users/bob"] = scripted.Reply(404)
    ages(bob, DAY)
    refreshing.refresh_account(bob.id)
    drain()
    assert not fresh(bob).deleted

    now = fresh(bob)
    Account.stub(bob.id, PROFILE).update([Account.missing_since.set(int(now.missing_since) - 3 * DAY)])
    ages(bob, DAY)
    refreshing.refresh_account(bob.id)
    drain()

    gone = accounts.find(bob.id)
    assert gone is None or gone.deleted


def asking(far: Peer, bob: dict[str, Any], votes: int, **said: Any) -> dict[str, Any]:
    options = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
               for name, count in [("yes", votes), ("no", 1)]]
    return far.note(bob, "?", **{"type": "Question", "id": f"{bob['id']}/statuses/q", "oneOf": options, **said})


def counted_ago(status: Status, seconds: int) -> None:
    Status.stub(status.id).update([Status.tallied.set(int(Status.get(status.id).tallied or 0) - seconds)])
    for row in Ephemeral.scan():
        row.delete()


def test_the_counts_of_a_poll_are_fetched_again(alice: Person, far: Peer, drain: Callable[[], object]) -> None:
    bob = far.actor("bob")
    status = resolving.status_of(asking(far, bob, 3)["id"])
    asking(far, bob, 8)

    alice.get(f"/api/v1/statuses/{status.id}")
    drain()

    poll = alice.get(f"/api/v1/polls/{status.id}").json
    assert ([each["votes_count"] for each in poll["options"]], poll["voters_count"]) == ([8, 1], 9)
    asking(far, bob, 20)
    drain()
    assert alice.get(f"/api/v1/polls/{status.id}").json["votes_count"] == 9
    counted_ago(status, 61)
    alice.get(f"/api/v1/polls/{status.id}")
    drain()
    assert alice.get(f"/api/v1/polls/{status.id}").json["votes_count"] == 21


def test_other_options_are_another_poll(far: Peer) -> None:
    bob = far.actor("bob")
    status = resolving.status_of(asking(far, bob, 3)["id"])
    asking(far, bob, 8, oneOf=[{"type": "Note", "name": "maybe"}])

    assert not refreshing.refresh_poll(status.id)


def test_after_the_end_the_counts_are_fetched_once_more(far: Peer) -> None:
    bob = far.actor("bob")
    status = resolving.status_of(asking(far, bob, 3, endTime="2024-01-01T00:00:00Z")["id"])
    assert is_poll_stale(status)

    refreshing.refresh_poll(status.id)

    found = statuses.find(status.id)
    assert found is not None
    assert not is_poll_stale(found)


def test_a_look_at_what_is_from_here_asks_for_nothing(alice: Person, bob: Person) -> None:
    status = alice.posts("hello")

    reply = bob.get(f"/api/v1/statuses/{status['id']}")

    assert (reply.calls, reply.rounds) == (2, 2)
