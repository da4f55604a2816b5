"""Follows that administrators make and end for others."""

import pytest

from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from tests.at_once import at_once

FOLLOW, UNFOLLOW = "/api/pleroma/admin/users/follow", "/api/pleroma/admin/users/unfollow"
LOG = "/api/pleroma/admin/moderation_log"


def lets(admin, path, follower="alice", followed="bob"):
    reply = admin.post(path, json={"follower": follower, "followed": followed})
    assert (reply.status, reply.json) == (200, "ok")
    return reply


def logged(admin):
    return [(each["data"]["action"], each["message"]) for each in admin.get(LOG).json["items"]]


def tag(person, *tags):
    update(Account.stub(person.id, "P"), [Account.tags.set([f"mrf_tag:{each}" for each in tags])])


FOLLOWED, UNFOLLOWED = ("follow", "@admin made @alice follow @bob"), ("unfollow", "@admin made @alice unfollow @bob")


def test_an_account_follows_at_once_and_nobody_is_told(admin, alice, bob, drain):
    status = bob.posts("hello")["id"]
    drain()

    lets(admin, FOLLOW)

    assert alice.home() == [status]
    drain()
    assert alice.relationship(bob)["following"] is True
    assert (alice.account.following_count, bob.account.followers_count) == (1, 1)
    assert bob.get("/api/v1/notifications").json == []
    assert alice.home() == [status]
    assert logged(admin) == [FOLLOWED]
    data = admin.get(LOG).json["items"][0]["data"]
    assert (data["follower"]["id"], data["followed"]["id"]) == (alice.id, bob.id)


def test_a_locked_account_is_followed_without_being_asked(admin, alice, cast):
    cast.person("bob", locked=True)

    lets(admin, FOLLOW)

    assert alice.account.following_count == 1


def test_a_waiting_request_becomes_the_follow(admin, alice, cast, drain):
    bob = cast.person("bob", locked=True)
    alice.follows(bob)

    lets(admin, FOLLOW)
    drain()

    assert alice.relationship(bob)["following"] is True
    assert bob.get("/api/v1/follow_requests").json == []
    assert bob.account.followers_count == 1
    assert [each["type"] for each in bob.get("/api/v1/notifications").json] == ["follow"]


def test_a_follow_is_ended(admin, alice, bob, drain):
    alice.follows(bob)

    lets(admin, UNFOLLOW)
    drain()

    assert alice.relationship(bob)["following"] is False
    assert (alice.account.following_count, bob.account.followers_count) == (0, 0)
    assert logged(admin) == [UNFOLLOWED]


def test_a_request_is_taken_back(admin, alice, cast):
    bob = cast.person("bob", locked=True)
    alice.follows(bob)

    lets(admin, UNFOLLOW)

    assert alice.relationship(bob)["requested"] is False
    assert bob.get("/api/v1/follow_requests").json == []


@pytest.mark.parametrize(("path", "entry"), [(FOLLOW, FOLLOWED), (UNFOLLOW, UNFOLLOWED)])
def test_a_second_time_changes_nothing_and_is_logged(admin, alice, bob, path, entry):
    lets(admin, path)
    before = alice.relation(bob).attribute_values

    lets(admin, path)

    assert alice.relation(bob).attribute_values == before
    assert logged(admin) == [entry, entry]


@pytest.mark.parametrize("how", ["nickname", "upper", "host", "id"])
def test_both_may_be_named_in_several_ways(admin, alice, bob, how):
    def named(person):
        return {"nickname": person.nickname, "upper": person.nickname.upper(),
                "host": f"{person.nickname}@kenoma.test", "id": person.id}[how]

    lets(admin, FOLLOW, named(alice), named(bob))

    assert logged(admin) == [FOLLOWED]


@pytest.mark.parametrize("path", [FOLLOW, UNFOLLOW])
@pytest.mark.parametrize(("follower", "followed"), [
    ("nobody", "bob"), ("alice", "nobody"), ("alice", "BCgPj6v0EVJVZtuzdA"), ("alice", "bob@elsewhere.example"),
    ("", "bob"), ("x" * 3_000, "bob"), ("alice", "gone"),
])
def test_with_somebody_unknown_nothing_is_done_or_logged(admin, alice, bob, cast, path, follower, followed):
    cast.person("gone", deleted=True)

    lets(admin, path, follower, followed)

    assert alice.account.following_count == bob.account.followers_count == 0
    assert logged(admin) == []


def test_who_blocks_is_not_followed_but_it_is_logged(admin, alice, bob):
    bob.post(f"/api/v1/accounts/{alice.id}/block")

    lets(admin, FOLLOW)

    assert alice.relationship(bob)["following"] is False
    assert logged(admin) == [FOLLOWED]


def test_who_blocks_is_followed_where_that_is_allowed(admin, alice, bob, setting):
    setting(deny_follow_blocked=False)
    bob.post(f"/api/v1/accounts/{alice.id}/block")

    lets(admin, FOLLOW)

    assert alice.relationship(bob)["following"] is True


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_who_is_deactivated_neither_follows_nor_is_followed(admin, alice, bob, who):
    update(Account.stub({"alice": alice, "bob": bob}[who].id, "P"), [Account.deactivated.set(True)])

    lets(admin, FOLLOW)

    assert alice.relation(bob).follows is False
    assert logged(admin) == [FOLLOWED]


def test_nobody_follows_themselves(admin, alice):
    lets(admin, FOLLOW, "alice", "alice")

    assert alice.account.following_count == 0
    assert logged(admin) == [("follow", "@admin made @alice follow @alice")]


def test_tags_do_not_bind_an_administrator(admin, alice, bob):
    tag(bob, "disable-any-subscription")

    lets(admin, FOLLOW)

    assert alice.relationship(bob)["following"] is True


@pytest.mark.parametrize("path", [FOLLOW, UNFOLLOW])
@pytest.mark.parametrize(("body", "error"), [
    ({}, "Missing field: follower. Missing field: followed."),
    ({"follower": "alice"}, "Missing field: followed."),
    ({"follower": ["alice"], "followed": "bob"}, "follower - Invalid string. Got: array."),
])
def test_both_are_required(admin, alice, bob, path, body, error):
    reply = admin.post(path, json=body)

    assert (reply.status, reply.json["error"]) == (400, error)
    assert logged(admin) == []


def test_it_takes_the_scope_for_follows(cast, alice, bob):
    boss = cast.person("boss", is_admin=True, scopes="admin:write:accounts follow write:follows")

    reply = boss.post(FOLLOW, {"follower": "alice", "followed": "bob"})

    assert (reply.status, reply.json) == (403, {"error": "Insufficient permissions: admin:write:follows."})
    assert cast.signs_in(boss.account, "admin:write:follows").post(
        FOLLOW, {"follower": "alice", "followed": "bob"}).status == 200


def test_of_many_at_once_one_counts(admin, alice, bob):
    at_once(*[lambda path=path: lets(admin, path) for path in [FOLLOW] * 6])

    assert (alice.account.following_count, bob.account.followers_count) == (1, 1)
    assert logged(admin) == [FOLLOWED] * 6


def test_follows_and_unfollows_at_once_leave_the_counters_right(admin, alice, bob):
    at_once(*[lambda path=path: lets(admin, path) for path in [FOLLOW, UNFOLLOW] * 4])

    follows = int(alice.relation(bob).follows)
    assert (alice.account.following_count, bob.account.followers_count) == (follows, follows)
    assert len(logged(admin)) == 8


def test_what_it_costs(admin, alice, bob):
    first, again, back = (lets(admin, path) for path in (FOLLOW, FOLLOW, UNFOLLOW))

    assert [(each.calls, each.rounds) for each in (first, again, back)] == [(9, 7), (7, 6), (7, 6)]
