"""Permission groups: who is an administrator, who is a moderator."""

import pytest

from chalicelib.domain.instance import about
from tests.at_once import at_once
from tests.cast import Person
from tests.endpoints.admin.staff_acts import ADMIN, NOT_FOUND, assert_counted, logged, outcome

USERS = f"{ADMIN}/users"
NO_GROUP = (404, {"error": "No such permission_group"})


def groups_of(admin, name, group=""):
    return admin.get(f"{USERS}/{name}/permission_group{group and '/' + group}")


def grants(admin, group, *names):
    return admin.post(f"{USERS}/permission_group/{group}", json={"nicknames": list(names)})


def revokes(admin, group, *names):
    return admin.delete(f"{USERS}/permission_group/{group}", json={"nicknames": list(names)})


def staff(anonymous):
    return [url.rpartition("/")[2]
            for url in anonymous.get("/nodeinfo/2.0.json").json["metadata"]["staffAccounts"]]


@pytest.mark.parametrize("group", ["", "admin", "moderator"])
def test_groups_of_an_account_are_told(admin, cast, group):
    cast.person("mona", is_moderator=True)

    assert outcome(groups_of(admin, "MONA", group)) == (200, {"is_moderator": True, "is_admin": False})
    assert outcome(groups_of(admin, admin.id, group)) == (200, {"is_moderator": False, "is_admin": True})
    assert outcome(groups_of(admin, "nobody", group)) == NOT_FOUND


@pytest.mark.parametrize("group", ["admins", "user", "Admin", "%"])
def test_there_are_no_other_groups(admin, alice, group):
    assert outcome(groups_of(admin, "alice", group)) == NO_GROUP
    assert outcome(grants(admin, group, "alice")) == outcome(revokes(admin, group, "alice")) == NO_GROUP
    path = f"{USERS}/alice/permission_group/{group}"
    assert outcome(admin.post(path)) == outcome(admin.delete(path)) == NO_GROUP


@pytest.mark.parametrize(("group", "key"), [("admin", "is_admin"), ("moderator", "is_moderator")])
def test_roles_are_given_and_taken_and_act_at_once(admin, cast, anonymous, group, key):
    alice, bob = (cast.person(name, scopes="read write admin") for name in ("alice", "bob"))

    assert outcome(grants(admin, group, "alice", bob.id)) == (200, {key: True})

    assert getattr(alice.account, key)
    assert getattr(bob.account, key)
    assert alice.get(USERS).status == (200 if group == "admin" else 403)
    assert anonymous.get(f"/api/v1/accounts/{alice.id}").json["pleroma"][key] is True
    assert_counted()

    assert outcome(revokes(admin, group, "bob", "alice")) == (200, {key: False})

    assert not getattr(alice.account, key)
    assert not getattr(bob.account, key)
    assert outcome(alice.get(USERS)) == (403, {"error": "User is not an admin."})
    assert logged(admin) == [f"@admin made @alice, @bob {group}", f"@admin revoked {group} role from @bob, @alice"]
    assert_counted()


@pytest.mark.parametrize(("group", "key"), [("admin", "is_admin"), ("moderator", "is_moderator")])
def test_the_older_form_is_for_one_account(admin, alice, group, key):
    path = f"{USERS}/alice/permission_group/{group}"

    assert outcome(admin.post(path)) == (200, {key: True})
    assert getattr(alice.account, key)
    assert outcome(admin.delete(path)) == (200, {key: False})
    assert not getattr(alice.account, key)
    assert logged(admin) == [f"@admin made @alice {group}", f"@admin revoked {group} role from @alice"]
    assert outcome(admin.post(f"{USERS}/nobody/permission_group/{group}")) == NOT_FOUND


def test_who_has_both_roles_and_loses_one_stays_on_the_list_of_staff(admin, alice):
    grants(admin, "admin", "alice")
    grants(admin, "moderator", "alice")

    revokes(admin, "admin", "alice")
    assert_counted()

    assert outcome(groups_of(admin, "alice")) == (200, {"is_moderator": True, "is_admin": False})


@pytest.mark.parametrize("group", ["admin", "moderator"])
@pytest.mark.parametrize("name", ["admin", "ADMIN", "admin@kenoma.test", "id"])
def test_nobody_takes_their_own_role(admin, cast, group, name):
    mona = cast.person("mona", is_moderator=True, is_admin=True)
    own = admin.id if name == "id" else name

    assert outcome(revokes(admin, group, "mona", own)) == (
        403, {"error": "You can't revoke your own admin/moderator status."})
    assert outcome(admin.delete(f"{USERS}/{own}/permission_group/{group}")) == (
        403, {"error": "You can't revoke your own admin status."})

    assert mona.account.is_admin
    assert mona.account.is_moderator
    assert admin.account.is_admin
    assert logged(admin) == []


def test_what_is_so_already_is_not_logged(admin, alice):
    assert outcome(revokes(admin, "admin", "alice")) == (200, {"is_admin": False})
    assert outcome(grants(admin, "admin", "admin")) == (200, {"is_admin": True})
    assert logged(admin) == []


def test_an_unknown_name_in_the_middle_changes_nobody(admin, alice, bob):
    assert outcome(grants(admin, "admin", "alice", "nobody", "bob")) == NOT_FOUND
    assert not alice.account.is_admin
    assert not bob.account.is_admin


@pytest.mark.parametrize("body", [{}, {"nicknames": []}, {"nicknames": [None]}])
def test_lists_that_are_none_are_refused(admin, body):
    path = f"{USERS}/permission_group/admin"

    assert [admin.post(path, json=body).status, admin.delete(path, json=body).status] == [400, 400]


def test_the_admin_token_may_take_every_role(admin, setting):
    setting(admin_token="the token of the machine")
    holder = Person()

    reply = holder.delete(f"{USERS}/permission_group/admin", {"admin_token": "the token of the machine"},
                          json={"nicknames": ["admin"]})

    assert outcome(reply) == (200, {"is_admin": False})
    assert not admin.account.is_admin


def test_the_list_of_staff_follows(admin, alice, anonymous):
    assert staff(anonymous) == ["admin"]

    grants(admin, "moderator", "alice")
    about.forget()

    assert sorted(staff(anonymous)) == ["admin", "alice"]


def test_two_give_and_take_one_role_at_once(admin, cast, alice):
    other = cast.person("other", is_admin=True, scopes="read write admin")

    at_once(*[lambda: grants(admin, "moderator", "alice"), lambda: grants(other, "moderator", "alice")] * 3)
    assert [line.partition(" ")[2] for line in logged(admin)] == ["made @alice moderator"]
    assert_counted()

    at_once(*[lambda: revokes(admin, "moderator", "alice"), lambda: grants(other, "moderator", "alice")] * 3)

    assert_counted()
    words = [line.split(" ")[1] for line in logged(admin)]
    assert words == ["made" if place % 2 == 0 else "revoked" for place in range(len(words))]
    assert bool(alice.account.is_moderator) == (words[-1] == "made")
