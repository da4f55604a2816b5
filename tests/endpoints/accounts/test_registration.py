"""POST /api/v1/accounts, and the making of accounts behind it."""

import json

import pytest

from chalicelib.domain.accounts import invites, nicknames, registration
from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.keys import key
from chalicelib.store.dynamo.table import fetch, update
from chalicelib.store.instance import counters
from chalicelib.store.signing_in import apps, sessions
from chalicelib.store.signing_in.apps import App
from tests.at_once import at_once
from tests.cast import PASSWORD, Person

WANTED = {"username": "dora", "password": "a secret", "agreement": "true", "email": "dora@example.org"}


@pytest.fixture
def machine(anonymous, cast):
    """The tests' app, by itself."""
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    return Person(token=reply.json["access_token"])


@pytest.fixture
def sign_up(machine):
    def sign_up(**changes):
        wanted = {name: value for name, value in {**WANTED, **changes}.items() if value is not None}
        return machine.post("/api/v1/accounts", json=wanted)

    return sign_up


def faults(reply):
    """The JSON text within the error of a refused sign-up."""
    assert reply.status == 400
    assert reply.json.keys() == {"error", "details"}
    return json.loads(reply.json["error"])


def secret_of(account):
    return fetch(strong=[key(Secret, account.id, "S")]).get(Secret, account.id, "S")


# Success.


def test_signing_up_signs_in(sign_up, cast, anonymous):
    reply = sign_up()

    assert reply.status == 200
    assert reply.json["scope"] == cast.app.scopes
    assert reply.json["me"] == "http://kenoma.test/users/dora"
    assert reply.headers["set-cookie"].startswith("_pleroma_key=")
    own = anonymous.get("/api/v1/accounts/verify_credentials",
                        headers={"Authorization": f"Bearer {reply.json['access_token']}"}).json
    assert (own["username"], own["display_name"], own["note"]) == ("dora", "dora", "")
    assert own["pleroma"]["accepts_chat_messages"] is True


def test_the_password_and_the_address_sign_in(sign_up, anonymous, cast):
    sign_up()

    reply = anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": "Dora@Example.org", "password": "a secret",
        "client_id": cast.app.client_id, "client_secret": cast.app.secret})

    assert reply.status == 200


def test_a_form_does_as_well_and_unknown_parameters_are_ignored(machine):
    reply = machine.post("/api/v1/accounts", form={**WANTED, "nickname": "x", "confirm": "y", "locale": "de"})

    assert reply.status == 200


def test_name_and_bio_are_kept(sign_up, alice):
    reply = sign_up(fullname="Dora <3", bio="Hi @alice\n<b>https://a.example</b>")

    account = alice.get("/api/v1/accounts/dora").json
    assert reply.status == 200
    assert account["display_name"] == "Dora <3"
    assert account["source"]["note"] == "Hi @alice\n<b>https://a.example</b>"
    assert "&lt;b&gt;" in account["note"]
    assert "<br/>" in account["note"]
    assert 'href="http://kenoma.test/users/alice"' in account["note"]
    assert 'href="https://a.example"' in account["note"]


@pytest.mark.parametrize("agreement", ["true", False, "no", 0])
def test_the_agreement_only_has_to_be_there(sign_up, agreement):
    assert sign_up(agreement=agreement).status == 200


@pytest.mark.parametrize("email", [None, ""])
def test_an_address_may_be_left_out(sign_up, email):
    assert sign_up(email=email).status == 200
    assert sign_up(email=email, username="other").status == 200


def test_the_instance_counts_its_accounts(sign_up):
    sign_up()
    sign_up()

    assert counters.statistics().users == 1


def test_what_signing_up_costs(sign_up):
    reply = sign_up()

    assert (reply.calls, reply.rounds) == (4, 4)  # its names are indexed first, so that it is found at once


# Accounts that wait for approval or confirmation.


def test_an_account_may_have_to_be_approved(sign_up, setting):
    setting(account_approval_required=True)

    reply = sign_up(reason="Because")

    assert reply.status == 200
    assert reply.json == {
        "message": "You have been registered. You'll be able to log in once your account is approved.",
        "identifier": "awaiting_approval"}
    account = accounts.find_by_nickname("dora")
    assert account.status == "approval_pending"
    assert secret_of(account).reason == "Because"
    assert "set-cookie" not in reply.headers


def test_an_address_may_have_to_be_confirmed(sign_up, setting):
    setting(account_activation_required=True)

    reply = sign_up()

    assert reply.status == 200
    assert reply.json == {
        "message": "You have been registered. Please check your email for further instructions.",
        "identifier": "missing_confirmed_email"}
    assert secret_of(accounts.find_by_nickname("dora")).confirm_token


def test_where_addresses_are_confirmed_one_is_needed(sign_up, setting):
    setting(account_activation_required=True)

    missing, empty = sign_up(email=None), sign_up(email="")

    assert (missing.status, missing.json) == (400, {"error": "Missing parameter: email"})
    assert faults(empty) == {"email": ["can't be blank"]}


# Who may sign up.


@pytest.mark.parametrize("who", ["nobody", "user", "bad token", "basic"])
def test_only_an_app_by_itself_may_sign_somebody_up(who, anonymous, alice):
    headers = {"bad token": {"Authorization": "Bearer nope"},
               "basic": {"Authorization": "Basic YWxpY2U6a2Vub21hLWxvY2Fs"}}.get(who)
    person = alice if who == "user" else anonymous

    reply = person.post("/api/v1/accounts", json=WANTED, headers=headers)

    assert (reply.status, reply.json) == (403, {"error": "Invalid credentials"})
    assert accounts.find_by_nickname("dora") is None


def test_the_parameters_are_looked_at_first(anonymous):
    reply = anonymous.post("/api/v1/accounts", json={"username": 1})

    assert reply.status == 400
    assert reply.json["error"] == ("username - Invalid string. Got: integer. Missing field: password. "
                                   "Missing field: agreement.")


def test_sign_ups_are_limited(sign_up, setting):
    setting(rate_limits=True, rate_limit_overrides="app_account_creation=1800000/1")

    assert [sign_up(username=name, email=None).status for name in ("one", "two")] == [200, 429]


# Names.


def test_blanks_around_a_name_and_an_address_are_cut_off(sign_up):
    assert sign_up(username=" dora ", email=" dora@one.example ").status == 200

    account = accounts.find_by_nickname("dora")
    assert (account.nickname, secret_of(account).email) == ("dora", "dora@one.example")


@pytest.mark.parametrize("name", ["a b", "ä", "x.y", "a@b", "internal.fetch", "x" * 256, "a\nb", "@name"])
def test_a_name_has_a_form(sign_up, name):
    assert faults(sign_up(username=name)) == {"nickname": ["has invalid format"]}


@pytest.mark.parametrize("name", ["-", "-dora", "dora-", "do--ra", "-_", "_-"])
def test_a_dash_is_only_between_other_characters(sign_up, name):
    """Other servers refuse the name otherwise."""
    assert faults(sign_up(username=name)) == {"nickname": ["has invalid format"]}


@pytest.mark.parametrize("name", ["do-ra", "d-o-r-a", "_dora_", "do_-_ra", "1-2"])
def test_there_it_may_be(sign_up, name):
    assert sign_up(username=name).status == 200


def test_the_narrow_form_knows_neither_dash_nor_underscore(sign_up, setting):
    setting(extended_nickname_format=False)

    assert faults(sign_up(username="a_b")) == {"nickname": ["has invalid format"]}


@pytest.mark.parametrize("name", ["", "   "])
def test_a_name_is_not_blank(sign_up, name):
    assert faults(sign_up(username=name)) == {"nickname": ["can't be blank"]}


@pytest.mark.parametrize("name", sorted(nicknames.RESERVED))
def test_some_names_are_reserved(sign_up, name):
    assert faults(sign_up(username=name)) == {"nickname": ["is reserved"]}


def test_reserved_names_are_so_in_any_letter_case(sign_up):
    assert faults(sign_up(username="Verify_Credentials")) == {"nickname": ["is reserved"]}


def test_a_taken_name_is_told_as_the_reference_does(sign_up):
    sign_up()

    same, other_case = sign_up(email=None), sign_up(username="DORA", email=None)

    assert faults(same) == {"ap_id": ["has already been taken"]}
    assert faults(other_case) == {"nickname": ["has already been taken"]}
    assert same.json["error"] == '{"ap_id":["has already been taken"]}'


def test_a_taken_address_is_told_in_any_letter_case(sign_up):
    sign_up()

    assert faults(sign_up(username="other", email="DORA@example.org")) == {"email": ["has already been taken"]}


def test_of_taken_name_and_address_the_name_is_told(sign_up):
    sign_up()

    assert faults(sign_up()) == {"ap_id": ["has already been taken"]}


def test_of_twenty_at_once_with_one_name_one_gets_it(cast, aws):
    def make(number):
        try:
            return registration.create_account("dora", PASSWORD, f"{number}@example.org", password_hash="x")
        except registration.Invalid as refusal:
            return refusal.faults

    results = at_once(*[lambda number=number: make(number) for number in range(20)])

    made = [result for result in results if isinstance(result, Account)]
    assert len(made) == 1
    assert all(result == {"ap_id": ["has already been taken"]} for result in results if result not in made)
    assert aws.count("accounts") == 2
    assert aws.count("claims") == 2
    assert counters.statistics().users == 1


def test_twenty_different_names_at_once_all_count():
    at_once(*[lambda number=number: registration.create_account(f"p{number}", PASSWORD, password_hash="x")
               for number in range(20)])

    assert counters.statistics().users == 20


# Everything else.


@pytest.mark.parametrize(("change", "expected"), [
    ({"email": "nope"}, {"email": ["has invalid format"]}),
    ({"email": "a@b@c"}, {"email": ["has invalid format"]}),
    ({"email": "a@-b.org"}, {"email": ["has invalid format"]}),
    ({"email": "a b@c.org"}, {"email": ["has invalid format"]}),
    ({"email": "x" * 250 + "@a.org"}, {"email": ["has invalid format"]}),
    ({"password": ""}, {"password": ["can't be blank"], "password_confirmation": ["can't be blank"]}),
    ({"password": " \t"}, {"password": ["can't be blank"], "password_confirmation": ["can't be blank"]}),
    ({"fullname": "x" * 101}, {"name": ["should be at most 100 character(s)"]}),
    ({"fullname": ""}, {"name": ["can't be blank"]}),
    ({"bio": "x" * 5001}, {"bio": ["should be at most 5000 character(s)"]}),
    ({"reason": "x" * 501}, {"registration_reason": ["should be at most 500 character(s)"]}),
    ({"username": "a b", "email": "nope"}, {"email": ["has invalid format"], "nickname": ["has invalid format"]}),
])
def test_faults_are_told_by_field_and_change_nothing(sign_up, aws, change, expected):
    assert faults(sign_up(**change)) == expected
    assert aws.count("accounts") == 0


def test_lengths_count_what_a_reader_would(sign_up):
    assert sign_up(fullname="👩‍👩‍👧" * 100, password="p").status == 200


@pytest.mark.parametrize(("token", "error"), [
    (None, "Expired token"), ("nope", "Invalid token"), ("", "Invalid token"),
])
def test_closed_registrations_need_an_invite(sign_up, setting, token, error):
    setting(registrations_open=False)

    reply = sign_up(token=token)

    assert (reply.status, reply.json) == (400, {"error": error})


def test_where_anybody_may_join_an_invite_is_not_looked_at(sign_up):
    assert sign_up(token="nope").status == 200


@pytest.mark.parametrize(("sent", "message"), [
    ({}, "Invalid CAPTCHA (Missing parameter: captcha_solution)"),
    ({"captcha_solution": "x"}, "Invalid CAPTCHA (Missing parameter: captcha_token)"),
    ({"captcha_solution": "x", "captcha_token": "y"}, "Invalid CAPTCHA (Missing parameter: captcha_answer_data)"),
    ({"captcha_solution": "x", "captcha_token": "y", "captcha_answer_data": "z"}, "Invalid answer data"),
])
def test_the_captcha_comes_before_all_faults(sign_up, setting, sent, message):
    setting(captcha="native")

    assert faults(sign_up(username="a b", **sent)) == {"captcha": [message]}


def test_a_trusted_app_needs_no_captcha(sign_up, setting, cast):
    setting(captcha="native")
    update(App.stub(cast.app.client_id), [App.trusted.set(True)])

    assert sign_up().status == 200


# Making the account itself.


def test_an_account_may_be_made_by_the_way(cast):
    account = registration.create_account("root", PASSWORD, "root@localhost.localdomain", is_admin=True, locked=True,
                                          note="Hello", hide_follows=True)

    assert account.is_admin
    assert accounts.find(account.id).profile["hide_follows"] is True
    assert counters.staff_ids() == {account.id}
    assert sessions.find_by_name("root").account.id == account.id


def test_seeding_twice_makes_one(cast, aws):
    first = registration.ensure_account("seed", PASSWORD)
    again = registration.ensure_account("Seed", "another")

    assert first.id == again.id
    assert aws.count("accounts") == 2


def test_no_app_is_left_without_its_scopes(sign_up, cast):
    update(App.stub(cast.app.client_id), [App.scopes.set("read:accounts")])

    assert sign_up().json["scope"] == "read:accounts"
    assert apps.find(cast.app.client_id).scope_list == ("read:accounts",)


# What newer clients read of a refusal.


def test_a_refusal_says_for_programs_what_is_wrong_with_each_parameter(sign_up, setting):
    sign_up()
    setting(user_bio_length=3)

    taken = sign_up().json["details"]
    wrong = sign_up(username="about", email="nowhere", bio="long", fullname=" ", password=" ").json["details"]

    assert taken == {"username": [{"error": "ERR_TAKEN", "description": "has already been taken"}]} or (
        taken == {"email": [{"error": "ERR_TAKEN", "description": "has already been taken"}]})
    assert {name: [each["error"] for each in found] for name, found in wrong.items()} == {
        "username": ["ERR_RESERVED"], "email": ["ERR_INVALID"], "bio": ["ERR_TOO_LONG"], "name": ["ERR_BLANK"],
        "password": ["ERR_BLANK"], "password_confirmation": ["ERR_BLANK"]}


def test_an_invite_may_be_called_a_code(sign_up, setting):
    setting(registrations_open=False)

    assert sign_up(invite_code=invites.create().token).status == 200


def test_whether_an_address_is_confirmed(alice):
    assert alice.get("/api/v1/emails/check_confirmation").json is True
    refused = alice.post("/api/v1/emails/confirmations")
    assert (refused.status, list(refused.json)) == (403, ["error"])
