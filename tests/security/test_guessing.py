"""Guessing: neither words nor the work done reveal who exists, and passwords and codes can be tried only so often."""

from __future__ import annotations

import base64

import argon2
import pytest

from chalicelib.domain.signing_in import password_reset
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from tests.cast import PASSWORD, Person
from tests.endpoints.signing_in.mfa_steps import Clock, Door, turns_on, wrong_code
from tests.security.pages import sign_in

OOB = "urn:ietf:wg:oauth:2.0:oob"
OWN = "/api/v1/accounts/verify_credentials"
THROTTLED = {"error": "Throttled"}
STRANGERS = ["nobody", "nobody@example.org", "nobody@localhost.localdomain", "", " ", "x" * 300, "al ice", "ALICE@",
             "é\u0301"]
PASSWORDS = ["wrong", "", " ", "x" * 5_000, "wrong\u0301"]


@pytest.fixture
def verified(monkeypatch):
    """How many hashes were verified. One takes 24 ms, everything else almost nothing."""
    counted = []
    verify = argon2.PasswordHasher.verify

    def counting(*arguments):
        counted.append(arguments)
        return verify(*arguments)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    return counted


def on_the_page(cast, person, name, password):
    return sign_in(person, name=name, password=password, client_id=cast.app.client_id, redirect_uri=OOB)


def by_grant(cast, person, name, password):
    return person.post("/oauth/token", form={
        "grant_type": "password", "username": name, "password": password, "client_id": cast.app.client_id,
        "client_secret": cast.app.secret})


def by_basic(cast, person, name, password):
    encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
    return person.get(OWN, headers={"Authorization": f"Basic {encoded}"})


every_door = pytest.mark.parametrize("door", [on_the_page, by_grant, by_basic], ids=lambda door: door.__name__)


def told(reply, name):
    """Everything in a reply that the client can see, without the name that it sent itself."""
    shown = {key: value for key, value in reply.headers.items() if key not in ("x-request-id", "x-kenoma-dynamodb")}
    return reply.status, reply.text.replace(f'value="{name}"', 'value=""'), shown, reply.calls, reply.rounds


# Whether an account exists.


@every_door
@pytest.mark.parametrize("password", PASSWORDS, ids=lambda text: ascii(text[:9]))
def test_a_stranger_and_a_wrong_password_cost_the_same_and_are_told_the_same(cast, alice, anonymous, verified, door,
                                                                             password):
    known = door(cast, anonymous, "alice", password)
    by_address = door(cast, anonymous, "alice@localhost.localdomain", password)
    unknown = door(cast, anonymous, "nobody", password)

    assert [len(verified), known.calls, known.rounds] == [3, unknown.calls, unknown.rounds]
    assert told(known, "alice") == told(unknown, "nobody") == told(by_address, "alice@localhost.localdomain")


@every_door
@pytest.mark.parametrize("name", STRANGERS, ids=lambda text: ascii(text[:9]))
def test_for_whatever_name_one_hash_is_verified(cast, alice, anonymous, verified, door, name):
    if door is by_basic and not 0 < len(name) <= 255:
        pytest.skip("without a name, or with one nobody can have, it is no sign-in at all")

    reply = door(cast, anonymous, name, PASSWORD)

    assert len(verified) == 1
    assert reply.status in (400, 401, 403)


@every_door
def test_what_became_of_an_account_is_told_only_with_its_password(cast, anonymous, verified, setting, door):
    setting(account_activation_required=True)
    expected = told(door(cast, anonymous, "nobody", "wrong"), "nobody")
    for state in ("deactivated", "reset_pending", "confirmation_pending", "approval_pending"):
        person = cast.person(state)
        update(Account.stub(person.id, "P"), [getattr(Account, state).set(True)])

        assert told(door(cast, anonymous, state, "wrong"), state) == expected

    assert len(verified) == 5


@every_door
def test_who_has_a_second_factor_is_told_only_with_the_password(cast, alice, anonymous, verified, door):
    turns_on(alice)
    verified.clear()

    assert told(door(cast, anonymous, "alice", "wrong"), "alice") == told(door(cast, anonymous, "nobody", "wrong"),
                                                                          "nobody")
    assert len(verified) == 2


@pytest.mark.parametrize("path", ["/auth/password", "/api/v1/pleroma/accounts/confirmation_resend"])
@pytest.mark.parametrize("field", ["email", "nickname"])
def test_asking_for_a_letter_tells_nothing(alice, anonymous, setting, path, field):
    setting(account_activation_required=True)
    name = "alice" if field == "nickname" else "alice@localhost.localdomain"

    known, unknown = (anonymous.post(path, form={field: each}) for each in (name, f"x{name}"))

    assert told(known, "") == told(unknown, "")
    assert (known.calls, known.rounds) == (unknown.calls, unknown.rounds)


def test_a_link_to_a_new_password_tells_no_more_than_whose_it_is(alice, anonymous):
    assert "alice" not in anonymous.get("/api/pleroma/password_reset/wrong").text


# How often.


@pytest.fixture
def limited(setting, monkeypatch):
    """Rate limits as when deployed, in a minute that does not end."""
    Clock(monkeypatch)
    setting(rate_limits=True)


def repeated(times, act):
    """Make the same request so many times, then once more."""
    statuses = [act().status for _ in range(times)]
    assert 429 not in statuses, statuses
    return act()


@every_door
def test_passwords_can_be_tried_fifteen_times_a_minute(cast, alice, anonymous, limited, door):
    reply = repeated(15, lambda: door(cast, anonymous, "alice", "wrong"))

    assert (reply.status, reply.json) == (429, THROTTLED)
    right = door(cast, anonymous, "alice", PASSWORD)
    assert (right.status, right.json) == (429, THROTTLED)


def test_all_doors_count_together(cast, alice, anonymous, limited):
    for door in (on_the_page, by_grant, by_basic):
        for _ in range(5):
            assert door(cast, anonymous, "alice", "wrong").status != 429

    assert [door(cast, anonymous, "alice", PASSWORD).status for door in (on_the_page, by_grant, by_basic)] == [429] * 3


def test_a_right_password_by_basic_is_no_guess(cast, alice, anonymous, limited):
    assert [by_basic(cast, anonymous, "alice", PASSWORD).status for _ in range(20)] == [200] * 20


def test_a_dead_token_beside_a_wrong_password_is_a_guess_too(alice, anonymous, limited):
    encoded = base64.b64encode(b"alice:wrong").decode()

    reply = repeated(15, lambda: anonymous.get(OWN, {"access_token": "dead"},
                                               headers={"Authorization": f"Basic {encoded}"}))

    assert reply.status == 429


def test_a_token_is_not_held_up_by_the_guesses_of_others(cast, alice, anonymous, limited):
    repeated(15, lambda: by_basic(cast, anonymous, "alice", "wrong"))

    assert alice.get(OWN).status == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "CF-Connecting-IP"])
def test_another_address_cannot_be_pretended(cast, alice, anonymous, limited, header):
    numbers = iter(range(1, 100))

    def from_anywhere():
        return anonymous.post("/oauth/authorize", headers={header: f"198.51.100.{next(numbers)}"},
                              form={"name": "alice"})

    assert repeated(15, from_anywhere).status == 429


def test_codes_of_the_second_step_can_be_tried_fifteen_times(cast, alice, limited):
    key = turns_on(alice)
    door = Door(cast)
    tokens = [door.mfa_token() for _ in range(3)]

    reply = repeated(15, lambda: door.challenge(tokens[0] if len(tokens) == 1 else tokens.pop(), wrong_code(key)))

    assert (reply.status, reply.json) == (429, THROTTLED)
    assert door.verify(tokens[0], wrong_code(key)).status == 429


@pytest.mark.parametrize(("path", "times"), [
    ("/auth/password", 5), ("/api/v1/pleroma/accounts/confirmation_resend", 5),
])
def test_letters_can_be_asked_for_so_often(anonymous, limited, path, times):
    reply = repeated(times, lambda: anonymous.post(path, form={"email": "alice@example.org"}))

    assert (reply.status, reply.json) == (429, THROTTLED)


def test_accounts_can_be_made_so_often(cast, anonymous, limited):
    app = Person(token=anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret,
    }).json["access_token"])

    reply = repeated(25, lambda: app.post("/api/v1/accounts", json={"username": "", "password": "x",
                                                                    "agreement": True}))

    assert (reply.status, reply.json) == (429, THROTTLED)


@pytest.mark.parametrize(("path", "method"), [
    ("/api/pleroma/change_password", "post"), ("/api/pleroma/change_email", "post"),
    ("/api/pleroma/delete_account", "post"), ("/api/pleroma/disable_account", "post"),
    ("/api/pleroma/accounts/mfa/totp", "delete"), ("/api/pleroma/accounts/mfa/confirm/totp", "post"),
])
def test_who_holds_a_token_cannot_guess_the_password(alice, limited, path, method):
    """A found telephone must not become a taken account."""
    form = {"password": "wrong", "new_password": "x", "new_password_confirmation": "x", "email": "x@example.org",
            "code": "1"}

    reply = repeated(15, lambda: getattr(alice, method)(path, form=form))

    assert (reply.status, reply.json) == (429, THROTTLED)


def test_links_to_a_new_password_cannot_be_found_by_trying(alice, anonymous):
    token = password_reset.link_for(alice.account)[0]

    assert len(base64.urlsafe_b64decode(token)) == 32
