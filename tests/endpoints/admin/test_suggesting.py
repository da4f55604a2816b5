"""Accounts that administrators suggest to everybody."""

import pytest

from chalicelib.domain.staff import users
from chalicelib.store.accounts.accounts import PROFILE, Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.instance.counters import Fact
from chalicelib.store.leaving import deletion
from chalicelib.store.staff import suggesting as store
from tests.at_once import at_once
from tests.endpoints.admin.staff_acts import ADMIN, NOT_FOUND, logged, outcome


def suggests(admin, *names, act="suggest"):
    return admin.patch(f"{ADMIN}/users/{act}", json={"nicknames": list(names)})


def wants_to_be_found(person):
    assert person.patch("/api/v1/accounts/update_credentials", json={"discoverable": True}).status == 200


def test_who_is_suggested_comes_first_among_whom_to_follow(admin, alice, bob, carol):
    for each in (bob, carol):
        wants_to_be_found(each)
    alice.posts("known by many")
    bob.posts("known by many")
    admin.follows(bob)

    reply = suggests(admin, "carol", "alice")

    assert [each["is_suggested"] for each in reply.json["users"]] == [True, True]
    found = alice.get("/api/v2/suggestions").json
    assert [(each["account"]["id"], each["source"], each["sources"][0]) for each in found] == [
        (carol.id, "staff", "featured"), (bob.id, "global", "most_followed")]
    assert alice.get(f"/api/v1/accounts/{carol.id}").json["pleroma"]["is_suggested"] is True


def test_who_does_not_want_to_be_found_is_not_suggested_all_the_same(admin, alice, bob):
    suggests(admin, "bob")

    assert alice.get("/api/v2/suggestions").json == []


def test_it_is_taken_back_and_each_is_logged_once(admin, alice, bob, carol):
    wants_to_be_found(carol)
    for _ in range(2):
        suggests(admin, "carol", bob.id)
    reply = suggests(admin, "carol", act="unsuggest")
    suggests(admin, "carol", act="unsuggest")

    assert reply.json["users"][0]["is_suggested"] is False
    assert admin.get(f"{ADMIN}/users/carol").json["is_suggested"] is False
    assert admin.get(f"{ADMIN}/users/bob").json["is_suggested"] is True
    assert alice.get("/api/v1/suggestions").json == []
    assert logged(admin) == [
        "@admin added suggested users: @carol, @bob", "@admin removed suggested users: @carol"]


@pytest.mark.parametrize("act", ["suggest", "unsuggest"])
def test_an_unknown_name_changes_nothing(admin, alice, act):
    assert outcome(suggests(admin, "alice", "nobody", act=act)) == NOT_FOUND
    assert store.list_ids() == frozenset()


def test_not_everybody_can_be_suggested(admin, alice, bob, monkeypatch):
    monkeypatch.setattr(users, "MOST_SUGGESTED", 1)
    suggests(admin, "alice")

    assert outcome(suggests(admin, "bob")) == (400, {"error": "Too many suggested accounts"})
    assert suggests(admin, "alice").status == 200


def test_two_administrators_who_suggest_the_same_account_are_logged_once(admin, cast, alice):
    second = cast.person("second", is_admin=True, scopes="admin")

    replies = at_once(*[lambda by=by: suggests(by, "alice") for by in (admin, second)])

    assert [reply.status for reply in replies] == [200, 200]
    assert len(logged(admin)) == 1
    assert store.list_ids() == {alice.id}


def test_who_is_deleted_is_suggested_no_longer(admin, alice, drain):
    suggests(admin, "alice")

    admin.delete(f"{ADMIN}/users", json={"nicknames": ["alice"]})
    drain()

    assert store.list_ids() == frozenset()
    assert admin.get(f"{ADMIN}/users/{alice.id}").json["is_suggested"] is False


def test_who_was_suggested_while_they_were_closed_is_so_until_the_end(alice, aws):
    update(Account.stub(alice.id, PROFILE), [Account.suggested.set(True), Account.deleted.set(True)])
    update(Fact.stub("suggested", "ids"), [Fact.ids.add({alice.id})])

    deletion.end(alice.id, entirely=False)

    assert store.list_ids() == frozenset()
