"""POST /api/pleroma/change_password."""

import pytest

from chalicelib.domain.signing_in import passwords
from chalicelib.store import ephemeral
from chalicelib.store.accounts import accounts, users
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.table import update
from tests.cast import PASSWORD, Person
from tests.endpoints.signing_in.granting import NO_GRANT
from tests.faults import Killed, before_call, die

PATH = "/api/pleroma/change_password"
NEW = "a new password é"
DONE = {"status": "success"}


def said(person, **values):
    reply = person.post(PATH, json=values)
    assert reply.status == 200
    return reply.json.get("error", reply.json)


def changes(person, password=PASSWORD, new=NEW):
    return said(person, password=password, new_password=new, new_password_confirmation=new)


def signs_in(anonymous, cast, password):
    return anonymous.post("/oauth/token", form={
        "grant_type": "password", "username": "alice", "password": password,
        "client_id": cast.app.client_id, "client_secret": cast.app.secret,
    })


@pytest.mark.parametrize("how", ["json", "form", "params"])
def test_the_new_password_signs_in_and_the_old_one_no_longer(alice, anonymous, cast, how):
    reply = alice.post(PATH, **{how: {
        "password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW}})

    assert (reply.status, reply.json) == (200, DONE)
    assert signs_in(anonymous, cast, NEW).status == 200
    old = signs_in(anonymous, cast, PASSWORD)
    assert (old.status, old.json) == (400, NO_GRANT)


def test_every_token_ends_the_calling_one_too(alice, bob, anonymous, cast):
    phone, tablet = cast.signs_in(alice.account), cast.signs_in(alice.account, "read")
    granted = signs_in(anonymous, cast, PASSWORD).json

    assert changes(phone) == DONE

    for person in (alice, phone, tablet, Person(token=granted["access_token"])):
        reply = person.get("/api/v1/accounts/verify_credentials")
        assert (reply.status, reply.json) == (403, {"error": "Invalid credentials."})
    assert bob.get("/api/v1/accounts/verify_credentials").status == 200
    refreshed = anonymous.post("/oauth/token", form={
        "grant_type": "refresh_token", "refresh_token": granted["refresh_token"],
        "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    assert (refreshed.status, refreshed.json) == (400, NO_GRANT)


def test_a_code_ends_too(alice, anonymous, cast):
    ephemeral.keep("c", "the code", {"account": alice.id, "app": cast.app.client_id, "scopes": ["read"],
                                     "gen": int(alice.account.token_generation)}, 600)

    changes(alice)

    reply = anonymous.post("/oauth/token", form={
        "grant_type": "authorization_code", "code": "the code",
        "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    assert (reply.status, reply.json) == (400, NO_GRANT)


def test_the_session_of_a_browser_ends(alice, anonymous):
    cookie = alice.get("/api/v1/accounts/verify_credentials").headers["set-cookie"].partition(";")[0]
    browser = {"Cookie": cookie}
    assert anonymous.get("/api/v1/accounts/verify_credentials", headers=browser).status == 200

    reply = anonymous.post(PATH, headers=browser, form={
        "password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW})

    assert reply.headers["set-cookie"].startswith("_pleroma_key=; Max-Age=0")
    assert anonymous.get("/api/v1/accounts/verify_credentials", headers=browser).status == 403


def test_a_token_starts_no_session_with_its_last_breath(alice):
    reply = alice.post(PATH, form={"password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW})

    assert "set-cookie" not in reply.headers


def test_an_account_can_sign_in_again_at_once(alice, anonymous, cast):
    changes(alice)
    again = Person(token=signs_in(anonymous, cast, NEW).json["access_token"])

    assert again.get("/api/v1/accounts/verify_credentials").json["id"] == alice.id
    assert changes(again, NEW, "a third one") == DONE


@pytest.mark.parametrize("password", [None, "", " ", "wrong", PASSWORD + " ", 1, True, {}, [], [PASSWORD]])
@pytest.mark.parametrize(("new", "confirmation"), [(NEW, NEW), (NEW, "other"), ("", ""), (None, None)])
def test_the_password_is_looked_at_first(alice, password, new, confirmation):
    said_to_it = said(alice, password=password, new_password=new, new_password_confirmation=confirmation)

    assert said_to_it == "Invalid password."


@pytest.mark.parametrize(("new", "confirmation"), [
    (NEW, "other"), (NEW, NEW + " "), (NEW, ""), (NEW, None), ("", NEW), (None, NEW), (NEW, {}), ({}, NEW), (1, NEW),
    (NEW, [NEW]), (NEW, "  "),
])
def test_both_have_to_be_the_same(alice, new, confirmation):
    answer = said(alice, password=PASSWORD, new_password=new, new_password_confirmation=confirmation)

    assert answer == "New password does not match confirmation."
    assert alice.get("/api/v1/accounts/verify_credentials").status == 200


@pytest.mark.parametrize("new", [None, "", "   ", {}, [], 1])
@pytest.mark.parametrize("confirmation", [None, "", " ", {}])
def test_nothing_is_no_password(alice, new, confirmation):
    answer = said(alice, password=PASSWORD, new_password=new, new_password_confirmation=confirmation)

    assert answer == "New password can't be blank."


def test_missing_parameters_are_blank(alice):
    assert said(alice) == "Invalid password."
    assert said(alice, password=PASSWORD) == "New password can't be blank."
    assert said(alice, password=PASSWORD, new_password=NEW) == "New password does not match confirmation."


def test_it_needs_a_user_and_the_scope(anonymous, cast):
    reader = cast.person("reader", scopes="read")
    body = {"password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW}

    nobody, lacking = anonymous.post(PATH, json=body), reader.post(PATH, json=body)

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (lacking.status, lacking.json) == (403, {"error": "Insufficient permissions: write:accounts."})


def test_with_the_password_as_credentials_it_works_as_well(alice, anonymous):
    basic = {"Authorization": "Basic YWxpY2U6a2Vub21hLWxvY2Fs"}

    reply = anonymous.post(PATH, headers=basic, form={
        "password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW})

    assert (reply.status, reply.json) == (200, DONE)
    assert anonymous.get("/api/v1/accounts/verify_credentials", headers=basic).status == 403


def test_what_it_costs(alice):
    wrong = alice.post(PATH, json={"password": "wrong"})
    right = alice.post(PATH, json={"password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW})

    assert (wrong.calls, wrong.rounds) == (1, 1)
    assert (right.calls, right.rounds) == (2, 2)


def test_only_a_hash_is_kept(alice, aws):
    changes(alice)

    stored = users.find(alice.id).password_hash
    assert stored.startswith("$argon2id$")
    assert NEW not in stored


def test_of_two_changes_at_the_same_moment_one_counts(alice, anonymous, cast):
    """Both know the old password. When the slower one is checked, it is no longer valid."""
    phone = cast.signs_in(alice.account)

    with before_call("TransactWriteItems", 1, lambda: changes(phone, PASSWORD, "the first")):
        assert changes(alice, PASSWORD, "the second") == "Invalid password."

    assert signs_in(anonymous, cast, "the first").status == 200
    assert signs_in(anonymous, cast, "the second").status == 400


def test_password_and_tokens_change_together_or_not_at_all(alice):
    with pytest.raises(Killed), before_call("TransactWriteItems", 1, die):
        changes(alice)

    assert alice.get("/api/v1/accounts/verify_credentials").status == 200
    assert passwords.fits(PASSWORD, users.find(alice.id))
    assert alice.account.token_generation == 0
    assert changes(alice) == DONE
    assert alice.account.token_generation == 1


def test_an_account_deleted_meanwhile_stays_without_a_password(alice):
    def delete():
        update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])
        update(Secret.stub(alice.id, accounts.SECRET), [Secret.password_hash.remove()])

    with before_call("TransactWriteItems", 1, delete):
        assert changes(alice) == "Invalid password."
    assert users.find(alice.id).password_hash is None


def test_when_it_cannot_be_it_says_so(alice):
    def delete():
        update(Account.stub(alice.id, "P"), [Account.deleted.set(True)])

    with before_call("TransactWriteItems", 1, delete):
        assert changes(alice) == "Unable to change password."
