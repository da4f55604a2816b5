"""/api/pleroma/accounts/mfa: setting up, confirming and ending a second factor, and backup codes."""

import re

import pytest

from chalicelib.domain.signing_in import mfa
from chalicelib.domain.signing_in.mfa import renew_all
from chalicelib.settings import settings
from chalicelib.store.accounts.accounts import SECRET, Secret
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import mfa as store
from chalicelib.store.signing_in import tokens
from infra import reseal
from tests.cast import PASSWORD
from tests.endpoints.signing_in.mfa_steps import SETTINGS, Clock, Door, code_of, confirms, sets_up, turns_on, wrong_code
from tests.faults import before_call

OFF = {"enabled": False, "totp": False, "settings": {"enabled": False, "totp": False}}
ON = {"enabled": True, "totp": True, "settings": {"enabled": True, "totp": True}}
OTHER_KEY = "next:" + "YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A="


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def door(cast):
    return Door(cast)


def ends(person, method="totp", **params):
    return person.delete(f"{SETTINGS}/{method}", params)


# Who may.


@pytest.mark.parametrize(("method", "path", "scope"), [
    ("GET", "", "read:security"), ("GET", "/setup/totp", "write:security"), ("POST", "/confirm/totp", "write:security"),
    ("DELETE", "/totp", "write:security"), ("DELETE", "/mfa", "write:security"),
    ("GET", "/backup_codes", "write:security"), ("GET", "/setup/sms", "write:security"),
    ("POST", "/confirm/sms", "write:security"), ("DELETE", "/sms", "write:security"),
])
def test_each_needs_its_scope_and_somebody(cast, alice, anonymous, method, path, scope):
    other = "write" if scope.startswith("read") else "read"
    narrow = cast.signs_in(alice.account, f"{other} follow push {scope}:less {scope.split(':')[0]}:accounts")
    exact = cast.signs_in(alice.account, scope)

    assert anonymous.request(method, SETTINGS + path).status == 403
    assert anonymous.request(method, SETTINGS + path).json == {"error": "Invalid credentials."}
    assert narrow.request(method, SETTINGS + path).json == {"error": f"Insufficient permissions: {scope}."}
    assert "Insufficient" not in exact.request(method, SETTINGS + path).body


# Which factors are on.


def test_at_first_nothing_is_on(alice):
    reply = alice.get(SETTINGS)

    assert (reply.status, reply.json) == (200, OFF)
    assert (reply.calls, reply.rounds) == (1, 1)


def test_it_is_on_once_confirmed_and_not_before(alice):
    key = sets_up(alice)
    pending = alice.get(SETTINGS).json
    confirms(alice, code_of(key))

    assert pending == OFF
    assert alice.get(SETTINGS).json == ON


# Setting up.


def test_a_setup_gives_a_key_and_the_address_for_a_qr_code(alice):
    reply = alice.get(f"{SETTINGS}/setup/totp")

    key = reply.json["key"]
    assert reply.status == 200
    assert re.fullmatch(r"[A-Z2-7]{32}", key)
    assert reply.json == {"key": key, "provisioning_uri":
                          f"otpauth://totp/alice@localhost.localdomain?digits=6&issuer=Kenoma&period=30&secret={key}"}
    assert reply.headers["cache-control"] == "no-store"
    assert (reply.calls, reply.rounds) == (3, 3)


def test_without_an_address_the_nickname_stands_there(cast):
    dave = cast.person("dave", email=None)

    assert dave.get(f"{SETTINGS}/setup/totp").json["provisioning_uri"].startswith("otpauth://totp/dave?")


def test_each_setup_makes_a_new_key_and_only_the_last_counts(alice):
    first, second = sets_up(alice), sets_up(alice)

    assert first != second
    assert confirms(alice, code_of(first)).json == {"error": "invalid_token"}
    assert confirms(alice, code_of(second)).status == 200


@pytest.mark.parametrize("method", ["sms", "TOTP", "mfa", "%00", "backup_codes", "x" * 300])
def test_there_is_no_other_method_to_set_up(alice, method):
    reply = alice.get(f"{SETTINGS}/setup/{method}")

    assert (reply.status, reply.json) == (400, {"error": "undefined method"})


def test_the_key_is_not_in_the_table(alice, aws):
    key = turns_on(alice)
    again = sets_up(alice)

    rows = str(aws.dynamodb.scan(TableName="kenoma-accounts")["Items"])
    assert key not in rows
    assert again not in rows
    assert "v1.tests." in rows


def test_without_an_encryption_key_nothing_is_set_up(alice, setting):
    setting(encryption_key="")

    reply = alice.get(f"{SETTINGS}/setup/totp")

    assert reply.status == 422
    assert reply.json == {"error": "Two-factor authentication is not available: this server has no encryption key."}
    assert store.find(alice.id).mfa is None
    assert alice.get(SETTINGS).json == OFF


def test_a_setup_while_it_is_on_leaves_the_old_key_in_force(alice, door):
    old = turns_on(alice)
    new = sets_up(alice)

    assert alice.get(SETTINGS).json == ON
    assert door.challenge(door.mfa_token(), code_of(new)).status == 400
    assert door.challenge(door.mfa_token(), code_of(old)).status == 200


def test_a_new_key_once_confirmed_takes_the_place_of_the_old(alice, door):
    old, new = turns_on(alice), turns_on(alice)

    assert door.challenge(door.mfa_token(), code_of(old)).status == 400
    assert door.challenge(door.mfa_token(), code_of(new)).status == 200


def test_two_first_setups_at_once_leave_one_of_both(alice):
    keys = []
    with before_call("UpdateItem", 2, lambda: keys.append(sets_up(alice)), about="pending"):
        keys.append(sets_up(alice))

    replies = [confirms(alice, code_of(key)).status for key in keys]

    assert sorted(replies) == [200, 422]


# Confirming.


def test_confirming_costs_one_read_and_one_write(alice):
    key = sets_up(alice)

    reply = confirms(alice, code_of(key))

    assert (reply.status, reply.json) == (200, {})
    assert reply.calls == 2


def test_the_code_may_be_that_of_the_step_before(alice, clock):
    code = code_of(sets_up(alice))

    clock.passes(30)

    assert confirms(alice, code).status == 200


def test_an_older_code_is_none(alice, clock):
    code = code_of(sets_up(alice))

    clock.passes(60)

    assert (confirms(alice, code).status, alice.get(SETTINGS).json) == (422, OFF)


def test_the_password_is_looked_at_before_the_code(alice):
    key = sets_up(alice)

    for code in (code_of(key), wrong_code(key)):
        reply = confirms(alice, code, password="wrong")
        assert (reply.status, reply.json) == (422, {"error": "Invalid password."})
    assert confirms(alice, code_of(key), password="").json == {"error": "Invalid password."}
    assert alice.get(SETTINGS).json == OFF


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "é", "\ud800", "x" * 10_000])
def test_a_wrong_code_confirms_nothing(alice, code):
    sets_up(alice)

    reply = alice.post(f"{SETTINGS}/confirm/totp", json={"password": PASSWORD, "code": code.encode(
        "utf-8", "replace").decode()})

    assert (reply.status, reply.json) == (422, {"error": "invalid_token"})
    assert alice.get(SETTINGS).json == OFF


def test_a_code_of_anothers_key_confirms_nothing(alice, bob):
    sets_up(alice)

    assert confirms(alice, code_of(sets_up(bob))).json == {"error": "invalid_token"}


def test_without_a_setup_there_is_nothing_to_confirm(alice):
    reply = confirms(alice, "123456")

    assert (reply.status, reply.json) == (422, {"error": "invalid_secret_and_token"})


@pytest.mark.parametrize("sent", [
    {}, {"password": PASSWORD}, {"code": "123456"}, {"password": None, "code": "123456"},
    {"password": [PASSWORD], "code": "123456"}, {"password": PASSWORD, "code": {"a": "1"}},
])
def test_password_and_code_have_to_be_there(alice, sent):
    reply = alice.post(f"{SETTINGS}/confirm/totp", json=sent)

    assert (reply.status, reply.json) == (400, {"error": "undefined mfa method"})


@pytest.mark.parametrize("method", ["sms", "mfa", "TOTP", "recovery"])
def test_there_is_no_other_method_to_confirm(alice, method):
    key = sets_up(alice)

    reply = alice.post(f"{SETTINGS}/confirm/{method}", json={"password": PASSWORD, "code": code_of(key)})

    assert (reply.status, reply.json) == (400, {"error": "undefined mfa method"})
    assert alice.get(SETTINGS).json == OFF


def test_a_repeated_confirmation_answers_the_same(alice):
    key = turns_on(alice)

    assert (confirms(alice, code_of(key)).status, confirms(alice, code_of(key)).json) == (200, {})
    assert confirms(alice, wrong_code(key)).json == {"error": "invalid_token"}


def test_a_key_replaced_while_it_is_confirmed_is_not_put_in_force(alice):
    key = sets_up(alice)

    with before_call("UpdateItem", 1, lambda: sets_up(alice), about="enabled"):
        reply = confirms(alice, code_of(key))

    assert reply.status == 422
    assert alice.get(SETTINGS).json == OFF


def test_one_ended_while_it_is_confirmed_stays_off(alice):
    key = sets_up(alice)

    with before_call("UpdateItem", 1, lambda: ends(alice, password=PASSWORD), about="enabled"):
        reply = confirms(alice, code_of(key))

    assert reply.status == 422
    assert alice.get(SETTINGS).json == OFF


def test_switching_it_on_and_off_ends_no_token(alice, cast):
    other = cast.signs_in(alice.account)

    turns_on(alice)
    ends(alice, password=PASSWORD)

    assert other.get(SETTINGS).status == 200


# Ending.


@pytest.mark.parametrize("method", ["totp", "mfa"])
def test_it_ends_with_the_password(alice, door, method):
    turns_on(alice)

    reply = ends(alice, method, password=PASSWORD)

    assert (reply.status, reply.json) == (200, {})
    assert alice.get(SETTINGS).json == OFF
    assert store.find(alice.id).mfa is None
    assert door.client.post("/oauth/token", form={"grant_type": "password", "username": "alice", "password": PASSWORD,
                                                  **door.credentials}).status == 200


def test_the_password_may_be_in_the_body(alice):
    turns_on(alice)

    assert alice.delete(f"{SETTINGS}/totp", json={"password": PASSWORD}).status == 200
    assert alice.get(SETTINGS).json == OFF


@pytest.mark.parametrize("method", ["totp", "mfa"])
@pytest.mark.parametrize("sent", [{}, {"password": "wrong"}, {"password": ""}, {"password": [PASSWORD]},
                                  {"password": None}, {"password": 1}])
def test_without_the_password_it_stays(alice, method, sent):
    turns_on(alice)

    reply = alice.delete(f"{SETTINGS}/{method}", json=sent)

    assert (reply.status, reply.json) == (422, {"error": "Invalid password."})
    assert alice.get(SETTINGS).json == ON


@pytest.mark.parametrize("method", ["sms", "recovery", "backup_codes", "TOTP"])
def test_there_is_no_other_method_to_end(alice, method):
    turns_on(alice)

    reply = ends(alice, method, password=PASSWORD)

    assert (reply.status, reply.json) == (400, {"error": "undefined mfa method"})
    assert alice.get(SETTINGS).json == ON


def test_ending_what_is_off_is_no_fault(alice):
    assert [ends(alice, password=PASSWORD).status for _ in range(2)] == [200, 200]


def test_a_key_that_waits_is_forgotten_as_well(alice):
    key = sets_up(alice)

    ends(alice, password=PASSWORD)

    assert confirms(alice, code_of(key)).json == {"error": "invalid_secret_and_token"}


def test_an_administrator_can_end_it_for_somebody(alice, bob):
    turns_on(alice)
    turns_on(bob)

    mfa.disable_for(alice.id)
    mfa.disable_for(alice.id)

    assert (alice.get(SETTINGS).json, bob.get(SETTINGS).json) == (OFF, ON)


def test_ending_it_for_nobody_makes_nobody(aws):
    mfa.disable_for("9zzzzzzzzzzzzzzzzz")

    assert aws.dynamodb.scan(TableName="kenoma-accounts")["Items"] == []


# Backup codes.


def test_backup_codes_are_five_of_sixteen_hexadecimal_digits(alice):
    reply = alice.get(f"{SETTINGS}/backup_codes")

    codes = reply.json["codes"]
    assert (reply.status, list(reply.json)) == (200, ["codes"])
    assert len(set(codes)) == 5
    assert all(re.fullmatch(r"[0-9a-f]{16}", code) for code in codes)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.calls == 2


def test_number_and_length_follow_the_settings(alice, setting):
    setting(backup_codes_number=3, backup_codes_length=7)

    assert [len(code) for code in alice.get(f"{SETTINGS}/backup_codes").json["codes"]] == [7, 7, 7]


def test_only_their_hashes_are_kept(alice, aws):
    codes = alice.get(f"{SETTINGS}/backup_codes").json["codes"]

    rows = str(aws.dynamodb.scan(TableName="kenoma-accounts")["Items"])
    assert not any(code in rows for code in codes)
    assert store.find(alice.id).backup_hashes == {tokens.hash_of(code) for code in codes}


def test_new_ones_replace_all_earlier_ones(alice, door):
    turns_on(alice)
    earlier = alice.get(f"{SETTINGS}/backup_codes").json["codes"]
    later = alice.get(f"{SETTINGS}/backup_codes").json["codes"]

    assert all(door.challenge(door.mfa_token(), code, "recovery").status == 400 for code in earlier)
    assert all(door.challenge(door.mfa_token(), code, "recovery").status == 200 for code in later)


def test_they_outlast_setup_and_confirmation(alice, door):
    codes = alice.get(f"{SETTINGS}/backup_codes").json["codes"]
    turns_on(alice)
    turns_on(alice)

    assert door.challenge(door.mfa_token(), codes[0], "recovery").status == 200


def test_ending_leaves_them_stored_and_good_for_the_next_time_only(alice, door):
    turns_on(alice)
    codes = alice.get(f"{SETTINGS}/backup_codes").json["codes"]
    waiting = door.mfa_token()
    ends(alice, password=PASSWORD)

    useless = door.challenge(waiting, codes[0], "recovery")
    turns_on(alice)

    assert (useless.status, useless.json) == (400, {"error": "Invalid code"})
    assert len(store.find(alice.id).backup_hashes) == 5
    assert door.challenge(door.mfa_token(), codes[0], "recovery").status == 200


# Forged and guessed.


@pytest.mark.parametrize("path", ["/setup/totp", "/backup_codes"])
@pytest.mark.parametrize(("headers", "status"), [
    ({}, 200), ({"Sec-Fetch-Site": "same-origin"}, 200), ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403), ({"Origin": "https://thief.example"}, 403),
])
def test_a_link_on_another_page_changes_nothing(alice, anonymous, path, headers, status):
    cookie = alice.get(SETTINGS).headers["set-cookie"].partition(";")[0]
    before = store.find(alice.id)

    reply = anonymous.get(SETTINGS + path, headers={"Cookie": cookie, **headers})

    after = store.find(alice.id)
    assert reply.status == status
    assert (after.mfa == before.mfa and after.backup_hashes == before.backup_hashes) is (status == 403)


def test_a_token_in_the_header_is_never_forged(alice):
    assert alice.get(f"{SETTINGS}/setup/totp", headers={"Sec-Fetch-Site": "cross-site",
                                                        "Origin": "https://client.example"}).status == 200


def test_passwords_and_codes_cannot_be_guessed_here(alice, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/3")
    key = sets_up(alice)

    statuses = [confirms(alice, wrong_code(key)).status, ends(alice, password="a").status,
                confirms(alice, code_of(key), password="b").status]

    assert statuses == [422, 422, 422]
    assert (confirms(alice, code_of(key)).status, ends(alice, password=PASSWORD).status) == (429, 429)
    assert alice.get(SETTINGS).json == OFF


def test_what_succeeds_does_not_count_as_a_guess(alice, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/1")

    for _ in range(3):
        turns_on(alice)
        assert ends(alice, password=PASSWORD).status == 200


# Another encryption key.


def test_secrets_of_an_older_key_work_and_move_to_the_new_one_when_used(alice, door, clock, setting):
    key = turns_on(alice)
    before = store.find(alice.id).mfa["secret"]
    setting(encryption_key=f"{OTHER_KEY},{settings.encryption_key}")

    assert door.challenge(door.mfa_token(), code_of(key)).status == 200

    after = store.find(alice.id).mfa["secret"]
    assert (before.split(".")[1], after.split(".")[1]) == ("tests", "next")
    setting(encryption_key=OTHER_KEY)
    clock.passes(30)
    assert door.challenge(door.mfa_token(), code_of(key)).status == 200


def test_all_secrets_can_be_moved_at_once_so_that_the_old_key_may_go(alice, bob, carol, door, setting, capsys):
    keys = [turns_on(alice), sets_up(bob)]
    setting(encryption_key=f"{OTHER_KEY},{settings.encryption_key}")

    reseal.main()

    assert capsys.readouterr().out == "2 secrets put under the newest key, 0 that no key of the list opens\n"
    assert renew_all() == (0, 0)
    setting(encryption_key=OTHER_KEY)
    assert confirms(bob, code_of(keys[1])).status == 200
    assert door.challenge(door.mfa_token(), code_of(keys[0])).status == 200


def test_a_secret_that_no_key_opens_is_reported_and_left(alice, setting, capsys):
    turns_on(alice)
    before = store.find(alice.id).mfa
    setting(encryption_key=OTHER_KEY)

    with pytest.raises(SystemExit):
        reseal.main()

    assert "1 that no key" in capsys.readouterr().out
    assert store.find(alice.id).mfa == before


def test_a_lost_key_lets_nobody_in_but_by_backup_code(alice, door, setting, caplog):
    key = turns_on(alice)
    codes = alice.get(f"{SETTINGS}/backup_codes").json["codes"]
    setting(encryption_key="")

    assert door.challenge(door.mfa_token(), code_of(key)).json == {"error": "Invalid code"}
    assert "MFA secret does not open" in caplog.text
    assert key not in caplog.text
    assert door.challenge(door.mfa_token(), codes[0], "recovery").status == 200
    assert ends(alice, password=PASSWORD).status == 200


def test_a_secret_moved_to_anothers_account_opens_nothing(alice, bob, door):
    turns_on(alice)
    key = turns_on(bob)

    update(Secret.stub(alice.id, SECRET), [Secret.mfa["secret"].set(store.find(bob.id).mfa["secret"])])

    assert door.challenge(door.mfa_token("alice"), code_of(key)).status == 400
    assert door.challenge(door.mfa_token("bob"), code_of(key)).status == 200
