"""Who gets in to administration, in which order and with which words; and in which forms parameters come.

The endpoint of these tests is one with parameters and a check of its own: letting a job demand new passwords.
"""

import base64
import json
import time

import pytest

from chalicelib.settings import settings
from chalicelib.store.accounts.accounts import SECRET, Account, Secret
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import tokens
from chalicelib.store.signing_in.tokens import Token
from chalicelib.web import session
from tests.cast import PASSWORD, Person

FORCE = "/api/pleroma/admin/users/force_password_reset"
NEWER = "/api/v1/pleroma/admin/users/force_password_reset"
LOG = "/api/pleroma/admin/moderation_log"
INVALID = (403, "Invalid credentials.")
NOT_ADMIN = (403, "User is not an admin.")
MFA = (403, "Two-factor authentication enabled, you must use a access token.")
MISSING = (400, "Missing field: nicknames.")
LACKING = (403, "Insufficient permissions: admin:write:accounts.")
UNKNOWN = (404, "Not found")
HERE, NOWHERE = {"nicknames": ["alice"]}, {"nicknames": ["nobody"]}


def outcome(reply):
    return reply.status, reply.json["error"] if reply.body else None


def force(person, body, **how):
    return outcome(person.patch(FORCE, json=body, **how))


def basic(name, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def cookie(person):
    return {"Cookie": f"_pleroma_key={session.seal(person.token)}"}


def profile(person, **values):
    update(Account.stub(person.id, "P"), [
        getattr(Account, name).remove() if value is None else getattr(Account, name).set(value)
        for name, value in values.items()])


@pytest.fixture
def boss(cast, alice):
    """An administrator whose token may do nothing of it."""
    return cast.person("boss", is_admin=True, scopes="read write follow")


@pytest.fixture
def admin_token(setting):
    setting(admin_token="sesame")
    return "sesame"


# The order.


def test_each_step_is_taken_only_after_the_one_before(boss, cast):
    """Every fault is there from the beginning. They are mended one after the other."""
    profile(boss, deactivated=True, is_admin=None)
    update(Secret.stub(boss.id, SECRET), [Secret.mfa.set({"enabled": True})])
    asked = [force(boss, {})]
    profile(boss, deactivated=None)
    asked += [force(Person(), {}, headers=basic("boss")), force(boss, {})]
    profile(boss, is_admin=True)
    asked += [force(Person(), {}, headers=basic("boss")), force(boss, {}), force(boss, NOWHERE)]
    allowed = cast.signs_in(boss.account, "admin:write:accounts")
    asked += [force(allowed, {}), force(allowed, NOWHERE), force(allowed, HERE)]

    assert asked == [INVALID, MFA, NOT_ADMIN, MFA, MISSING, LACKING, MISSING, UNKNOWN, (204, None)]


def test_a_malformed_request_of_somebody_else_is_about_them(alice, anonymous):
    assert force(alice, {}) == NOT_ADMIN
    assert force(anonymous, {}) == INVALID


def test_a_body_that_cannot_be_read_comes_before_everything(anonymous):
    reply = anonymous.patch(FORCE, body=b"{", headers={"Content-Type": "application/json"})

    assert outcome(reply) == (400, "Bad request")


@pytest.mark.parametrize("state", [
    "deactivated", "reset_pending", "approval_pending", "confirmation_pending", "deleted"])
@pytest.mark.parametrize("way", ["bearer", "cookie", "basic", "parameter"])
def test_who_is_not_active_is_nobody_whichever_way_they_come(admin, setting, state, way):
    setting(account_activation_required=True)
    headers = {"cookie": cookie(admin), "basic": basic("admin"), "bearer": {"Authorization": f"Bearer {admin.token}"},
               "parameter": {}}[way]
    params = {"access_token": admin.token} if way == "parameter" else None
    assert Person().get(LOG, params, headers=headers).status == 200

    profile(admin, **{state: True})

    assert outcome(Person().get(LOG, params, headers=headers)) == INVALID


def test_an_address_need_not_be_confirmed_where_that_is_not_required(admin):
    profile(admin, confirmation_pending=True)

    assert admin.get(LOG).status == 200


def test_tokens_that_stand_for_nobody(admin, cast, anonymous):
    of_app = tokens.issue(cast.app.id, cast.app.client_id, ["admin"], Token.OF_APP).access_token
    expired = cast.signs_in(admin.account, "admin")
    record = tokens.find_access(expired.token)
    update(Token.stub(record.owner, record.k), [Token.expires.set(int(time.time()) - 1)])
    revoked = cast.signs_in(admin.account, "admin")
    tokens.revoke(tokens.find_access(revoked.token))

    for token in (of_app, expired.token, revoked.token, "x", tokens.mint(admin.id)):
        assert outcome(Person(token=token).get(LOG)) == INVALID


def test_a_moderator_opens_nothing(cast):
    moderator = cast.person("mona", is_moderator=True, scopes="admin")

    assert outcome(moderator.get(LOG)) == NOT_ADMIN


def test_roles_count_from_the_next_request_on(alice, cast):
    person = cast.signs_in(alice.account, "admin")
    seen = [outcome(person.get(LOG))]
    profile(alice, is_admin=True)
    granted = person.get(LOG).status
    profile(alice, is_admin=None)
    seen.append(outcome(person.get(LOG)))

    assert (seen, granted) == ([NOT_ADMIN] * 2, 200)


def test_a_cookie_is_held_to_the_scopes_and_a_password_is_not(boss, anonymous):
    assert force(anonymous, HERE, headers=cookie(boss)) == LACKING
    assert force(anonymous, HERE, headers=basic("boss")) == (204, None)


def test_another_site_cannot_use_the_cookie(cast, alice, anonymous):
    boss = cast.person("boss", is_admin=True, scopes="admin")

    assert force(anonymous, HERE, headers=cookie(boss) | {"Sec-Fetch-Site": "cross-site"}) == INVALID
    assert force(anonymous, HERE, headers=cookie(boss) | {"Origin": "https://evil.example"}) == INVALID
    assert force(anonymous, HERE, headers=cookie(boss) | {"Origin": "http://kenoma.test"}) == (204, None)


# Scopes.


@pytest.mark.parametrize(("held", "strict", "loose"), [
    ("admin", True, True), ("admin:write", True, True), ("admin:write:accounts", True, True),
    ("admin:write:accounts:partial", False, False), ("admin:write:account", False, False), ("admin:read", False, False),
    ("adm", False, False), ("admin:", False, False),
    ("write", False, True), ("write:accounts", False, True), ("write:accounts:partial", False, False),
    ("read", False, False), ("read write:accounts", False, True),
])
def test_a_scope_opens_what_is_below_it(boss, cast, setting, held, strict, loose):
    person = cast.signs_in(boss.account, held)

    assert force(person, NOWHERE) == (UNKNOWN if strict else LACKING)

    setting(enforce_oauth_admin_scope_usage=False)
    told = (403, "Insufficient permissions: admin:write:accounts | write:accounts.")
    assert force(person, NOWHERE) == (UNKNOWN if loose else told)


def test_the_scopes_of_an_administrator_are_worth_nothing_to_others(cast, alice):
    assert force(cast.signs_in(alice.account, "admin"), HERE) == NOT_ADMIN


# The admin token.


@pytest.mark.parametrize("how", [
    {"headers": {"X-Admin-Token": "sesame"}}, {"params": {"admin_token": "sesame"}},
    {"json": {"admin_token": "sesame"}}, {"form": {"admin_token": "sesame"}},
    {"form": {"admin_token": "sesame"}, "files": {"x": ("x", b"x", "text/plain")}},
    {"headers": {"X-Admin-Token": "wrong"}, "params": {"admin_token": "sesame"}},
    {"headers": {"X-Admin-Token": "sesame", "Authorization": "Bearer unknown"}},
    {"headers": {"X-Admin-Token": "sesame", **basic("boss", "wrong")}},
])
def test_the_admin_token_comes_in_either_form(admin_token, anonymous, boss, how):
    assert outcome(anonymous.patch(FORCE, **how)) == MISSING


@pytest.mark.parametrize("how", [
    {"headers": {"X-Admin-Token": "Sesame"}}, {"headers": {"X-Admin-Token": ""}}, {},
    {"headers": {"X-Admin-Token": "sesame"}, "params": {"admin_token": "wrong"}},
    {"headers": {"X-Admin-Token": "sesame"}, "json": {"admin_token": "wrong"}},
    {"headers": {"Authorization": "Bearer sesame"}},
])
def test_without_the_right_admin_token_nobody_gets_in(admin_token, anonymous, how):
    assert outcome(anonymous.patch(FORCE, **how)) == INVALID


@pytest.mark.parametrize("unset", ["", None])
def test_where_none_is_set_both_forms_are_ignored(setting, anonymous, admin, unset):
    setting(admin_token=unset or "")

    assert outcome(anonymous.get(LOG, {"admin_token": ""}, headers={"X-Admin-Token": ""})) == INVALID
    assert admin.get(LOG, {"admin_token": "wrong"}, headers={"X-Admin-Token": "wrong"}).status == 200


def test_the_admin_token_helps_nobody_who_is_signed_in(admin_token, alice, anonymous):
    headers = {"X-Admin-Token": admin_token}
    update(Secret.stub(alice.id, SECRET), [Secret.mfa.set({"enabled": True})])

    assert outcome(alice.patch(FORCE, headers=headers)) == NOT_ADMIN
    assert outcome(anonymous.patch(FORCE, headers=headers | basic("alice"))) == MFA


def test_an_act_by_the_admin_token_is_nobodys(admin_token, anonymous, alice):
    assert force(anonymous, HERE, headers={"X-Admin-Token": admin_token}) == (204, None)

    (entry,) = anonymous.get(LOG, headers={"X-Admin-Token": admin_token}).json["items"]
    assert entry["message"] == "@ forced password reset for users: @alice"
    assert entry["data"]["actor"] == {"id": None, "nickname": None, "type": "user"}


def test_fifteen_wrong_ones_a_minute_and_address_are_enough(admin_token, anonymous, admin, setting, monkeypatch):
    setting(rate_limits=True)
    now = time.time() // 60 * 60
    monkeypatch.setattr("time.time", lambda: now + 1)

    guesses = [outcome(anonymous.get(LOG, headers={"X-Admin-Token": str(each)})) for each in range(16)]
    elsewhere = anonymous.get(LOG, headers={
        "X-Admin-Token": "sesame", "X-Kenoma-Front": settings.front_key, "X-Kenoma-Client": "198.51.100.1"})

    assert guesses == [INVALID] * 15 + [(429, "Throttled")]
    assert elsewhere.status == 200
    assert admin.get(LOG).status == 200
    monkeypatch.setattr("time.time", lambda: now + 61)
    assert anonymous.get(LOG, headers={"X-Admin-Token": admin_token}).status == 200


# Where parameters come from.


def raw(person, method, path, body, content_type):
    return person.request(method, path, body=body, headers={"Content-Type": content_type})


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
def test_json_is_read_whatever_it_is_called(admin, alice, content_type):
    assert raw(admin, "PATCH", FORCE, json.dumps(HERE).encode(), content_type).status == 204


def test_the_body_counts_before_the_query(admin, alice):
    assert force(admin, HERE, params=NOWHERE) == (204, None)
    assert force(admin, NOWHERE, params=HERE) == UNKNOWN


def test_unknown_parameters_are_ignored(admin, alice):
    assert force(admin, HERE | {"surprise": {"a": [1]}}) == (204, None)


@pytest.mark.parametrize("path", [FORCE + "/", NEWER, NEWER + "/"])
def test_a_slash_at_the_end_and_the_newer_address_are_taken(admin, alice, path):
    assert admin.patch(path, json=HERE).status == 204


def test_replies_have_the_usual_form(admin, alice):
    done, refused = admin.patch(FORCE, json=HERE), admin.patch(FORCE, json={})

    assert (done.status, done.body) == (204, "")
    assert refused.headers["content-type"] == "application/json; charset=utf-8"
    assert refused.json == {
        "error": "Missing field: nicknames.",
        "errors": [{"title": "Invalid value", "source": {"pointer": "/nicknames"},
                    "message": "Missing field: nicknames"}],
    }
    assert "link" not in done.headers


@pytest.mark.parametrize("path", [
    "/api/pleroma/admin/nothing", "/api/pleroma/admin", "/api/v1/pleroma/admin/users/x/y/z"])
def test_an_unknown_path_is_not_implemented(admin, anonymous, path):
    assert outcome(admin.get(path)) == outcome(anonymous.get(path)) == (404, "Not implemented")


@pytest.mark.parametrize(("sent", "page"), [
    ({}, 1), ({"page": ""}, 1), ({"page": "0"}, 1), ({"page": "-3"}, 1), ({"page": "x"}, 1), ({"page": "1.5"}, 1),
    ({"page": ["2"]}, 1), ({"page": "2"}, 2), ({"page": "9999999999"}, 0),
])
def test_a_page_is_numbered_from_1_whatever_is_sent(admin, alice, sent, page):
    for _ in range(3):
        admin.patch(FORCE, json=HERE)

    shown = admin.get(LOG, {"page_size": "2", **sent}).json

    assert (len(shown["items"]), shown["total"]) == ({0: 0, 1: 2, 2: 1}[page], 3)


def test_empty_values_of_a_query_count_as_absent(admin, alice):
    admin.patch(FORCE, json=HERE)

    shown = admin.get(LOG, {"search": "", "user_id": "", "start_date": "", "end_date": "", "page_size": "", "page": ""})

    assert shown.json["total"] == 1


def test_a_repeated_request_with_a_key_gets_the_first_reply(admin, alice):
    key = {"Idempotency-Key": "once"}

    assert [force(admin, HERE, headers=key) for _ in range(2)] == [(204, None)] * 2
    assert admin.get(LOG).json["total"] == 1
