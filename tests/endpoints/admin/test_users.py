"""Administration of accounts: a link to a new password, and the end of a lost second factor."""

import base64
import re
from urllib.parse import quote

import pytest

from chalicelib.domain.signing_in.signing_in import mfa_enabled
from chalicelib.store.accounts.accounts import SECRET, Account, Secret
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import mfa as mfa_store
from chalicelib.web import session
from tests.cast import PASSWORD, Person
from tests.endpoints.signing_in.mfa_steps import SETTINGS, code_of, turns_on

USERS = "/api/pleroma/admin/users"
PAGE = "/api/pleroma/password_reset"
NOT_FOUND = (404, {"error": "Not found"})


@pytest.fixture
def token_holder(setting):
    """Somebody without an account who knows the admin token."""
    setting(admin_token="the token of the machine")

    class Holder(Person):
        def request(self, method, path, params=None, **more):
            more["headers"] = {"X-Admin-Token": "the token of the machine", **(more.get("headers") or {})}
            return super().request(method, path, params, **more)

    return Holder()


def outcome(reply):
    return reply.status, reply.json


def link_to(admin, nickname):
    return admin.get(f"{USERS}/{quote(nickname, safe='')}/password_reset")


def disables(admin, nickname, **how):
    return admin.put(f"{USERS}/disable_mfa", **(how or {"json": {"nickname": nickname}}))


def basic(name, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


# A link to a new password.


def test_the_link_leads_to_a_new_password(admin, alice, anonymous, drain, aws):
    reply = link_to(admin, "alice")

    assert reply.status == 200
    assert set(reply.json) == {"token", "link"}
    token = reply.json["token"]
    assert len(base64.urlsafe_b64decode(token)) == 32
    assert reply.json["link"] == f"http://kenoma.test{PAGE}/{quote(token, safe='')}"
    assert reply.headers["cache-control"] == "no-store"
    page = anonymous.get(reply.json["link"].removeprefix("http://kenoma.test"))
    assert "<h1>Password Reset for alice</h1>" in page.text
    done = anonymous.post(PAGE, form={
        "data[token]": token, "data[password]": "new", "data[password_confirmation]": "new"})
    assert "<h1>Password changed!</h1>" in done.text
    drain()
    assert aws.letters.letters() == []


def test_several_links_are_open_until_one_is_used(admin, alice, anonymous):
    first, second = (link_to(admin, "alice").json["token"] for _ in range(2))
    headings = [re.search("<h1>(.*)</h1>", anonymous.get(f"{PAGE}/{token}").text)[1] for token in (first, second)]
    assert headings == ["Password Reset for alice"] * 2

    anonymous.post(PAGE, form={"data[token]": first, "data[password]": "x", "data[password_confirmation]": "x"})

    assert "<h1>Invalid Token</h1>" in anonymous.get(f"{PAGE}/{second}").text


@pytest.mark.parametrize("spelling", ["alice", "ALICE", "alice@kenoma.test", "id"])
def test_whoever_is_meant_may_be_named_in_several_ways(admin, alice, spelling):
    name = alice.id if spelling == "id" else spelling

    assert link_to(admin, name).status == 200
    assert outcome(disables(admin, name)) == (200, "alice")


@pytest.mark.parametrize("state", ["unknown", "deleted", "remote", "elsewhere", "long"])
def test_accounts_that_are_not_here_are_not_found(admin, alice, state):
    name = {"unknown": "nobody", "elsewhere": "alice@elsewhere.example", "long": "x" * 2_000}.get(state, "alice")
    if state in ("deleted", "remote"):
        update(Account.stub(alice.id, "P"),
               [Account.deleted.set(True) if state == "deleted" else Account.host.set("elsewhere.example")])

    assert outcome(link_to(admin, name)) == NOT_FOUND
    if state != "remote":
        assert outcome(disables(admin, name)) == NOT_FOUND


def test_accounts_that_may_not_sign_in_can_get_a_link(admin, alice):
    update(Account.stub(alice.id, "P"), [Account.deactivated.set(True), Account.reset_pending.set(True)])

    assert link_to(admin, "alice").status == 200


def test_a_session_that_another_site_uses_makes_no_link(admin, alice, anonymous, aws):
    cookie = {"Cookie": f"_pleroma_key={session.seal(admin.token)}"}

    assert anonymous.get(f"{USERS}/alice/password_reset", headers=cookie).status == 200
    before = aws.count("ephemeral")
    led_there = anonymous.get(f"{USERS}/alice/password_reset", headers=cookie | {"Sec-Fetch-Site": "cross-site"})

    assert outcome(led_there) == (403, {"error": "Invalid credentials."})
    assert aws.count("ephemeral") == before


# The end of a second factor.


@pytest.mark.parametrize("how", [
    {"json": {"nickname": "alice"}}, {"form": {"nickname": "alice"}}, {"params": {"nickname": "alice"}},
])
def test_a_second_factor_is_ended_with_its_backup_codes(admin, alice, anonymous, how):
    turns_on(alice)
    alice.get(f"{SETTINGS}/backup_codes")
    assert anonymous.get("/api/v1/accounts/verify_credentials", headers=basic("alice")).status == 403

    assert outcome(disables(admin, "", **how)) == (200, "alice")

    secret = mfa_store.find(alice.id)
    assert not mfa_enabled(secret)
    assert not secret.backup_hashes
    assert (secret.email, bool(secret.password_hash)) == ("alice@localhost.localdomain", True)
    assert anonymous.get("/api/v1/accounts/verify_credentials", headers=basic("alice")).status == 200
    assert alice.get(SETTINGS).json["enabled"] is False


def test_where_none_is_on_nothing_happens(admin, alice):
    before = mfa_store.find(alice.id).attribute_values

    assert [outcome(disables(admin, "alice")) for _ in range(2)] == [(200, "alice")] * 2

    assert mfa_store.find(alice.id).attribute_values == before


def test_a_pending_secret_is_dropped_and_another_may_be_set_up(admin, alice):
    key = alice.get(f"{SETTINGS}/setup/totp").json["key"]
    disables(admin, "alice")

    old = alice.post(f"{SETTINGS}/confirm/totp", form={"password": PASSWORD, "code": code_of(key)})

    assert old.status == 422
    turns_on(alice)
    assert alice.get(SETTINGS).json["enabled"] is True


def test_the_nickname_is_required(admin):
    reply = admin.put(f"{USERS}/disable_mfa", json={})

    assert (reply.status, reply.json["error"]) == (400, "Missing field: nickname.")
    assert outcome(disables(admin, "")) == NOT_FOUND


# Who may, in the order of the checks.


def refusals(person, **how):
    """What both endpoints answer to a request with wrong parameters and to a right one."""
    return {
        person.get(f"{USERS}/alice/password_reset", **how).json["error"],
        person.put(f"{USERS}/disable_mfa", json={}, **how).json["error"],
        person.put(f"{USERS}/disable_mfa", json={"nickname": "alice"}, **how).json["error"],
    }


def test_nobody_is_no_administrator(anonymous, alice, cast, admin):
    update(Account.stub(admin.id, "P"), [Account.deactivated.set(True)])

    assert refusals(anonymous) == refusals(admin) == refusals(Person(token="x")) == {"Invalid credentials."}
    assert refusals(anonymous, headers=basic("alice", "wrong")) == {"Invalid credentials."}


def test_a_second_factor_closes_http_basic_before_the_role_is_looked_at(alice, anonymous):
    turns_on(alice)

    assert refusals(anonymous, headers=basic("alice")) == {
        "Two-factor authentication enabled, you must use a access token."}


def test_people_and_moderators_are_no_administrators(alice, cast):
    moderator = cast.person("mona", is_moderator=True, scopes="admin")

    assert refusals(alice) == refusals(moderator) == {"User is not an admin."}


def test_parameters_come_before_scopes(cast, alice):
    reader = cast.person("reading", is_admin=True, scopes="read write admin:read")

    assert refusals(reader) == {"Missing field: nickname.", "Insufficient permissions: admin:write:accounts."}


def test_an_administrator_by_password_needs_no_scope(admin, alice, anonymous):
    assert anonymous.get(f"{USERS}/alice/password_reset", headers=basic("admin")).status == 200


def test_scopes_without_the_word_admin_can_be_made_enough(cast, alice, setting):
    setting(enforce_oauth_admin_scope_usage=False)
    writer = cast.person("writing", is_admin=True, scopes="write")
    reader = cast.person("reading", is_admin=True, scopes="read")

    assert link_to(writer, "alice").status == 200
    assert refusals(reader) == {"Missing field: nickname.",
                                "Insufficient permissions: admin:write:accounts | write:accounts."}


def test_a_role_that_is_taken_away_ends_at_once(admin, alice):
    update(Account.stub(admin.id, "P"), [Account.is_admin.set(False)])

    assert refusals(admin) == {"User is not an admin."}


# The admin token.


def test_the_admin_token_stands_for_an_administrator(token_holder, alice, anonymous):
    assert link_to(token_holder, "alice").status == 200
    assert outcome(disables(token_holder, "alice")) == (200, "alice")
    assert outcome(disables(anonymous, "", json={"nickname": "alice", "admin_token": "the token of the machine"})) == (
        200, "alice")


def test_a_wrong_or_unset_admin_token_is_nobody(token_holder, alice, setting):
    assert refusals(token_holder, headers={"X-Admin-Token": "é wrong"}) == {"Invalid credentials."}
    beside = token_holder.put(f"{USERS}/disable_mfa", json={"nickname": "alice", "admin_token": ["x"]})
    assert outcome(beside) == (403, {"error": "Invalid credentials."})

    setting(admin_token="")

    assert refusals(token_holder, headers={"X-Admin-Token": ""}) == {"Invalid credentials."}


def test_the_admin_token_makes_nobody_who_is_signed_in_more(token_holder, alice):
    bearer = {"Authorization": f"Bearer {alice.token}"}

    assert refusals(token_holder, headers=bearer) == {"User is not an admin."}


def test_the_admin_token_cannot_be_guessed_for_long(token_holder, alice, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=10000000000/3")
    guesses = [token_holder.get(f"{USERS}/alice/password_reset", headers={"X-Admin-Token": str(each)}).status
               for each in range(4)]

    assert guesses == [403, 403, 403, 429]
    assert link_to(token_holder, "alice").status == 429


# What it costs.


def test_calls_are_few(admin, alice):
    assert (link_to(admin, "alice").calls, disables(admin, "alice").calls) == (4, 4)


def test_other_secrets_stay(admin, alice):
    update(Secret.stub(alice.id, SECRET), [Secret.confirm_token.set("x")])

    disables(admin, "alice")

    assert mfa_store.find(alice.id).confirm_token == "x"
