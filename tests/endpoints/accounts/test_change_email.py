"""POST /api/pleroma/change_email."""

import pytest

from chalicelib.domain.signing_in import passwords
from chalicelib.store.accounts import accounts, users
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.accounts.claims import Claim, email_claim
from chalicelib.store.dynamo.table import fetch, update
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.faults import before_call

PATH = "/api/pleroma/change_email"
DONE = (200, {"status": "success"})


def said(person, **values):
    reply = person.post(PATH, json=values)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    return reply.json.get("error", reply.json)


def claim_of(email):
    wanted = email_claim(email)
    return fetch(strong=[wanted]).get(Claim, wanted.hash)


def may_sign_in(anonymous, cast, name, password=PASSWORD):
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": name, "password": password,
        "client_id": cast.app.client_id, "client_secret": cast.app.secret,
    })
    return reply.status == 200


@pytest.mark.parametrize("how", ["json", "form", "params"])
def test_the_new_address_signs_in_and_the_old_one_no_longer(alice, anonymous, cast, aws, how):
    old = "alice@localhost.localdomain"
    assert may_sign_in(anonymous, cast, old)

    reply = alice.post(PATH, **{how: {"password": PASSWORD, "email": "Alice@New.example"}})

    assert (reply.status, reply.json) == DONE
    assert may_sign_in(anonymous, cast, "alice@new.EXAMPLE")
    assert not may_sign_in(anonymous, cast, old)
    assert alice.get("/api/v1/accounts/verify_credentials").status == 200


def test_what_is_kept_of_it(alice):
    said(alice, password=PASSWORD, email="Alice@New.example")

    secret = users.find(alice.id)
    assert (secret.email, secret.email_lower) == ("Alice@New.example", "alice@new.example")
    assert passwords.fits(PASSWORD, secret)
    claim = claim_of("alice@new.example")
    assert (claim.id, claim.spelling) == (alice.id, "Alice@New.example")
    assert claim_of("alice@localhost.localdomain") is None


def test_the_old_address_is_free(alice, bob, cast):
    said(alice, password=PASSWORD, email="new@one.example")

    assert said(bob, password=PASSWORD, email="alice@localhost.localdomain") == DONE[1]
    assert cast.person("third", email="bob@localhost.localdomain")


def test_an_account_without_an_address_can_have_one(cast):
    dave = cast.person("dave", email=None)

    assert said(dave, password=PASSWORD, email="dave@one.example") == DONE[1]
    assert claim_of("dave@one.example").id == dave.id


@pytest.mark.parametrize("email", ["alice@localhost.localdomain", "ALICE@LocalHost.localdomain"])
def test_ones_own_address_may_be_spelt_anew(alice, email):
    assert said(alice, password=PASSWORD, email=email) == DONE[1]
    assert claim_of("alice@localhost.localdomain").spelling == email
    assert users.find(alice.id).email == email


@pytest.mark.parametrize("password", [
    None, "", " ", "wrong", PASSWORD.upper(), 1, True, {}, [], [PASSWORD], {"a": PASSWORD},
])
def test_the_password_is_looked_at_first(alice, password):
    for email in ("new@one.example", "", "x", "bob@localhost.localdomain", None):
        assert said(alice, password=password, email=email) == "Invalid password."
    assert said(alice, email="new@one.example") == "Invalid password."
    assert users.find(alice.id).email == "alice@localhost.localdomain"


@pytest.mark.parametrize("email", [None, "", "  ", {}, [], 1, True, ["new@one.example"]])
def test_an_address_has_to_be_there(alice, email):
    assert said(alice, password=PASSWORD, email=email) == "Email can't be blank."
    assert said(alice, password=PASSWORD) == "Email can't be blank."


@pytest.mark.parametrize("email", [
    "x", "x@", "@x", "a b@one.example", "a@one.example\r\nBcc: b@two.example", "a@one.example\n", "<a@one.example>",
    "a@b@one.example", "a@one..example", "a@-one.example", '"><script>"@one.example', "é@one.example", "a@" + "x" * 300,
    " a@one.example", "a,b@one.example", "a@one.example ",
])
def test_an_address_has_a_form(alice, email):
    assert said(alice, password=PASSWORD, email=email) == "Email has invalid format."


@pytest.mark.parametrize("email", ["bob@localhost.localdomain", "BOB@LOCALHOST.localdomain"])
def test_an_address_has_one_owner(alice, bob, email):
    assert said(alice, password=PASSWORD, email=email) == "Email has already been taken."
    assert users.find(alice.id).email == "alice@localhost.localdomain"
    assert claim_of(email).id == bob.id


def test_it_needs_a_user_and_the_scope(anonymous, cast):
    reader = cast.person("reader", scopes="read write:statuses")
    body = {"password": PASSWORD, "email": "new@one.example"}

    nobody, lacking = anonymous.post(PATH, json=body), reader.post(PATH, json=body)

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (lacking.status, lacking.json) == (403, {"error": "Insufficient permissions: write:accounts."})


def test_what_it_costs(alice):
    wrong = alice.post(PATH, json={"password": "wrong", "email": "new@one.example"})
    right = alice.post(PATH, json={"password": PASSWORD, "email": "new@one.example"})

    assert (wrong.calls, wrong.rounds) == (1, 1)
    assert (right.calls, right.rounds) == (2, 2)


def test_the_address_is_in_no_reply(alice):
    said(alice, password=PASSWORD, email="secret@one.example")

    assert "secret@" not in alice.get("/api/v1/accounts/verify_credentials").text


def test_of_twenty_who_want_one_address_exactly_one_gets_it(cast):
    shared = passwords.hashed(PASSWORD)
    people = [cast.person(f"person{number}", password_hash=shared) for number in range(20)]

    answers = at_once(*[lambda each=each: said(each, password=PASSWORD, email="wanted@one.example") for each in people])

    assert sorted(map(str, answers)) == ["Email has already been taken."] * 19 + [str(DONE[1])]
    winner = people[answers.index(DONE[1])]
    assert claim_of("wanted@one.example").id == winner.id
    for person in people:
        mine = users.find(person.id).email
        assert mine == ("wanted@one.example" if person is winner else f"{person.nickname}@localhost.localdomain")
        assert claim_of(mine).id == person.id


def test_two_changes_of_one_account_leave_one_address(alice):
    def overtake():
        assert said(alice, password=PASSWORD, email="first@one.example") == DONE[1]

    with before_call("TransactWriteItems", 1, overtake):
        assert said(alice, password=PASSWORD, email="second@one.example") == DONE[1]

    assert users.find(alice.id).email == "second@one.example"
    assert claim_of("first@one.example") is None
    assert claim_of("alice@localhost.localdomain") is None


def test_a_password_changed_meanwhile_is_asked_for_again(alice):
    other = passwords.hashed("another password")

    def change():
        update(Secret.stub(alice.id, accounts.SECRET), [Secret.password_hash.set(other)])

    with before_call("TransactWriteItems", 1, change):
        assert said(alice, password=PASSWORD, email="new@one.example") == "Invalid password."
    assert claim_of("new@one.example") is None


def test_a_deleted_account_gets_no_address(alice):
    def delete():
        update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])

    with before_call("TransactWriteItems", 1, delete):
        assert said(alice, password=PASSWORD, email="new@one.example") == "Unable to change email."
    assert claim_of("new@one.example") is None
