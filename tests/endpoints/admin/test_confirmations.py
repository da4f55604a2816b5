"""Confirming addresses for others, sending the letters again, and demanding new passwords."""

import re

import pytest

from chalicelib.queues import queue
from chalicelib.queues.accounts import ForcePasswordReset
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts, standings
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.table import update
from tests.at_once import at_once
from tests.cast import PASSWORD, Person

USERS = "/api/pleroma/admin/users"
CONFIRM, RESEND, FORCE = f"{USERS}/confirm_email", f"{USERS}/resend_confirmation_email", f"{USERS}/force_password_reset"
EVERY = [CONFIRM, RESEND, FORCE]
OWN = "/api/v1/accounts/verify_credentials"
NOT_FOUND = (404, {"error": "Not found"})


def outcome(reply):
    return reply.status, reply.json


def logged(admin):
    return [each["message"] for each in admin.get("/api/pleroma/admin/moderation_log").json["items"]]


def box(aws):
    return {each["to"]: each for each in aws.letters.letters()}


def signs_in(person, password, cast):
    return Person().post("/oauth/token", form={
        "grant_type": "password", "client_id": cast.app.client_id, "client_secret": cast.app.secret,
        "username": person.nickname, "password": password, "scope": "read"})


@pytest.fixture
def dora(cast, setting):
    """Dora, whose address waits to be confirmed."""
    setting(account_activation_required=True)
    dora = cast.person("dora", confirmation_pending=True)
    update(Secret.stub(dora.id, "S"), [Secret.confirm_token.set("secret")])
    return dora


@pytest.fixture
def waiting(alice, bob):
    """Alice and Bob, whose addresses wait too."""
    for each in (alice, bob):
        standings.correct(changed(each, confirmation_pending=True))
    return alice, bob


def changed(person, **values):
    update(Account.stub(person.id, "P"), [getattr(Account, name).set(value) for name, value in values.items()])
    return person.account


# What all three share.


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("unknown", ["nobody", "", "x" * 3_000, "alice@elsewhere.example", "gone"])
def test_with_somebody_unknown_nothing_is_done_to_the_others(admin, alice, dora, cast, aws, drain, path, unknown):
    cast.person("gone", deleted=True)
    before = [each.account.attribute_values for each in (alice, dora)]

    reply = admin.patch(path, json={"nicknames": ["dora", unknown, "alice"]})
    drain()

    assert outcome(reply) == NOT_FOUND
    assert [each.account.attribute_values for each in (alice, dora)] == before
    assert (aws.letters.letters(), logged(admin)) == ([], [])


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize(("body", "error"), [
    ({}, "Missing field: nicknames."),
    ({"nicknames": []}, "nicknames - Array length 0 is smaller than minItems: 1."),
    ({"nicknames": None}, "nicknames - null value where array expected."),
    ({"nicknames": [5]}, "0 - Invalid string. Got: integer."),
    ({"nicknames": ["alice", {"a": "b"}]}, "1 - Invalid string. Got: object."),
    ({"nicknames": {"a": "alice"}}, "nicknames - Invalid array. Got: object."),
])
def test_a_list_of_names_is_required(admin, alice, path, body, error):
    reply = admin.patch(path, json=body)

    assert (reply.status, reply.json["error"]) == (400, error)
    assert reply.json["errors"][0]["title"] == "Invalid value"
    assert logged(admin) == []


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("how", [
    {"json": {"nicknames": ["alice", "bob"]}}, {"params": {"nicknames": ["alice", "bob"]}},
    {"form": {"nicknames": ["alice", "bob"]}}, {"params": [("nicknames", "alice"), ("nicknames", "bob")]},
    {"form": [("nicknames[0]", "alice"), ("nicknames[1]", "bob")]},
    {"form": {"nicknames": ["alice", "bob"]}, "files": {"x": ("x", b"x", "text/plain")}},
    {"json": {"nicknames": ["ALICE", "bob@kenoma.test", "alice"]}},
])
def test_names_may_come_in_any_form(admin, waiting, path, how):
    assert admin.patch(path, **how).status in (200, 204)

    (message,) = logged(admin)
    assert message.endswith(": @alice, @bob")


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("how", [{"json": {"nicknames": "alice"}}, {"params": {"nicknames": "alice"}},
                                 {"form": {"nicknames": "alice"}}])
def test_a_lone_name_is_a_list_of_one(admin, waiting, path, how):
    assert admin.patch(path, **how).status in (200, 204)

    assert logged(admin)[0].endswith(": @alice")


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("params", [{"nicknames": ""}, {"nicknames": [""]}])
def test_an_empty_value_of_a_query_is_none(admin, path, params):
    reply = admin.patch(path, params)

    assert (reply.status, reply.json["error"]) == (400, "Missing field: nicknames.")


@pytest.mark.parametrize(("path", "scope"), [(CONFIRM, "write"), (RESEND, "write"), (FORCE, "write:accounts")])
def test_each_has_its_scope(cast, alice, path, scope):
    boss = cast.person("boss", is_admin=True, scopes="admin:read admin:write:statuses write")

    assert outcome(boss.patch(path, json={"nicknames": ["alice"]})) == (
        403, {"error": f"Insufficient permissions: admin:{scope}."})
    assert cast.signs_in(boss.account, f"admin:{scope}").patch(
        path, json={"nicknames": ["alice"]}).status in (200, 204)


@pytest.mark.parametrize("path", EVERY)
def test_a_long_list_is_done_in_parts_and_costs_no_call_for_each(admin, cast, path):
    people = [cast.person(f"person{number}", confirmation_pending=True).nickname for number in range(57)]

    few, many = (admin.patch(path, json={"nicknames": part}) for part in (people[:2], people[2:27]))
    rest = admin.patch(path, json={"nicknames": people[27:]})

    assert abs(many.calls - few.calls) <= 3
    assert rest.status in (200, 204)
    assert sum(message.count("@person") for message in logged(admin)) == 57


# Confirming.


def test_an_address_is_confirmed(admin, dora, cast, setting):
    assert signs_in(dora, PASSWORD, cast).status == 403

    assert outcome(admin.patch(CONFIRM, json={"nicknames": ["dora"]})) == (200, ["dora"])

    assert signs_in(dora, PASSWORD, cast).status == 200
    assert dora.account.confirmation_pending is False
    assert accounts.find(dora.id) is not None
    assert Person().get(f"/api/account/confirm_email/{dora.id}/secret").status == 404
    assert logged(admin) == ["@admin confirmed email for users: @dora"]


def test_what_follows_a_confirmation_follows_once(admin, dora, alice, aws, drain, setting):
    setting(welcome_email=True, autofollowed_nicknames="alice")

    for _ in range(2):
        admin.patch(CONFIRM, json={"nicknames": ["dora", "alice"]})
        drain()

    assert list(box(aws)) == ["dora@localhost.localdomain"]
    assert len(aws.letters.letters()) == 1
    assert dora.relationship(alice)["following"] is True
    assert logged(admin) == ["@admin confirmed email for users: @dora"]


def test_approval_comes_after_confirmation(admin, dora, aws, drain):
    standings.correct(changed(dora, approval_pending=True))

    admin.patch(CONFIRM, json={"nicknames": ["dora"]})
    drain()

    assert dora.account.status == "approval_pending"
    assert {each["subject"] for each in aws.letters.letters()} == {
        "Your account is awaiting approval", "New account up for review on Kenoma (@dora)"}


def test_two_administrators_confirm_once(admin, dora, cast, aws, drain, setting):
    setting(welcome_email=True)
    boss = cast.person("boss", is_admin=True, scopes="admin")

    replies = at_once(*[lambda by=by: by.patch(CONFIRM, json={"nicknames": ["dora"]}) for by in (admin, boss)])
    drain()

    assert [outcome(reply) for reply in replies] == [(200, ["dora"])] * 2
    assert len(aws.letters.letters()) == 1
    (message,) = logged(admin)
    assert message.endswith("confirmed email for users: @dora")


def test_the_list_of_the_unconfirmed_follows(admin, dora):
    def unconfirmed():
        listed = admin.get(USERS, {"filters": "unconfirmed"}).json
        return [each["nickname"] for each in listed["users"]], listed["count"]

    assert unconfirmed() == (["dora"], 1)

    admin.patch(CONFIRM, json={"nicknames": ["dora"]})

    assert unconfirmed() == ([], 0)


# The letter.


def test_the_letter_is_sent_again_to_whom_it_is_about(admin, dora, alice, aws, drain):
    for _ in range(2):
        assert outcome(admin.patch(RESEND, json={"nicknames": ["dora", "alice"]})) == (200, ["dora", "alice"])
    drain()

    assert len(aws.letters.letters()) == 4
    letter = box(aws)["dora@localhost.localdomain"]
    assert letter["subject"] == "Kenoma account confirmation"
    assert f"http://kenoma.test/api/account/confirm_email/{dora.id}/secret" in letter["text"]
    assert logged(admin) == ["@admin re-sent confirmation email for users: @dora, @alice"] * 2


def test_the_link_works_for_who_is_confirmed_already(admin, alice, aws, drain):
    admin.patch(RESEND, json={"nicknames": ["alice"]})
    drain()

    text = box(aws)["alice@localhost.localdomain"]["text"]
    (path,) = re.findall(r"http://kenoma.test(/api/account/confirm_email/\S+)", text)
    assert [Person().get(path).status for _ in range(2)] == [302, 404]
    assert alice.get(OWN).status == 200


def test_the_letter_holds_no_secret_in_its_message(admin, dora, aws):
    admin.patch(RESEND, json={"nicknames": ["dora"]})

    assert "secret" not in "".join(aws.messages("outside"))


def test_without_mail_no_letter_is_asked_for(admin, dora, aws, drain, setting):
    setting(mail=False)

    assert admin.patch(RESEND, json={"nicknames": ["dora"]}).status == 200
    drain()

    assert (aws.letters.letters(), aws.count("jobs")) == ([], 0)
    assert logged(admin) == ["@admin re-sent confirmation email for users: @dora"]


def test_who_has_no_address_gets_no_letter(admin, cast, aws, drain):
    cast.person("mute", email=None)

    assert outcome(admin.patch(RESEND, json={"nicknames": ["mute"]})) == (200, ["mute"])
    drain()

    assert aws.letters.letters() == []


# New passwords.


def test_a_forced_reset_ends_everything_until_there_is_a_new_password(admin, alice, bob, cast, drain):
    reply = admin.patch(FORCE, json={"nicknames": ["alice"]})

    assert (reply.status, reply.body) == (204, "")
    drain()
    assert outcome(alice.get(OWN)) == (403, {"error": "Invalid credentials."})
    assert outcome(signs_in(alice, PASSWORD, cast)) == (
        403, {"error": "Password reset is required", "identifier": "password_reset_required"})
    assert bob.get(f"/api/v1/accounts/{alice.id}").status == 200
    token = admin.get(f"{USERS}/alice/password_reset").json["token"]
    Person().post("/api/pleroma/password_reset", form={
        "data[token]": token, "data[password]": "new", "data[password_confirmation]": "new"})
    assert signs_in(alice, "new", cast).status == 200
    assert logged(admin) == ["@admin forced password reset for users: @alice"]


def test_a_message_that_comes_late_does_not_force_another_reset(admin, alice, cast, drain):
    admin.patch(FORCE, json={"nicknames": ["alice"]})
    drain()
    token = admin.get(f"{USERS}/alice/password_reset").json["token"]
    Person().post("/api/pleroma/password_reset", form={
        "data[token]": token, "data[password]": "new", "data[password_confirmation]": "new"})

    queue.send(ForcePasswordReset(alice.id, 0))
    drain()

    assert signs_in(alice, "new", cast).status == 200


def test_an_administrator_may_lock_themselves_out(admin, drain):
    admin.patch(FORCE, json={"nicknames": ["admin"]})
    drain()

    assert outcome(admin.get(f"{USERS}/admin/credentials")) == (403, {"error": "Invalid credentials."})


def test_the_job_is_written_with_the_entry(admin, alice, bob):
    admin.patch(FORCE, json={"nicknames": ["alice", "bob"]})

    assert jobs.find_many(ForcePasswordReset(each.id, 0).job for each in (alice, bob)) != set()
    assert len(logged(admin)) == 1
