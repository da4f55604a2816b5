"""The directory of accounts that want to be found, and suggestions of whom to follow."""

from __future__ import annotations

import pytest

from chalicelib.domain.relationships import suggestions
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from tests.domain.federation.foreigners import comes
from tests.endpoints.relationships.acting import act, ids

PATH = "/api/v1/directory"


def is_found(person, day=None):
    person.patch("/api/v1/accounts/update_credentials", json={"discoverable": True})
    if day is None:
        person.posts("hello")
    else:
        update(Account.stub(person.id, PROFILE), [Account.last_status_at.set(day)])


def test_who_wants_to_be_found_is_listed_by_the_latest_status(alice, bob, carol, cast, anonymous):
    is_found(alice, "2026-01-02")
    is_found(carol, "2026-01-01")
    is_found(bob, "2026-01-03")
    cast.person("silent")

    assert ids(anonymous.get(PATH)) == [bob.id, alice.id, carol.id]
    assert ids(anonymous.get(PATH, {"order": "new"})) == sorted([alice.id, bob.id, carol.id], reverse=True)
    assert ids(anonymous.get(PATH, {"limit": 1, "offset": 1})) == [alice.id]
    assert ids(anonymous.get(PATH, {"limit": 0})) == ids(anonymous.get(PATH, {"offset": 2_000})) == []
    assert anonymous.get(PATH, {"limit": 1}).calls == anonymous.get(PATH).calls == 2


def test_who_changes_their_mind_or_leaves_is_found_no_more(alice, bob, carol, anonymous):
    for each in (alice, bob, carol):
        is_found(each)
    alice.patch("/api/v1/accounts/update_credentials", json={"discoverable": False})
    update(Account.stub(bob.id, PROFILE), [Account.deactivated.set(True)])

    assert ids(anonymous.get(PATH)) == [carol.id]
    act(alice, carol, "mute")
    assert ids(alice.get(PATH)) == []


def test_accounts_of_other_servers_are_listed_unless_unwanted(alice, bob, anonymous):
    fern = comes(discoverable=True)
    comes("shy", discoverable=False)
    is_found(alice, "2026-01-01")
    update(Account.stub(fern.id, PROFILE), [Account.last_status_at.set("2026-01-02")])

    assert ids(anonymous.get(PATH)) == [fern.id, alice.id]
    assert ids(anonymous.get(PATH, {"local": True})) == [alice.id]
    bob.post("/api/v1/domain_blocks", {"domain": "far.example"})
    assert ids(bob.get(PATH)) == [alice.id]


def test_profiles_that_are_hidden_are_not_listed_for_strangers(alice, anonymous, setting):
    is_found(alice)
    setting(restrict_profiles=True)

    assert anonymous.get(PATH).status == 401
    assert ids(alice.get(PATH)) == [alice.id]


# Suggestions.


@pytest.fixture
def crowd(cast):
    """Six people who want to be found."""
    people = cast.people(6)
    for each in people:
        is_found(each)
    return people


def test_friends_of_friends_come_before_those_who_are_followed_most(alice, bob, carol, crowd):
    best, second, popular, *_ = crowd
    for friend, theirs in ((bob, [best, second]), (carol, [best])):
        alice.follows(friend)
        for each in theirs:
            friend.follows(each)
    for each in crowd[3:]:
        each.follows(popular)

    found = alice.get("/api/v2/suggestions").json

    assert [each["account"]["id"] for each in found[:3]] == [best.id, second.id, popular.id]
    assert (found[0]["source"], found[0]["sources"]) == ("past_interactions", ["friends_of_friends", "most_followed"])
    assert (found[2]["source"], found[2]["sources"]) == ("global", ["most_followed"])
    assert ids(alice.get("/api/v1/suggestions")) == [each["account"]["id"] for each in found]
    assert ids(alice.get("/api/v1/suggestions", {"limit": 1})) == [best.id]


def test_nobody_is_suggested_whom_one_knows_or_does_not_want(alice, bob, crowd, cast):
    followed, blocked, muted, blocker, dismissed, moved = crowd
    alice.follows(followed)
    act(alice, blocked, "block")
    act(alice, muted, "mute")
    act(blocker, alice, "block")
    update(Account.stub(moved.id, PROFILE), [Account.doc.set({**moved.account.profile, "moved": {"id": bob.id,
                                                                                                "uri": "x"}})])
    assert alice.delete(f"/api/v1/suggestions/{dismissed.id}").json == {}
    assert alice.delete(f"/api/v1/suggestions/{dismissed.id}").json == {}

    assert alice.get("/api/v2/suggestions").json == []
    assert alice.delete(f"/api/v1/suggestions/{'0' * 18}").status == 404
    assert dismissed.id in ids(bob.get("/api/v1/suggestions"))


def test_whom_a_friend_follows_is_not_told_if_they_hide_it(alice, bob, cast):
    unlisted = cast.person("unlisted")
    unlisted.patch("/api/v1/accounts/update_credentials", json={"discoverable": True})
    alice.follows(bob)
    bob.follows(unlisted)
    assert ids(alice.get("/api/v1/suggestions")) == [unlisted.id]

    bob.patch("/api/v1/accounts/update_credentials", json={"hide_follows": True})

    assert ids(alice.get("/api/v1/suggestions")) == []


def test_the_calls_do_not_grow_with_follows(alice, crowd, monkeypatch):
    monkeypatch.setattr(suggestions, "FRIENDS", 2)
    costs = []
    for each in crowd[:4]:
        alice.follows(each)
        costs.append(alice.get("/api/v2/suggestions").calls)

    assert costs[1:] == [costs[1]] * 3
