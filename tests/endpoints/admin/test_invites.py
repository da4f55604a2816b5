"""Administration of invites: making, listing, revoking and mailing them."""

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.at_once import at_once
from tests.cast import Person
from tests.faults import Killed, before_call, die

USERS = "/api/pleroma/admin/users"
NOT_FOUND = (404, {"error": "Not found"})
OPEN = "To send invites you need to set the `registrations_open` option to false."
SWITCHED_OFF = "To send invites you need to set the `invites_enabled` option to true."


@pytest.fixture
def by_invitation(setting):
    """A server where people sign up with invites, and invites are mailed."""
    setting(registrations_open=False, invites_enabled=True)


@pytest.fixture
def machine(anonymous, cast):
    """The tests' app, by itself."""
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    return Person(token=reply.json["access_token"])


def outcome(reply):
    return reply.status, reply.json


def makes(admin, **wanted):
    reply = admin.post(f"{USERS}/invite_token", json=wanted)
    assert reply.status == 200, reply.body
    return reply.json


def listed(admin):
    reply = admin.get(f"{USERS}/invites")
    assert reply.status == 200
    assert reply.json.keys() == {"invites"}
    return reply.json["invites"]


def signs_up(machine, username, token):
    return machine.post("/api/v1/accounts", json={
        "username": username, "password": "a secret", "agreement": True, "token": token})


# Making.


@pytest.mark.parametrize(("max_use", "expires_at", "kind"), [
    (None, None, "one_time"), (3, None, "reusable"), (None, "2100-01-02", "date_limited"),
    (3, "2100-01-02", "reusable_date_limited"),
])
def test_what_is_said_decides_what_kind_of_invite_it_is(admin, max_use, expires_at, kind):
    said = {"max_use": max_use, "expires_at": expires_at}

    invite = makes(admin, **{name: value for name, value in said.items() if value is not None})

    assert invite == {"id": 1, "token": invite["token"], "used": False, "uses": 0, "invite_type": kind, **said}
    assert len(invite["token"]) == 44
    assert len(base64.urlsafe_b64decode(invite["token"])) == 32
    assert listed(admin) == [invite]


@pytest.mark.parametrize("how", [{}, {"json": {}}, {"form": {}}, {"json": {"max_use": None, "expires_at": None}},
                                 {"params": {"max_use": "", "expires_at": ""}}])
def test_nothing_needs_to_be_said(admin, how):
    reply = admin.post(f"{USERS}/invite_token", **how)

    assert (reply.status, reply.json["invite_type"]) == (200, "one_time")


@pytest.mark.parametrize("how", ["json", "form", "params"])
def test_it_may_be_said_anywhere(admin, how):
    reply = admin.post(f"{USERS}/invite_token", **{how: {"max_use": "2", "expires_at": "2019-04-07"}})

    assert (reply.json["max_use"], reply.json["expires_at"]) == (2, "2019-04-07")


@pytest.mark.parametrize(("wrong", "error"), [
    ({"max_use": "many"}, "max_use - Invalid integer. Got: string."),
    ({"max_use": 1.5}, "max_use - Invalid integer. Got: number."),
    ({"max_use": [1]}, "max_use - Invalid integer. Got: array."),
    ({"expires_at": "tomorrow"}, "expires_at - Invalid format. Expected :date."),
    ({"expires_at": "2019-02-30"}, "expires_at - Invalid format. Expected :date."),
    ({"expires_at": "20190407"}, "expires_at - Invalid format. Expected :date."),
    ({"expires_at": "2019-04-07T10:00:00Z"}, "expires_at - Invalid format. Expected :date."),
    ({"expires_at": 7}, "expires_at - Invalid string. Got: integer."),
    ({"max_use": "x", "expires_at": "y"},
     "max_use - Invalid integer. Got: string. expires_at - Invalid format. Expected :date."),
])
def test_what_is_no_number_or_no_date_is_refused(admin, aws, wrong, error):
    reply = admin.post(f"{USERS}/invite_token", json=wrong)

    assert (reply.status, reply.json["error"]) == (400, error)
    assert reply.json["errors"][0]["title"] == "Invalid value"
    assert listed(admin) == []


def test_two_made_at_once_have_numbers_of_their_own(admin):
    made = at_once(*[lambda: makes(admin)] * 5)

    assert sorted(invite["id"] for invite in made) == [1, 2, 3, 4, 5]
    assert [invite["id"] for invite in listed(admin)] == [1, 2, 3, 4, 5]


# The list.


def test_the_list_has_the_used_ones_too_oldest_first(admin, machine, by_invitation):
    made = [makes(admin), makes(admin, max_use=2), makes(admin)]
    assert signs_up(machine, "one", made[0]["token"]).status == 200
    assert signs_up(machine, "two", made[1]["token"]).status == 200

    assert listed(admin) == [made[0] | {"uses": 1, "used": True}, made[1] | {"uses": 1}, made[2]]


def test_a_long_list_takes_the_calls_of_a_short_one(admin):
    makes(admin)
    one = admin.get(f"{USERS}/invites").calls
    for _ in range(30):
        makes(admin)

    assert admin.get(f"{USERS}/invites").calls == one == 3


# Revoking.


def test_a_revoked_invite_is_used_and_lets_nobody_in(admin, machine, by_invitation):
    invite = makes(admin, max_use=5)
    signs_up(machine, "one", invite["token"])

    replies = [admin.post(f"{USERS}/revoke_invite", json={"token": invite["token"]}) for _ in range(2)]

    assert [outcome(reply) for reply in replies] == [(200, invite | {"used": True, "uses": 1})] * 2
    assert outcome(signs_up(machine, "two", invite["token"])) == (400, {"error": "Expired token"})


@pytest.mark.parametrize("token", ["unknown", "", "x" * 3_000, "invite"])
def test_only_what_exists_is_revoked(admin, token):
    makes(admin)

    assert outcome(admin.post(f"{USERS}/revoke_invite", json={"token": token})) == NOT_FOUND


def test_the_token_is_required(admin):
    reply = admin.post(f"{USERS}/revoke_invite", json={})

    assert (reply.status, reply.json["error"]) == (400, "Missing field: token.")


# Mailing.


def test_an_invite_is_mailed(cast, machine, by_invitation, drain, aws):
    admin = cast.person("root", display_name="Rita <b>Root</b>", is_admin=True, scopes="admin")

    reply = admin.post(f"{USERS}/email_invite", json={"email": "new@example.org", "name": "<i>Newcomer</i>"})
    drain()

    assert (reply.status, reply.body) == (204, "")
    (sent,) = aws.letters.letters()
    (invite,) = listed(admin)
    assert (sent["to"], sent["subject"]) == ("\"<i>Newcomer</i>\" <new@example.org>", "Invitation to Kenoma")
    assert sent["text"].startswith("Hello <i>Newcomer</i>,\n\nRita <b>Root</b> invites you to join Kenoma:")
    assert f"http://kenoma.test/account/sign-up?token={invite['token'].replace('=', '%3D')}" in sent["text"]
    assert "<b>" not in sent["html"]
    assert "<i>" not in sent["html"]
    assert invite["invite_type"] == "one_time"
    assert signs_up(machine, "new", invite["token"]).status == 200


def test_the_name_may_be_left_out(admin, by_invitation, drain, aws):
    assert admin.post(f"{USERS}/email_invite", form={"email": "new@example.org"}).status == 204
    drain()

    assert aws.letters.letters()[0]["text"].startswith("Hello,\n\nadmin invites you")


def test_the_admin_token_can_invite_as_well(anonymous, by_invitation, setting, drain, aws):
    setting(admin_token="the token of the machine")

    reply = anonymous.post(f"{USERS}/email_invite", json={"email": "new@example.org"},
                           headers={"X-Admin-Token": "the token of the machine"})
    drain()

    assert reply.status == 204
    assert "An administrator invites you to join Kenoma:" in aws.letters.letters()[0]["text"]


@pytest.mark.parametrize(("registrations_open", "invites_enabled", "error"), [
    (True, True, OPEN), (True, False, OPEN), (False, False, SWITCHED_OFF),
])
def test_invites_are_mailed_only_where_they_are_needed_and_allowed(
        admin, setting, drain, aws, registrations_open, invites_enabled, error):
    setting(registrations_open=registrations_open, invites_enabled=invites_enabled)

    reply = admin.post(f"{USERS}/email_invite", json={"email": "new@example.org"})
    drain()

    assert outcome(reply) == (400, {"error": error})
    assert listed(admin) == []
    assert aws.letters.letters() == []


@pytest.mark.parametrize(("wrong", "error"), [
    ({}, "Missing field: email."), ({"email": "nobody"}, "email - Invalid format. Expected :email."),
    ({"email": ""}, "email - Invalid format. Expected :email."),
    ({"email": "a@example.org, b@example.org"}, "email - Invalid format. Expected :email."),
    ({"email": 1}, "email - Invalid string. Got: integer."),
])
def test_an_address_is_required(admin, by_invitation, wrong, error):
    reply = admin.post(f"{USERS}/email_invite", json=wrong)

    assert (reply.status, reply.json["error"]) == (400, error)
    assert listed(admin) == []


def test_a_letter_whose_message_is_lost_is_owed_with_the_invite(admin, by_invitation, aws):
    admin.post(f"{USERS}/email_invite", json={"email": "new@example.org"})
    aws.wipe_queues()

    assert len(listed(admin)) == len(aws.items("jobs")) == 1


def test_who_dies_while_making_one_leaves_neither_invite_nor_letter(admin, by_invitation, aws):
    with pytest.raises(Killed), before_call("TransactWriteItems", 1, die):
        admin.post(f"{USERS}/email_invite", json={"email": "new@example.org"})

    assert listed(admin) == aws.items("jobs") == []


def test_an_invite_that_ended_yesterday_lets_nobody_in(admin, machine, by_invitation):
    today = datetime.now(UTC).date()
    over = makes(admin, expires_at=str(today - timedelta(days=1)))
    still = makes(admin, expires_at=str(today))

    assert outcome(signs_up(machine, "one", over["token"])) == (400, {"error": "Expired token"})
    assert [signs_up(machine, name, still["token"]).status for name in ("two", "three")] == [200, 200]
    assert date.fromisoformat(over["expires_at"]) < today
