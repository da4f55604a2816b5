"""Accounts that an administrator makes: all or none of those that a request names."""

import pytest

from chalicelib.domain.staff import creating
from chalicelib.store.accounts import accounts
from chalicelib.store.relationships import relations
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.endpoints.admin.staff_acts import ADMIN, assert_counted, logged, outcome

USERS = f"{ADMIN}/users"


def user(nickname, email=None, password="x"):
    return {"nickname": nickname, "email": f"{nickname}@mail.example" if email is None else email,
            "password": password}


def makes(admin, *users):
    return admin.post(USERS, json={"users": list(users)})


def errors(reply):
    return [each["error"] for each in reply.json]


def signs_in(anonymous, app, name, password):
    return anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": name, "password": password, "client_id": app.client_id,
        "client_secret": app.secret})


def test_accounts_are_made_and_may_sign_in(admin, anonymous, cast, setting):
    setting(account_activation_required=True)

    reply = makes(admin, user("Dora"), user("emil", "EMIL@mail.example", "é"))

    assert outcome(reply) == (200, [
        {"type": "success", "code": 200, "data": {"nickname": "Dora", "email": "Dora@mail.example"}},
        {"type": "success", "code": 200, "data": {"nickname": "emil", "email": "EMIL@mail.example"}},
    ])
    assert signs_in(anonymous, cast.app, "dora", "x").status == 200
    assert signs_in(anonymous, cast.app, "emil@mail.example", "é").status == 200
    shown = anonymous.get(f"/api/v1/accounts/{accounts.find_by_nickname('dora').id}").json
    assert (shown["display_name"], shown["source"]["note"]) == ("Dora", ".")
    assert admin.get(f"{USERS}/dora").json["confirmation_pending"] is False
    assert admin.get("/api/v1/accounts/search", {"q": "dor"}).json[0]["username"] == "Dora"
    assert logged(admin) == ["@admin created users: @Dora, @emil"]
    assert_counted()


def test_new_accounts_are_welcomed(admin, drain, setting):
    setting(autofollowed_nicknames="admin")

    makes(admin, user("dora"))
    drain()

    assert relations.find(accounts.find_by_nickname("dora").id, admin.id).follows


def test_where_approval_is_needed_they_wait_for_it(admin, setting, drain, aws):
    setting(account_approval_required=True)

    makes(admin, user("dora"))
    drain()

    assert admin.get(f"{USERS}/dora").json["approval_pending"] is True
    assert {letter["to"] for letter in aws.letters.letters()} == {"dora@mail.example", "admin@localhost.localdomain"}
    assert_counted()


@pytest.mark.parametrize(("wanted", "fault"), [
    (user("with space"), "nickname has invalid format"),
    (user("ü"), "nickname has invalid format"),
    (user("x" * 300), "nickname has invalid format"),
    (user(".well-known"), "nickname has invalid format"),
    (user("Inbox"), "nickname is reserved"),
    (user("verify_credentials"), "nickname is reserved"),
    (user(" ", "a@mail.example"), "nickname can't be blank"),
    (user("dora", "no address"), "email has invalid format"),
    (user("dora", "a@bad.example"), "email Invalid email"),
    (user("dora", password=" "), "password can't be blank"),
    (user("in box", "no address", ""), "nickname has invalid format"),
    (user("dora", "no address", ""), "email has invalid format"),
])
def test_the_first_fault_is_told_and_nobody_is_made(admin, setting, wanted, fault):
    setting(email_blacklist="bad.example")

    reply = makes(admin, user("first"), wanted, user("last"))

    assert reply.status == 409
    assert errors(reply) == ["", fault, ""]
    assert reply.json[1] == {"type": "error", "code": 409, "error": fault,
                             "data": {"nickname": wanted["nickname"], "email": wanted["email"]}}
    assert accounts.find_by_nickname("first") is None
    assert logged(admin) == []
    assert_counted()


def test_an_address_is_needed_only_where_it_is_confirmed(admin, setting):
    assert makes(admin, user("dora", "")).status == 200
    assert admin.get(f"{USERS}/dora").json["email"] is None

    setting(account_activation_required=True)

    assert errors(makes(admin, user("emil", ""))) == ["email can't be blank"]


def test_the_extended_format_can_be_switched_off(admin, setting):
    assert makes(admin, user("a_b-c", "a@mail.example")).status == 200

    setting(extended_nickname_format=False)

    assert errors(makes(admin, user("d_e-f", "d@mail.example"))) == ["nickname has invalid format"]


def test_what_is_taken_is_told_of_all_that_want_it(admin, alice):
    reply = makes(admin, user("ALICE"), user("dora"), user("emil", "Alice@LOCALHOST.localdomain"),
                  user("DORA", "o@x.yz"), user("fred", "dora@MAIL.example"))

    assert reply.status == 409
    assert errors(reply) == ["nickname has already been taken", "", "email has already been taken",
                             "nickname has already been taken", "email has already been taken"]
    assert accounts.find_by_nickname("dora") is None


def test_what_is_taken_is_looked_up_only_when_nothing_else_is_wrong(admin, alice):
    assert errors(makes(admin, user("alice"), user("in box", "a@mail.example"))) == ["", "nickname has invalid format"]


def test_the_name_of_a_deleted_account_stays_taken(admin, alice, drain):
    alice.post("/api/pleroma/delete_account", {"password": PASSWORD})
    drain()

    assert errors(makes(admin, user("alice", "new@mail.example"))) == ["nickname has already been taken"]


@pytest.mark.parametrize("body", [
    {}, {"users": []}, {"users": "dora"}, {"users": [user("dora"), "emil"]}, {"users": {"nickname": "dora"}},
    {"users": [user("dora"), {"nickname": "emil", "email": "e@mail.example"}]},
    {"users": [{"nickname": "dora", "password": "x"}]}, {"users": [{"email": "d@mail.example", "password": "x"}]},
    {"users": [{"nickname": None, "email": "d@mail.example", "password": "x"}]},
    {"users": [user(f"u{each}") for each in range(creating.MOST_AT_ONCE + 1)]},
])
def test_lists_that_will_not_do_make_nobody(admin, body):
    reply = admin.post(USERS, json=body)

    assert reply.status == 400
    assert accounts.find_by_nickname("dora") is None


def test_as_many_as_fit_are_made_at_once(admin, setting):
    setting(account_approval_required=True)

    assert makes(admin, *(user(f"u{each}") for each in range(creating.MOST_AT_ONCE))).status == 200

    assert_counted()


def test_two_that_want_one_name_at_once_make_one_account(admin):
    replies = at_once(*[lambda: makes(admin, user("dora"), user("emil"))] * 3)

    assert sorted(reply.status for reply in replies) == [200, 409, 409]
    assert len(logged(admin)) == 1
    assert_counted()


def test_who_loses_the_race_is_told_what_is_taken(admin, monkeypatch):
    makes(admin, user("dora"))
    monkeypatch.setattr("chalicelib.store.accounts.creating.find_all_taken", lambda wanted: {})

    reply = makes(admin, user("emil"), user("dora", "other@mail.example"), user("fred", "dora@mail.example"))

    assert errors(reply) == ["", "nickname has already been taken", "email has already been taken"]
    assert admin.get("/api/v1/accounts/search", {"q": "emil"}).json == []


def test_a_form_may_name_users_too(admin):
    reply = admin.post(USERS, form={"users[0][nickname]": "dora", "users[0][email]": "", "users[0][password]": "x"})

    assert reply.status == 200
