"""POST /oauth/mfa/challenge: tokens in exchange for an MFA token and a code, and what somebody might try instead."""

import base64
import time

import pytest

from chalicelib.domain.signing_in import second_factor
from chalicelib.ids import new_flake
from chalicelib.store import ephemeral
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in import mfa as store
from tests.cast import PASSWORD
from tests.endpoints.signing_in.granting import NO_GRANT
from tests.endpoints.signing_in.mfa_steps import SETTINGS, Clock, Door, code_of, confirms, sets_up, turns_on, wrong_code
from tests.faults import Killed, before_call, die

INVALID = {"error": "Invalid code"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def door(cast):
    return Door(cast)


@pytest.fixture
def key(alice):
    """The key of Alice, whose second factor is on."""
    return turns_on(alice)


@pytest.fixture
def backup_codes(alice, key):
    return alice.get(f"{SETTINGS}/backup_codes").json["codes"]


@pytest.fixture
def other_app():
    return apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Another",
                             redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes="read write follow push admin"))


def refused(reply):
    return (reply.status, reply.json) == (400, INVALID)


def state(person, **attributes):
    update(Account.stub(person.id, "P"), [getattr(Account, name).set(value) for name, value in attributes.items()])


# The first step.


def test_a_right_password_gives_a_token_for_the_second_step_only(alice, key, door):
    reply = door.client.post("/oauth/token", form={"grant_type": "password", "username": "alice", "password": PASSWORD,
                                                   **door.credentials})

    assert reply.status == 403
    assert reply.json == {"error": "mfa_required", "mfa_token": reply.json["mfa_token"],
                          "supported_challenge_types": "totp"}
    assert len(reply.json["mfa_token"]) == 43
    assert "set-cookie" not in reply.headers


def test_a_wrong_password_tells_nothing_of_it(alice, key, door):
    reply = door.client.post("/oauth/token", form={"grant_type": "password", "username": "alice", "password": "nope",
                                                   **door.credentials})

    assert (reply.status, reply.json) == (400, NO_GRANT)


def test_basic_sign_in_is_refused_where_somebody_has_to_be_signed_in(alice, key, anonymous):
    header = {"Authorization": "Basic " + base64.b64encode(f"alice:{PASSWORD}".encode()).decode()}
    wrong = {"Authorization": "Basic " + base64.b64encode(b"alice:nope").decode()}

    required = anonymous.get("/api/v1/accounts/verify_credentials", headers=header)
    optional = anonymous.get(f"/api/v1/accounts/{alice.id}", headers=header)

    assert (required.status, required.json) == (
        403, {"error": "Two-factor authentication enabled, you must use a access token."})
    assert optional.status == 200
    assert "source" not in optional.json or "privacy" not in optional.json["source"]
    assert anonymous.get("/api/v1/accounts/verify_credentials", headers=wrong).json == {"error": "Invalid credentials."}
    assert alice.get("/api/v1/accounts/verify_credentials").status == 200


# The second step.


def test_a_code_gives_a_token(alice, key, door):
    reply = door.challenge(door.mfa_token(scope="read write:media"), code_of(key))

    assert reply.status == 200
    assert reply.json.keys() == {
        "token_type", "access_token", "refresh_token", "expires_in", "scope", "created_at", "me"}
    assert (reply.json["scope"], reply.json["me"]) == ("read write:media", "http://kenoma.test/users/alice")
    assert reply.headers["set-cookie"].startswith("_pleroma_key=" + reply.json["access_token"])
    assert reply.headers["cache-control"] == "no-store"
    alice.token = reply.json["access_token"]
    assert alice.get("/api/v1/accounts/verify_credentials").json["id"] == alice.id


def test_what_it_costs(alice, key, backup_codes, door):
    totp = door.challenge(door.mfa_token(), code_of(key))
    recovery = door.challenge(door.mfa_token(), backup_codes[0], "recovery")

    assert (totp.calls, totp.rounds) == (4, 3)
    assert (recovery.calls, recovery.rounds) == (3, 3)


def test_the_step_before_is_accepted_and_no_earlier_or_later_one(alice, key, door, clock):
    assert refused(door.challenge(door.mfa_token(), code_of(key, time.time() + 30)))
    assert refused(door.challenge(door.mfa_token(), code_of(key, time.time() - 60)))
    assert door.challenge(door.mfa_token(), code_of(key, time.time() - 30)).status == 200


def test_it_may_come_as_json_and_the_app_as_http_basic(alice, key, door):
    pair = f"{door.app.client_id}:{door.app.secret}"
    reply = door.client.post("/oauth/mfa/challenge", json={
        "mfa_token": door.mfa_token(), "challenge_type": "totp", "code": code_of(key),
    }, headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()})

    assert reply.status == 200


@pytest.mark.parametrize("typed", ["{}", "  {}", "{:.8} {:.0}", "UPPER"])
def test_a_backup_code_gives_a_token(alice, backup_codes, door, typed):
    code = backup_codes[2]
    typed = code.upper() if typed == "UPPER" else f"{code[:8]} {code[8:]}" if ":" in typed else typed.format(code)

    assert door.challenge(door.mfa_token(), typed, "recovery").status == 200


def test_each_backup_code_works_once(alice, backup_codes, door):
    used = [door.challenge(door.mfa_token(), code, "recovery").status for code in backup_codes]
    again = [door.challenge(door.mfa_token(), code, "recovery").status for code in backup_codes]

    assert (used, again) == ([200] * 5, [400] * 5)
    assert store.find(alice.id).backup_hashes is None


def test_a_code_of_one_kind_is_none_of_the_other(alice, key, backup_codes, door):
    assert refused(door.challenge(door.mfa_token(), backup_codes[0], "totp"))
    assert refused(door.challenge(door.mfa_token(), code_of(key), "recovery"))


def test_a_wrong_code_does_not_use_the_token_up(alice, key, door):
    mfa_token = door.mfa_token()

    assert refused(door.challenge(mfa_token, wrong_code(key)))
    assert refused(door.challenge(mfa_token, "0123456789abcdef", "recovery"))
    assert door.challenge(mfa_token, code_of(key)).status == 200


@pytest.mark.parametrize("wrong", [
    {"mfa_token": ""}, {"mfa_token": "x" * 43}, {"mfa_token": "x" * 5000}, {"mfa_token": ["a"]}, {"mfa_token": None},
    {"code": ""}, {"code": None}, {"code": 123456}, {"code": ["1"]}, {"code": "1" * 5000}, {"challenge_type": "sms"},
    {"challenge_type": None}, {"challenge_type": ""}, {"challenge_type": "TOTP"}, {"client_id": ""},
    {"client_id": "nope"}, {"client_id": "x" * 5000}, {"client_secret": "nope"}, {"client_secret": None},
    {"mfa_token": "\ud7ff"}, {"code": "é"},
])
def test_whatever_is_wrong_is_told_alike(alice, key, door, wrong):
    right = {"mfa_token": door.mfa_token(), "challenge_type": "totp", "code": code_of(key), **door.credentials}

    reply = door.client.post("/oauth/mfa/challenge", json=right | wrong)

    assert refused(reply)
    assert "set-cookie" not in reply.headers


def test_nothing_at_all_is_a_wrong_code(door):
    assert refused(door.client.post("/oauth/mfa/challenge"))


# Tokens and codes of somebody else.


def test_the_token_belongs_to_the_app_that_asked(alice, key, door, other_app):
    mfa_token = door.mfa_token()

    reply = door.challenge(mfa_token, code_of(key), client_id=other_app.client_id, client_secret=other_app.secret)

    assert refused(reply)
    assert door.challenge(mfa_token, code_of(key)).status == 200


def test_the_token_belongs_to_one_account(alice, bob, key, backup_codes, door):
    of_bob = turns_on(bob)
    codes_of_bob = bob.get(f"{SETTINGS}/backup_codes").json["codes"]
    mfa_token = door.mfa_token("alice")

    assert refused(door.challenge(mfa_token, code_of(of_bob)))
    assert refused(door.challenge(mfa_token, codes_of_bob[0], "recovery"))
    assert door.challenge(mfa_token, code_of(key)).json["me"].endswith("/alice")
    assert door.challenge(door.mfa_token("bob"), codes_of_bob[0], "recovery").json["me"].endswith("/bob")


def test_an_mfa_token_is_no_access_token_and_no_code(alice, key, door):
    mfa_token = door.mfa_token()

    assert door.client.get("/api/v1/accounts/verify_credentials",
                           headers={"Authorization": f"Bearer {mfa_token}"}).status == 403
    assert door.client.post("/oauth/token", form={"grant_type": "authorization_code", "code": mfa_token,
                                                  **door.credentials}).status == 400


def test_a_code_of_oauth_is_no_mfa_token(alice, key, door):
    code = tokens.random_token()
    ephemeral.keep("c", code, {"account": alice.id, "app": door.app.client_id, "scopes": ["read"], "gen": 0}, 300)

    assert refused(door.challenge(code, code_of(key)))


# Using them again.


def test_the_token_is_spent_by_success(alice, key, backup_codes, door, clock):
    mfa_token = door.mfa_token()
    assert door.challenge(mfa_token, code_of(key)).status == 200

    clock.passes(30)

    assert refused(door.challenge(mfa_token, code_of(key)))
    assert refused(door.challenge(mfa_token, backup_codes[0], "recovery"))
    assert ephemeral.look("m", mfa_token) is None


def test_a_code_is_good_for_one_sign_in(alice, key, door, clock):
    code, before = code_of(key), code_of(key, time.time() - 30)
    assert door.challenge(door.mfa_token(), code).status == 200

    assert refused(door.challenge(door.mfa_token(), code))
    assert refused(door.challenge(door.mfa_token(), before)), "a code seen earlier than the last used one"
    clock.passes(30)
    assert refused(door.challenge(door.mfa_token(), code)), "still the step before"
    assert door.challenge(door.mfa_token(), code_of(key)).status == 200


def test_the_code_that_confirmed_the_setup_may_sign_in_once(alice, door):
    key = sets_up(alice)
    code = code_of(key)
    confirms(alice, code)

    assert door.challenge(door.mfa_token(), code).status == 200
    assert refused(door.challenge(door.mfa_token(), code))
    assert confirms(alice, code).status == 200, "a repeated confirmation,"
    assert refused(door.challenge(door.mfa_token(), code)), "which does not make the code good again"


def test_of_two_sign_ins_with_one_code_at_once_one_wins(alice, key, door):
    first, second = door.mfa_token(), door.mfa_token()
    replies = []

    with before_call("TransactWriteItems", 1, lambda: replies.append(door.challenge(first, code_of(key)))):
        replies.append(door.challenge(second, code_of(key)))

    assert [reply.status for reply in replies] == [200, 400]
    assert ephemeral.look("m", second) is not None


def test_of_two_uses_of_one_mfa_token_at_once_one_wins(alice, key, backup_codes, door):
    mfa_token = door.mfa_token()
    replies = []

    with before_call("TransactWriteItems", 1,
                     lambda: replies.append(door.challenge(mfa_token, backup_codes[0], "recovery"))):
        replies.append(door.challenge(mfa_token, code_of(key)))

    assert [reply.status for reply in replies] == [200, 400]
    assert len(tokens.list_of(alice.id)) == 2
    assert door.challenge(door.mfa_token(), code_of(key)).status == 200, "whose code was not used up"


def test_of_two_uses_of_one_backup_code_at_once_one_wins(alice, backup_codes, door):
    first, second = door.mfa_token(), door.mfa_token()
    replies = []

    with before_call("TransactWriteItems", 1,
                     lambda: replies.append(door.challenge(first, backup_codes[0], "recovery"))):
        replies.append(door.challenge(second, backup_codes[0], "recovery"))

    assert [reply.status for reply in replies] == [200, 400]


def test_who_dies_before_the_tokens_are_written_has_used_nothing_up(alice, key, door):
    mfa_token = door.mfa_token()

    with pytest.raises(Killed), before_call("TransactWriteItems", 1, die):
        door.challenge(mfa_token, code_of(key))

    assert door.challenge(mfa_token, code_of(key)).status == 200


# Too late.


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 400), (301, 400), (4000, 400)])
def test_the_token_lives_for_three_hundred_seconds(alice, key, door, clock, seconds, status):
    mfa_token = door.mfa_token()

    clock.passes(seconds)

    assert door.challenge(mfa_token, code_of(key)).status == status


@pytest.mark.parametrize("change", [
    {"deactivated": True}, {"reset_pending": True}, {"approval_pending": True}, {"confirmation_pending": True},
    {"deleted": True}, {"token_generation": 1},
])
def test_an_account_changed_between_the_steps_does_not_get_in(alice, key, backup_codes, door, setting, change):
    setting(account_activation_required=True)
    mfa_token = door.mfa_token()

    state(alice, **change)

    assert refused(door.challenge(mfa_token, code_of(key)))
    assert refused(door.challenge(mfa_token, backup_codes[0], "recovery"))
    assert len(store.find(alice.id).backup_hashes) == 5


def test_a_password_changed_between_the_steps_ends_the_first(alice, key, backup_codes, door, clock):
    mfa_token = door.mfa_token()

    changed = alice.post("/api/pleroma/change_password", form={
        "password": PASSWORD, "new_password": "new", "new_password_confirmation": "new"})

    assert (changed.status, changed.json) == (200, {"status": "success"})
    assert refused(door.challenge(mfa_token, code_of(key)))
    assert refused(door.challenge(mfa_token, backup_codes[0], "recovery"))
    assert door.challenge(door.mfa_token(password="new"), code_of(key)).status == 200


def test_a_second_factor_ended_between_the_steps_needs_a_new_sign_in(alice, key, backup_codes, door):
    mfa_token = door.mfa_token()

    alice.delete(f"{SETTINGS}/totp", {"password": PASSWORD})

    assert refused(door.challenge(mfa_token, code_of(key)))
    assert refused(door.challenge(mfa_token, backup_codes[0], "recovery"))
    assert refused(door.challenge(mfa_token, "", "totp"))


def test_a_key_replaced_between_look_and_use_is_not_used(alice, key, door):
    with before_call("TransactWriteItems", 1, lambda: turns_on(alice)):
        reply = door.challenge(door.mfa_token(), code_of(key))

    assert refused(reply)


def test_an_app_whose_secret_changed_between_the_steps_does_not_get_in(alice, key, door):
    mfa_token = door.mfa_token()

    update(apps.App.stub(door.app.client_id), [apps.App.secret.set("changed")])

    assert refused(door.challenge(mfa_token, code_of(key)))


# Guessing.


def test_an_mfa_token_is_dead_after_ten_wrong_codes(alice, key, backup_codes, door):
    mfa_token = door.mfa_token()
    for number in range(10):
        kind = "recovery" if number % 2 else "totp"
        assert refused(door.challenge(mfa_token, wrong_code(key), kind))

    assert refused(door.challenge(mfa_token, code_of(key)))
    assert refused(door.challenge(mfa_token, backup_codes[0], "recovery"))
    assert door.challenge(door.mfa_token(), code_of(key)).status == 200


def test_the_tenth_code_may_still_be_right(alice, key, door):
    mfa_token = door.mfa_token()
    for _ in range(9):
        door.challenge(mfa_token, wrong_code(key))

    assert door.challenge(mfa_token, code_of(key)).status == 200


def test_many_guesses_at_once_are_no_more_than_ten(alice, key, door):
    """Each arrives while the one before is being checked, so a try must count before it is checked."""
    mfa_token = door.mfa_token()
    replies = []

    def guess(left):
        if left:
            with before_call("BatchGetItem", 1, lambda: guess(left - 1)):
                replies.append(door.challenge(mfa_token, wrong_code(key)))

    guess(10)

    assert len(replies) == 10
    assert refused(door.challenge(mfa_token, code_of(key)))


def test_an_account_is_guessed_at_twenty_times_an_hour_whatever_the_tokens(alice, bob, key, backup_codes, door, clock):
    clock.now = clock.now // 3600 * 3600 + 100
    for _ in range(4):
        mfa_token = door.mfa_token()
        for _ in range(5):
            assert refused(door.challenge(mfa_token, wrong_code(key)))

    throttled = door.challenge(door.mfa_token(), code_of(key))

    assert (throttled.status, throttled.json) == (429, {"error": "Throttled"})
    assert door.challenge(door.mfa_token(), backup_codes[0], "recovery").status == 200, "which nobody can guess"
    of_bob = turns_on(bob)
    assert door.challenge(door.mfa_token("bob"), code_of(of_bob)).status == 200
    clock.passes(3600)
    assert door.challenge(door.mfa_token(), code_of(key)).status == 200


def test_who_signs_in_rightly_is_not_counted_as_guessing(alice, key, door, clock):
    clock.now = clock.now // 3600 * 3600 + 100
    for _ in range(second_factor.MOST_GUESSES + 5):
        clock.passes(30)
        assert door.challenge(door.mfa_token(), code_of(key)).status == 200


def test_failed_codes_count_as_failed_sign_ins(alice, key, door, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/3")
    mfa_token = door.mfa_token()

    statuses = [door.challenge(mfa_token, wrong_code(key)).status for _ in range(3)]

    assert statuses == [400, 400, 400]
    assert door.challenge(mfa_token, code_of(key)).status == 429
    assert door.client.post("/oauth/token", form={"grant_type": "password", "username": "alice", "password": PASSWORD,
                                                  **door.credentials}).status == 429


def test_right_codes_do_not(alice, key, door, setting, clock):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/1")

    for _ in range(3):
        clock.passes(30)
        assert door.challenge(door.mfa_token(), code_of(key)).status == 200


def test_rows_of_a_guess_have_an_end(alice, key, door, aws):
    door.challenge(door.mfa_token(), wrong_code(key))
    door.challenge(door.mfa_token(), code_of(key))

    rows = aws.dynamodb.scan(TableName="kenoma-ephemeral")["Items"]
    assert rows
    assert all("ttl" in row for row in rows)
