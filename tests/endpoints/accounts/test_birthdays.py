"""Birthdays of those whom one follows, and the age that a server may demand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.accounts import birthdays
from chalicelib.store.accounts.birthdays import Birthday
from chalicelib.store.dynamo.table import write_batch
from tests.cast import Person
from tests.domain.federation.foreigners import comes
from tests.endpoints.relationships.acting import ids

PATH = "/api/v1/pleroma/birthdays"
UPDATE = "/api/v1/accounts/update_credentials"
YEARS_13 = 4_748


def born(person, day, *, shown=True):
    reply = person.patch(UPDATE, json={"birthday": day, "show_birthday": shown})
    assert reply.status == 200, reply.text


def on(person, day, month):
    reply = person.get(PATH, {"day": day, "month": month})
    assert reply.status == 200, reply.text
    return ids(reply)


def rows(day):
    return [row.account_id for row in Birthday.query(f"b#{day}")]


def test_birthdays_of_those_whom_one_follows_are_found_by_day(alice, bob, carol, cast):
    (dora,) = cast.people(1)
    for person, day in ((bob, "2001-02-03"), (carol, "1990-02-03"), (dora, "1980-02-03")):
        born(person, day)
    alice.follows(bob)
    alice.follows(carol)

    assert on(alice, 3, 2) == sorted([bob.id, carol.id], reverse=True)
    assert on(alice, 2, 3) == on(bob, 3, 2) == []


def test_who_was_born_on_a_leap_day_is_found_on_that(alice, bob):
    born(bob, "2004-02-29")
    alice.follows(bob)

    assert on(alice, 29, 2) == [bob.id]


def test_only_who_shows_the_birthday_is_found(alice, bob):
    alice.follows(bob)
    born(bob, "2001-02-03", shown=False)
    assert (on(alice, 3, 2), rows("02-03")) == ([], [])

    born(bob, "2001-02-03")
    assert on(alice, 3, 2) == [bob.id]

    bob.patch(UPDATE, json={"show_birthday": False})
    assert (on(alice, 3, 2), rows("02-03")) == ([], [])


def test_another_day_and_no_day_move_it(alice, bob):
    alice.follows(bob)
    born(bob, "2001-02-03")

    born(bob, "2001-04-05")
    assert (on(alice, 3, 2), on(alice, 5, 4), rows("02-03")) == ([], [bob.id], [])
    bob.patch(UPDATE, json={"display_name": "Bob"})
    assert on(alice, 5, 4) == [bob.id]
    bob.patch(UPDATE, json={"birthday": ""})
    assert (on(alice, 5, 4), rows("04-05")) == ([], [])


def test_a_row_that_is_left_over_shows_nobody(alice, bob):
    alice.follows(bob)
    born(bob, "2001-02-03")
    write_batch(puts=[Birthday("b#04-05", bob.id), Birthday("b#04-05", alice.id)])

    assert on(alice, 5, 4) == []


def test_accounts_of_other_servers_have_birthdays_too(alice):
    fern = comes("fern", **{"vcard:bday": "2001-02-03"})
    alice.follows(Person(id=fern.id, nickname=fern.nickname))
    comes("ivy", **{"vcard:bday": "2001-02-03"})

    assert fern.id in rows("02-03")
    comes("fern", **{"vcard:bday": "2001-02-04"})
    assert fern.id not in rows("02-03")
    assert fern.id in rows("02-04")


def test_who_is_deactivated_or_deleted_has_none(alice, bob, carol, admin, drain, setting):
    setting(deletion_pause=0)
    for person in (bob, carol):
        born(person, "2001-02-03")
        alice.follows(person)

    admin.patch("/api/pleroma/admin/users/deactivate", json={"nicknames": [bob.nickname]})
    admin.delete("/api/pleroma/admin/users", json={"nicknames": [carol.nickname]})
    drain()

    assert on(alice, 3, 2) == []
    assert rows("02-03") == [bob.id]


def test_two_and_forty_cost_the_same(alice, cast):
    costs, crowd = [], cast.people(40)
    for people in (crowd[:2], crowd[2:]):
        for person in people:
            birthdays.expect(person.id, {}, {"birthday": "2001-02-03", "show_birthday": True})
            alice.follows(person)
        reply = alice.get(PATH, {"day": 3, "month": 2})
        costs.append((reply.calls, reply.rounds))

    assert costs == [(4, 3)] * 2


@pytest.mark.parametrize(("day", "month", "error"), [
    (30, 2, "Invalid date"), (0, 1, "Invalid date"), (1, 13, "Invalid date"), (-1, 1, "Invalid date"),
    (10**12, 1, "Invalid date"), ("x", 1, "day - Invalid integer. Got: string."), (None, 1, "Missing field: day."),
])
def test_a_day_must_be_one(alice, day, month, error):
    reply = alice.get(PATH, {name: value for name, value in {"day": day, "month": month}.items() if value is not None})

    assert (reply.status, reply.json["error"]) == (400, error)


def test_they_need_a_user_and_a_scope(cast, anonymous, alice):
    assert cast.signs_in(alice.account, "read:accounts").get(PATH, {"day": 1, "month": 1}).json == []
    assert cast.signs_in(alice.account, "read:statuses").get(PATH, {"day": 1, "month": 1}).status == 403
    assert anonymous.get(PATH, {"day": 1, "month": 1}).status == 403


# The age that a server demands.


@pytest.fixture
def sign_up(anonymous, cast):
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    machine = Person(token=reply.json["access_token"])

    def sign_up(**more):
        return machine.post("/api/v1/accounts", json={
            "username": "erin", "password": "a secret", "agreement": True, "email": "erin@example.org", **more})

    return sign_up


def own(reply):
    return Person(token=reply.json["access_token"]).get("/api/v1/accounts/verify_credentials").json


def days_ago(days):
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def test_a_birthday_of_a_sign_up_is_kept_and_not_shown(sign_up):
    shown = own(sign_up(birthday="2001-02-03"))

    assert (shown["pleroma"]["birthday"], shown["source"]["pleroma"]["show_birthday"]) == ("2001-02-03", False)
    assert rows("02-03") == []


def test_a_date_of_birth_is_only_looked_at(sign_up, setting):
    setting(birthday_min_age=YEARS_13)

    assert own(sign_up(date_of_birth="2001-02-03"))["pleroma"]["birthday"] is None


def test_a_date_of_birth_is_kept_where_a_birthday_is_required(sign_up, setting):
    setting(birthday_required=True)

    assert own(sign_up(date_of_birth="2001-02-03"))["pleroma"]["birthday"] == "2001-02-03"


@pytest.mark.parametrize(("settings", "sent", "text", "word"), [
    ({"birthday_required": True}, {}, "can't be blank", "ERR_BLANK"),
    ({"birthday_min_age": YEARS_13}, {"birthday": ""}, "can't be blank", "ERR_BLANK"),
    ({"birthday_min_age": YEARS_13}, {"birthday": 4_747}, "Invalid age", "ERR_BELOW_LIMIT"),
    ({"birthday_min_age": YEARS_13}, {"date_of_birth": 4_747}, "Invalid age", "ERR_BELOW_LIMIT"),
    ({}, {"birthday": "yesterday"}, "is invalid", "ERR_INVALID"),
    ({}, {"birthday": -2}, "is invalid", "ERR_INVALID"),
])
def test_who_is_too_young_or_does_not_say_gets_no_account(sign_up, setting, settings, sent, text, word):
    setting(**settings)

    reply = sign_up(**{name: days_ago(day) if isinstance(day, int) else day for name, day in sent.items()})

    assert reply.status == 400
    assert json.loads(reply.json["error"]) == {"birthday": [text]}
    assert reply.json["details"] == {"date_of_birth": [{"error": word, "description": text}]}


def test_who_is_just_old_enough_gets_one(sign_up, setting):
    setting(birthday_min_age=YEARS_13)

    assert sign_up(birthday=days_ago(YEARS_13)).status == 200


def test_a_birthday_that_is_required_cannot_be_taken_back(alice, setting):
    born(alice, "2001-02-03")
    setting(birthday_required=True, birthday_min_age=YEARS_13)

    for day in ("", days_ago(10)):
        assert alice.patch(UPDATE, json={"birthday": day}).status == 403
    assert alice.patch(UPDATE, json={"display_name": "Alice"}).status == 200


@pytest.mark.parametrize(("days", "years"), [(0, None), (YEARS_13, 13), (5_844, 16), (1, 1)])
def test_clients_are_told_what_is_demanded(anonymous, setting, days, years):
    setting(birthday_required=True, birthday_min_age=days)

    shown = anonymous.get("/api/v2/instance").json
    assert shown["registrations"]["min_age"] == years
    for path in ("/api/v1/instance", "/api/v2/instance"):
        about = anonymous.get(path).json["pleroma"]["metadata"]
        assert (about["birthday_required"], about["birthday_min_age"]) == (True, days)


def test_the_page_to_sign_up_asks_for_it(anonymous, setting):
    assert 'name="birthday"' not in anonymous.get("/account/sign-up").text
    setting(birthday_min_age=YEARS_13)

    page = anonymous.get("/account/sign-up").text
    assert 'name="birthday" type="date"' in page
    assert "at least 13 years" in page
    form = {"username": "erin", "password": "a secret", "agreement": "true"}
    again = anonymous.post("/account/sign-up", form={**form, "birthday": days_ago(10)})
    assert (again.status, "Invalid age" in again.text) == (422, True)
    assert anonymous.post("/account/sign-up", form={**form, "birthday": "2001-02-03"}).status == 303
