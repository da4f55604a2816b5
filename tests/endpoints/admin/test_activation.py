"""Activation, approval and deletion of accounts."""

import pytest

from chalicelib.domain.accounts import deactivation
from chalicelib.domain.staff import changing
from chalicelib.store.relationships import relations
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.endpoints.admin.staff_acts import ADMIN, NOT_FOUND, assert_counted, logged, outcome

USERS = f"{ADMIN}/users"
VERIFY = "/api/v1/accounts/verify_credentials"


def changes(admin, act, *names, **how):
    return admin.patch(f"{USERS}/{act}", **(how or {"json": {"nicknames": list(names)}}))


def deletes(admin, *names):
    return admin.delete(USERS, json={"nicknames": list(names)})


@pytest.fixture
def other_admin(cast):
    return cast.person("other_admin", is_admin=True, scopes="read write admin")


# Deactivation.


def test_deactivated_accounts_are_nobodys_at_once(admin, alice, bob, anonymous):
    alice.posts("hello")

    reply = changes(admin, "deactivate", "bob", "ALICE")

    assert reply.status == 200
    assert set(reply.json) == {"users"}
    assert [(user["nickname"], user["deactivated"], user["is_active"]) for user in reply.json["users"]] == [
        ("bob", True, False), ("alice", True, False)]
    assert outcome(alice.get(VERIFY)) == (403, {"error": "Invalid credentials."})
    assert anonymous.get(f"/api/v1/accounts/{alice.id}").status == 404
    assert admin.get(f"/api/v1/accounts/{alice.id}").status == 200
    assert anonymous.get("/api/v1/timelines/public").json == []
    refused = anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": "alice", "password": PASSWORD, "client_id": alice.app.client_id,
        "client_secret": alice.app.secret})
    assert (refused.status, refused.json["identifier"]) == (403, "account_is_disabled")
    assert refused.json["error"] == "Your account is currently disabled"
    assert logged(admin) == ["@admin deactivated users: @bob, @alice"]
    assert_counted()


def test_the_accounts_own_follows_end_for_good_and_its_followers_stay(admin, alice, bob, drain):
    alice.follows(bob)
    bob.follows(alice)

    changes(admin, "deactivate", "alice")
    drain()
    assert (bob.account.following_count, bob.account.followers_count) == (0, 0)

    changes(admin, "activate", "alice")
    drain()
    assert (bob.account.following_count, bob.account.followers_count) == (1, 0)
    assert not relations.find(alice.id, bob.id).follows
    assert relations.find(bob.id, alice.id).follows


def test_activated_accounts_use_their_old_tokens(admin, alice):
    changes(admin, "deactivate", "alice")

    reply = changes(admin, "activate", "alice")

    assert [user["deactivated"] for user in reply.json["users"]] == [False]
    assert alice.get(VERIFY).status == 200
    assert logged(admin) == ["@admin deactivated users: @alice", "@admin activated users: @alice"]
    assert_counted()


@pytest.mark.parametrize("act", ["activate", "deactivate", "approve"])
def test_what_is_so_already_passes_through_and_is_not_logged(admin, alice, act):
    if act == "deactivate":
        deactivation.disable(alice.id)

    reply = changes(admin, act, alice.id)

    assert [user["id"] for user in reply.json["users"]] == [alice.id]
    assert logged(admin) == []


def test_the_older_form_toggles(admin, alice):
    path = f"{USERS}/alice/toggle_activation"

    shown = [admin.patch(path).json["deactivated"] for _ in range(2)]

    assert shown == [True, False]
    assert admin.patch(f"{USERS}/nobody/toggle_activation").json == NOT_FOUND[1]
    assert logged(admin) == ["@admin deactivated users: @alice", "@admin activated users: @alice"]


@pytest.mark.parametrize("how", [
    {"json": {"nicknames": ["alice"]}}, {"json": {"nicknames": "alice"}}, {"form": {"nicknames": ["alice"]}},
    {"params": {"nicknames": ["alice"]}}, {"params": {"nicknames": "alice"}},
])
def test_names_may_come_in_any_form(admin, alice, how):
    assert [user["nickname"] for user in changes(admin, "deactivate", **how).json["users"]] == ["alice"]


@pytest.mark.parametrize("act", ["activate", "deactivate", "approve"])
@pytest.mark.parametrize("body", [{}, {"nicknames": []}, {"nicknames": [1]}, {"nicknames": {"a": "b"}}])
def test_lists_that_are_none_are_refused(admin, alice, act, body):
    reply = changes(admin, act, json=body)

    assert reply.status == 400
    assert reply.json["errors"][0]["source"]["pointer"].startswith("/nicknames")


@pytest.mark.parametrize("act", ["activate", "deactivate", "approve"])
@pytest.mark.parametrize("names", [["alice", "nobody", "bob"], ["alice", ""], ["x" * 300, "bob"]])
def test_an_unknown_name_in_the_middle_changes_nothing(admin, cast, act, names):
    people = [cast.person(name, deactivated=act == "activate", approval_pending=act == "approve")
              for name in ("alice", "bob")]
    before = [person.account.attribute_values for person in people]

    assert outcome(changes(admin, act, *names)) == NOT_FOUND

    assert [person.account.attribute_values for person in people] == before
    assert logged(admin) == []


def test_a_long_list_is_done_in_portions(admin, cast, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 2)
    people = cast.people(5)

    changes(admin, "deactivate", *(person.nickname for person in people))

    assert all(person.account.deactivated for person in people)
    assert logged(admin) == [
        "@admin deactivated users: @person0, @person1", "@admin deactivated users: @person2, @person3",
        "@admin deactivated users: @person4"]
    assert_counted()


def test_a_whole_portion_fits_into_a_transaction(admin, cast):
    people = cast.people(changing.AT_ONCE)
    names = [person.nickname for person in people]

    assert {user["deactivated"] for user in changes(admin, "deactivate", *names).json["users"]} == {True}
    assert {user["deactivated"] for user in changes(admin, "activate", *names).json["users"]} == {False}
    assert deletes(admin, *names).json == names
    assert len(logged(admin)) == 3
    assert_counted()


# Approval.


def test_approved_accounts_are_let_in_and_welcomed(admin, cast, drain, setting, anonymous):
    setting(autofollowed_nicknames="admin")
    dora = cast.person("dora", approval_pending=True)
    assert dora.get(VERIFY).status == 403

    reply = changes(admin, "approve", "dora", "admin")
    drain()

    assert [(user["nickname"], user["approval_pending"]) for user in reply.json["users"]] == [
        ("dora", False), ("admin", False)]
    assert dora.get(VERIFY).status == 200
    assert relations.find(dora.id, admin.id).follows
    assert logged(admin) == ["@admin approved users: @dora"]
    assert_counted()


# Deletion.


def test_deleted_accounts_are_gone_at_once_and_leave_a_husk(admin, alice, bob, anonymous, drain):
    alice.follows(bob)
    status = alice.posts("hello")["id"]

    assert outcome(deletes(admin, "ALICE", bob.id)) == (200, ["ALICE", bob.id])

    assert alice.get(VERIFY).status == 403
    assert anonymous.get(f"/api/v1/accounts/{alice.id}").status == 404
    assert_counted()
    drain()
    assert_counted()
    shown = admin.get(f"{USERS}/alice").json
    assert (shown["deactivated"], shown["email"], shown["roles"]) == (True, None, {"admin": False, "moderator": False})
    assert anonymous.get(f"/api/v1/statuses/{status}").status == 404
    assert logged(admin) == ["@admin deleted users: @alice, @bob"]
    assert deletes(admin, "alice").status == 200
    assert changes(admin, "activate", "alice").json["users"][0]["deactivated"] is True
    assert logged(admin) == ["@admin deleted users: @alice, @bob"]


def test_the_older_form_of_deleting_answers_a_list(admin, alice):
    assert outcome(admin.delete(USERS, {"nickname": "alice"})) == (200, ["alice"])
    assert alice.account.deactivated


@pytest.mark.parametrize("body", [{}, {"nicknames": []}, {"nicknames": [True]}])
def test_deleting_nobody_is_refused(admin, body):
    assert admin.delete(USERS, json=body).status == 400


def test_an_unknown_name_deletes_nobody(admin, alice):
    assert outcome(deletes(admin, "alice", "nobody")) == NOT_FOUND
    assert alice.get(VERIFY).status == 200
    assert logged(admin) == []


@pytest.mark.parametrize("state", [{"approval_pending": True}, {"confirmation_pending": True}])
def test_accounts_that_were_never_let_in_are_removed_entirely(admin, cast, drain, setting, state):
    setting(account_activation_required=True, deletion_pause=0)
    cast.person("newcomer", **state)

    deletes(admin, "newcomer")
    drain()

    assert outcome(admin.get(f"{USERS}/newcomer")) == NOT_FOUND
    assert_counted()


# Two administrators at once.


def test_two_deactivate_and_activate_at_once(admin, other_admin, alice):
    at_once(*[lambda: changes(admin, "deactivate", "alice"), lambda: changes(other_admin, "deactivate", "alice")] * 3)
    assert [line.partition(" ")[2] for line in logged(admin)] == ["deactivated users: @alice"]

    at_once(*[lambda: changes(admin, "activate", "alice"), lambda: changes(other_admin, "activate", "alice")] * 3)

    assert [line.partition(" ")[2] for line in logged(admin)] == [
        "deactivated users: @alice", "activated users: @alice"]
    assert_counted()


def test_one_activates_while_another_deletes(admin, other_admin, alice, drain):
    changes(admin, "deactivate", "alice")

    replies = at_once(*[lambda: changes(admin, "activate", "alice"), lambda: deletes(other_admin, "alice"),
                        lambda: deletes(admin, "alice")])
    assert [reply.status for reply in replies] == [200] * 3
    assert_counted()
    drain()

    assert admin.get(f"{USERS}/alice").json["deactivated"] is True
    assert sum("deleted users: @alice" in line for line in logged(admin)) == 1
    assert sum("activated users: @alice" in line for line in logged(admin)) <= 2
    assert_counted()


def test_many_accounts_at_once_are_counted_exactly(admin, other_admin, cast):
    names = [person.nickname for person in cast.people(6)]

    at_once(lambda: changes(admin, "deactivate", *names), lambda: changes(other_admin, "deactivate", *names[::-1]),
            lambda: changes(admin, "activate", *names[:3]), lambda: deletes(other_admin, *names[3:]))

    assert_counted()


# What it costs.


def test_several_accounts_cost_as_many_rounds_as_one(admin, cast):
    names = [person.nickname for person in cast.people(8)]

    one = changes(admin, "deactivate", names[0])
    seven = changes(admin, "deactivate", *names[1:])

    assert (one.rounds, one.calls) == (seven.rounds, seven.calls)
