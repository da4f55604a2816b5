"""Purging another server: everything of it goes that is stored here, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from chalicelib.domain.federation import nodeinfo
from chalicelib.domain.instance import about
from chalicelib.domain.staff import purging
from chalicelib.queues.federating import PurgeHost
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.federation.accounts import FAVOURITE, FOLLOW
from tests import leftovers
from tests.cast import Cast, Person
from tests.domain.federation.foreigners import comes
from tests.endpoints.admin.staff_acts import ADMIN, assert_counted, logged
from tests.endpoints.federation.conftest import far as far
from tests.endpoints.federation.conftest import third as third
from tests.endpoints.federation.sending import Drain, create, follow, followers, sends, to, told
from tests.peers.scripted import PUBLIC, Peer
from tests.simulated_aws import LocalAws


@pytest.fixture(autouse=True)
def no_pause(setting: Callable[..., None]) -> None:
    setting(deletion_pause=0)


def takes_part(peer: Peer, name: str, alice: Person, status: str, drain: Drain) -> str:
    """An account elsewhere follows alice, is followed, writes, favourites and reblogs. Answers its id here."""
    actor = peer.actor(name)
    sends(peer, follow(peer, actor, alice), actor)
    drain()
    account = accounts.find_by_nickname(f"{name}@{peer.host}")
    assert account is not None
    alice.post(f"/api/v1/accounts/{account.id}/follow")
    drain()
    asked = [each.json for each in peer.received if each.json["type"] == "Follow"][-1]
    for activity in (peer.activity("Accept", actor, asked), peer.activity("Like", actor, status),
                     create(peer, peer.note(actor, f"I am {name} #moths", **to(alice)), actor),
                     create(peer, peer.note(actor, "for few", to=[actor["followers"]]), actor),
                     peer.activity("Announce", actor, status, to=[PUBLIC])):
        sends(peer, activity, actor)
        drain()
    return account.id


def counts(alice: Person, status_id: str) -> dict[str, object]:
    account, status = alice.account, alice.get(f"/api/v1/statuses/{status_id}").json
    return {"followers": account.followers_count, "following": account.following_count,
            "foreign": account.foreign_followers_count, "favourites": status["favourites_count"],
            "reblogs": status["reblogs_count"], "told": {name for _, name in told(alice)}}


def test_everything_of_a_host_goes_and_all_else_stays(
        far: Peer, third: Peer, alice: Person, admin: Person, drain: Drain, aws: LocalAws) -> None:
    status = alice.posts("hello")
    gone = [takes_part(far, name, alice, status["uri"], drain) for name in ("bob", "carol")]
    takes_part(third, "dave", alice, status["uri"], drain)
    assert counts(alice, status["id"])["favourites"] == 3
    about.forget()
    assert alice.get("/api/v1/instance").json["stats"]["domain_count"] == 2

    reply = admin.delete(f"{ADMIN}/instances/{far.host}")
    drain()

    dave = f"dave@{third.host}"
    assert (reply.status, reply.json, logged(admin)) == (200, far.host, [f"@admin purged instance: {far.host}"])
    assert followers(alice) == [dave]
    assert counts(alice, status["id"]) == {"followers": 1, "following": 1, "foreign": 1, "favourites": 1,
                                           "reblogs": 1, "told": {dave}}
    assert [accounts.find(id) for id in gone] == [None, None]
    about.forget()
    assert alice.get("/api/v1/instance/peers").json == [third.host]
    assert alice.get("/api/v1/instance").json["stats"]["domain_count"] == 1
    assert_counted()
    left = leftovers.contents(aws).items
    named = [item for table, items in left.items() for item in items if far.url in json.dumps(item)
             and table not in ("ephemeral", "instance") and item.get("k", {}).get("S") not in (FOLLOW, FAVOURITE)]
    assert named == []


def test_who_was_purged_may_come_again(far: Peer, alice: Person, admin: Person, drain: Drain) -> None:
    bob = far.actor("bob")
    sends(far, follow(far, bob, alice), bob)
    drain()
    admin.delete(f"{ADMIN}/instances/{far.host}")
    drain()
    assert followers(alice) == []

    sends(far, far.activity("Follow", bob, f"http://kenoma.test/users/{alice.nickname}"), bob)
    drain()

    assert followers(alice) == [f"bob@{far.host}"]
    about.forget()
    assert alice.get("/api/v1/instance/peers").json == [far.host]


def test_whom_an_administrator_deletes_does_not_come_back(
        far: Peer, alice: Person, admin: Person, drain: Drain) -> None:
    bob = far.actor("bob")
    sends(far, follow(far, bob, alice), bob)
    drain()
    admin.delete(f"{ADMIN}/users", json={"nicknames": [f"bob@{far.host}"]})
    drain()

    sends(far, far.activity("Follow", bob, f"http://kenoma.test/users/{alice.nickname}"), bob)
    drain()

    assert (followers(alice), accounts.find_by_nickname(f"bob@{far.host}")) == ([], None)


def test_it_takes_few_calls_beside_those_of_each_deletion(admin: Person, aws: LocalAws) -> None:
    nodeinfo.is_wanted("https://far.example")  # so that nobody asks it
    for number in range(30):
        comes(f"bob{number}")
    reply = admin.delete(f"{ADMIN}/instances/far.example")
    aws.wipe_queues()

    with counted() as ledger:
        purging.go_on(PurgeHost("far.example"))

    assert (reply.calls, ledger.calls) == (5, 6)


def test_a_host_may_be_named_as_people_write_it(admin: Person) -> None:
    nodeinfo.is_wanted("https://far.xn--mnchen-3ya.example")  # so that nobody asks it
    comes("bob", at="https://far.xn--mnchen-3ya.example")

    assert admin.delete(f"{ADMIN}/instances/far.m\u00fcnchen.example").json == "far.m\u00fcnchen.example"
    assert logged(admin) == ["@admin purged instance: far.xn--mnchen-3ya.example"]


@pytest.mark.parametrize(("host", "status"), [("kenoma.test", 400), ("KENOMA.TEST", 400), ("a b", 404),
                                              ("*.far.example", 404), ("far.example%2Fx", 404),
                                              ("nobody.knows.example", 404)])
def test_what_cannot_be_purged(admin: Person, alice: Person, host: str, status: int) -> None:
    assert admin.delete(f"{ADMIN}/instances/{host}").status == status
    assert (logged(admin), alice.get(f"/api/v1/accounts/{alice.id}").status) == ([], 200)


def test_it_needs_a_scope_to_write(cast: Cast) -> None:
    person = cast.person("half", is_admin=True, scopes="admin:read admin:write:reports")

    assert person.delete(f"{ADMIN}/instances/far.example").status == 403
