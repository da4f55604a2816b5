"""POST /oauth/token and /oauth/revoke. The sign-in page is in test_oauth_page.py."""

from __future__ import annotations

import base64
import time
from urllib.parse import quote

import pytest

from chalicelib.domain.signing_in import oauth
from chalicelib.ids import new_flake
from chalicelib.store import ephemeral
from chalicelib.store.accounts.accounts import Secret
from chalicelib.store.dynamo.table import update
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.tokens import Token
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.endpoints.signing_in.granting import NO_GRANT, cookie_of, state, works


def test_a_password_gives_a_token_with_all_the_apps_scopes(alice, ask):
    reply = ask("password", username="alice", password=PASSWORD)

    assert reply.status == 200
    assert reply.json.keys() == {
        "token_type", "access_token", "refresh_token", "expires_in", "scope", "created_at", "me"}
    assert reply.json["token_type"] == "Bearer"
    assert reply.json["scope"] == "read write"
    assert reply.json["expires_in"] == 3153600000
    assert abs(reply.json["created_at"] - time.time()) < 60
    assert reply.json["me"] == "http://kenoma.test/users/alice"
    assert len(reply.json["access_token"]) == len(reply.json["refresh_token"]) == 43
    assert works(alice, reply.json["access_token"])


@pytest.mark.parametrize("name", ["ALICE", "Alice@localhost.localdomain"])
def test_a_name_may_be_in_any_letter_case_or_an_email_address(alice, ask, name):
    assert ask("password", username=name, password=PASSWORD).status == 200


def test_the_name_may_be_called_name(alice, ask):
    assert ask("password", name="alice", password=PASSWORD).status == 200


def test_parameters_may_come_as_json(alice, anonymous, app):
    reply = anonymous.post("/oauth/token", json={
        "grant_type": "password", "client_id": app.client_id, "client_secret": app.secret, "username": "alice",
        "password": PASSWORD, "scope": "write read:statuses",
    })

    assert reply.json["scope"] == "write read:statuses"


def test_the_apps_credentials_may_come_as_http_basic_percent_encoded(alice, anonymous, app):
    pair = f"{quote(app.client_id, safe='')}:{quote(app.secret, safe='')}"
    header = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    reply = anonymous.post("/oauth/token", form={"grant_type": "password", "username": "alice", "password": PASSWORD},
                           headers=header)

    assert reply.status == 200


def test_http_basic_counts_more_than_the_parameters(alice, ask, anonymous, app):
    header = {"Authorization": "Basic " + base64.b64encode(b"some:thing").decode()}

    reply = anonymous.post("/oauth/token", headers=header, form={
        "grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.secret})

    assert (reply.status, reply.json) == (400, NO_GRANT)


@pytest.mark.parametrize("wrong", [
    {"password": "nope"}, {"username": "nobody"}, {"password": ""}, {"username": ""}, {"client_secret": "nope"},
    {"client_id": "nope"}, {"client_id": "x" * 5000}, {"username": "x" * 5000}, {"scope": ""}, {"scope": "  "},
    {"scope": "admin"}, {"scope": "read follow"}, {"scope": "read:" + "x" * 5000}, {"client_id": "é" * 150},
])
def test_what_does_not_fit_is_refused_without_saying_what(alice, ask, wrong):
    reply = ask("password", **{"username": "alice", "password": PASSWORD, **wrong})

    assert (reply.status, reply.json) == (400, NO_GRANT)


@pytest.mark.parametrize("wrong", [{"password": [PASSWORD]}, {"username": ["alice"]}, {"password": {"a": 1}},
                                   {"username": 7}, {"password": None}])
def test_what_is_no_text_is_no_password(alice, anonymous, app, wrong):
    reply = anonymous.post("/oauth/token", json={
        "grant_type": "password", "client_id": app.client_id, "client_secret": app.secret,
        "username": "alice", "password": PASSWORD, **wrong})

    assert (reply.status, reply.json) == (400, NO_GRANT)


@pytest.mark.parametrize(("attributes", "error", "identifier"), [
    ({"deactivated": True}, "Your account is currently disabled", "account_is_disabled"),
    ({"reset_pending": True}, "Password reset is required", "password_reset_required"),
    ({"approval_pending": True}, "Your account is awaiting approval.", "awaiting_approval"),
    ({"confirmation_pending": True}, "Your login is missing a confirmed e-mail address", "missing_confirmed_email"),
])
def test_an_account_that_may_not_sign_in_is_told_why_but_only_with_its_password(
        alice, ask, setting, attributes, error, identifier):
    setting(account_activation_required=True)
    state(alice, **attributes)

    reply = ask("password", username="alice", password=PASSWORD)
    guess = ask("password", username="alice", password="nope")

    assert (reply.status, reply.json) == (403, {"error": error, "identifier": identifier})
    assert (guess.status, guess.json) == (400, NO_GRANT)


def test_an_unconfirmed_address_does_not_matter_where_none_is_required(alice, ask):
    state(alice, confirmation_pending=True)

    assert ask("password", username="alice", password=PASSWORD).status == 200


def test_the_state_of_the_account_comes_before_the_scopes(alice, ask):
    state(alice, deactivated=True)

    assert ask("password", username="alice", password=PASSWORD, scope="admin").status == 403


def test_with_mfa_a_password_gives_an_mfa_token_only(alice, ask):
    update(Secret.stub(alice.id, "S"), [Secret.mfa.set({"enabled": True})])

    reply = ask("password", username="alice", password=PASSWORD, scope="read")

    assert reply.status == 403
    assert reply.json == {"error": "mfa_required", "mfa_token": reply.json["mfa_token"],
                          "supported_challenge_types": "totp"}
    pending = ephemeral.look("m", reply.json["mfa_token"])
    assert pending["account"] == alice.id
    assert pending["scopes"] == ["read"]


def test_failed_passwords_are_limited_and_then_the_right_one_does_not_help(alice, ask, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/3")

    guesses = [ask("password", username="alice", password="nope").status for _ in range(4)]
    right = ask("password", username="alice", password=PASSWORD)

    assert guesses == [400, 400, 400, 429]
    assert (right.status, right.json) == (429, {"error": "Throttled"})


def test_right_passwords_are_not_counted(alice, ask, setting):
    setting(rate_limits=True, rate_limit_overrides="authentication=60000/2")

    assert [ask("password", username="alice", password=PASSWORD).status for _ in range(4)] == [200] * 4


def test_a_code_gives_a_token_once(alice, ask, code):
    first = ask("authorization_code", code=code)
    again = ask("authorization_code", code=code)

    assert first.status == 200
    assert first.json["me"] == "http://kenoma.test/users/alice"
    assert works(alice, first.json["access_token"])
    assert (again.status, again.json) == (400, NO_GRANT)


def test_a_code_works_for_its_own_app_only_and_another_does_not_use_it_up(anonymous, cast, ask, code):
    other = apps.add(apps.App(tokens.random_token(), id="0" * 18, secret="s", name="Other", redirect_uris="x",
                              scopes="read write"))

    stolen = anonymous.post("/oauth/token", form={"grant_type": "authorization_code", "code": code,
                                                  "client_id": other.client_id, "client_secret": "s"})

    assert (stolen.status, stolen.json) == (400, NO_GRANT)
    assert ask("authorization_code", code=code).status == 200


@pytest.mark.parametrize("wrong", ["", "nope", "x" * 43, "x" * 5000, "\udcff"])
def test_a_wrong_code_gives_nothing(ask, wrong):
    reply = ask("authorization_code", code=wrong.encode("utf-8", "replace").decode())

    assert (reply.status, reply.json) == (400, NO_GRANT)


def test_a_missing_or_undecodable_code_gives_nothing(anonymous, ask, app):
    listed = anonymous.post("/oauth/token", json={"grant_type": "authorization_code", "code": ["x"],
                                                  "client_id": app.client_id, "client_secret": app.secret})

    assert (ask("authorization_code").status, listed.status) == (400, 400)


def test_a_code_ends_after_ten_minutes(alice, ask, code, monkeypatch):
    now = time.time()
    monkeypatch.setattr("chalicelib.store.ephemeral.time.time", lambda: now + 601)

    assert ask("authorization_code", code=code).status == 400


def test_revoking_all_tokens_ends_codes_too(alice, ask, code):
    state(alice, token_generation=1)

    assert ask("authorization_code", code=code).status == 400


def test_the_code_of_a_disabled_account_gives_nothing(alice, ask, code):
    state(alice, deactivated=True)

    assert ask("authorization_code", code=code).status == 400


def test_twenty_exchanges_of_one_code_at_once_give_one_token(alice, code, app):
    from chalicelib.domain.refusals import BadRequest

    def exchange():
        try:
            return oauth.grant_code(oauth.Client(app.client_id, app.secret), code)
        except BadRequest:
            return None

    results = at_once(*[exchange] * 20)

    assert sum(result is not None for result in results) == 1


def test_an_app_gets_a_token_of_its_own_with_all_its_scopes_and_without_me(anonymous, ask):
    reply = ask("client_credentials", scope="read")

    assert reply.status == 200
    assert reply.json["scope"] == "read write"
    assert "me" not in reply.json
    assert not works(anonymous, reply.json["access_token"])


def test_an_apps_token_may_be_refreshed(ask):
    first = ask("client_credentials").json

    reply = ask("refresh_token", refresh_token=first["refresh_token"])

    assert reply.status == 200
    assert "me" not in reply.json
    assert reply.json["access_token"] != first["access_token"]


def test_a_refresh_ends_the_old_access_token_and_keeps_the_refresh_token(alice, ask):
    first = ask("password", username="alice", password=PASSWORD, scope="write").json

    reply = ask("refresh_token", refresh_token=first["refresh_token"])

    assert reply.status == 200
    assert reply.json["scope"] == "write"
    assert reply.json["me"] == first["me"]
    assert reply.json["refresh_token"] == first["refresh_token"]
    assert tokens.find_access(first["access_token"]) is None
    assert tokens.find_access(reply.json["access_token"]) is not None
    assert ask("refresh_token", refresh_token=first["refresh_token"]).status == 200


def test_a_refresh_may_make_a_fresh_refresh_token(alice, ask, setting):
    setting(issue_new_refresh_token=False)
    first = ask("password", username="alice", password=PASSWORD).json

    reply = ask("refresh_token", refresh_token=first["refresh_token"])

    assert reply.json["refresh_token"] != first["refresh_token"]
    assert ask("refresh_token", refresh_token=first["refresh_token"]).status == 400
    assert ask("refresh_token", refresh_token=reply.json["refresh_token"]).status == 200


def test_an_expired_access_token_may_be_refreshed(alice, ask, setting):
    setting(token_expires_in=-1)
    first = ask("password", username="alice", password=PASSWORD).json
    dead = works(alice, first["access_token"])
    setting(token_expires_in=3600)

    reply = ask("refresh_token", refresh_token=first["refresh_token"])

    assert not dead
    assert works(alice, reply.json["access_token"])


def test_an_access_token_is_no_refresh_token(alice, ask):
    first = ask("password", username="alice", password=PASSWORD).json

    reply = ask("refresh_token", refresh_token=first["access_token"])

    assert (reply.status, reply.json) == (400, NO_GRANT)


def test_a_refresh_token_works_for_its_own_app_only(alice, anonymous, ask, cast):
    first = ask("password", username="alice", password=PASSWORD).json
    other = apps.add(apps.App(tokens.random_token(), id="0" * 18, secret="s", name="Other", redirect_uris="x"))

    reply = anonymous.post("/oauth/token", form={
        "grant_type": "refresh_token", "refresh_token": first["refresh_token"],
        "client_id": other.client_id, "client_secret": "s"})

    assert reply.status == 400
    assert works(alice, first["access_token"])


def test_revoking_all_tokens_ends_refresh_tokens_too(alice, ask):
    first = ask("password", username="alice", password=PASSWORD).json
    state(alice, token_generation=1)

    assert ask("refresh_token", refresh_token=first["refresh_token"]).status == 400


def test_of_many_refreshes_at_once_one_access_token_is_left(alice, ask, app):
    first = ask("password", username="alice", password=PASSWORD).json
    client = oauth.Client(app.client_id, app.secret)

    at_once(*[lambda: oauth.grant_refresh(client, first["refresh_token"])] * 3)

    of_app = [token for token in tokens.list_of(alice.id) if token.scopes == "read write"]
    assert len(of_app) == 1
    assert len([row for row in Token.query(alice.id) if row.scopes == "read write"]) == 2


@pytest.mark.parametrize("form", [{}, {"grant_type": "nope"}, {"grant_type": "refresh_token"},
                                  {"grant_type": "refresh_token", "refresh_token": ""}])
def test_a_grant_that_is_none_is_a_bad_request(anonymous, form):
    reply = anonymous.post("/oauth/token", form=form)

    assert (reply.status, reply.json) == (400, {
        "error": "Bad request", "error_description": "The authorization grant type is not supported."})


def test_a_token_reply_starts_a_session(alice, anonymous, ask):
    reply = ask("password", username="alice", password=PASSWORD)

    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("_pleroma_key=")
    assert "Path=/; HttpOnly; SameSite=Lax" in cookie
    own = anonymous.get("/api/v1/accounts/verify_credentials", headers={"Cookie": cookie.partition(";")[0]})
    assert own.json["username"] == "alice"


def test_no_cache_keeps_a_token(alice, ask):
    assert ask("password", username="alice", password=PASSWORD).headers["cache-control"] == "no-store"


def test_the_secrets_are_not_stored(alice, ask, aws):
    reply = ask("password", username="alice", password=PASSWORD).json

    rows = str(aws.dynamodb.scan(TableName="kenoma-tokens")["Items"])
    assert reply["access_token"] not in rows
    assert reply["refresh_token"] not in rows


def test_what_grants_cost(alice, ask, code):
    password = ask("password", username="alice", password=PASSWORD)
    by_code = ask("authorization_code", code=code)
    refreshed = ask("refresh_token", refresh_token=by_code.json["refresh_token"])

    assert (password.calls, password.rounds) == (4, 3)
    assert (by_code.calls, by_code.rounds) == (3, 3)
    assert (refreshed.calls, refreshed.rounds) == (2, 2)


def test_a_revoked_token_and_its_refresh_token_fail_at_once(alice, anonymous, ask):
    granted = ask("password", username="alice", password=PASSWORD).json

    reply = anonymous.post("/oauth/revoke", form={"token": granted["access_token"]})

    assert (reply.status, reply.json) == (200, {})
    assert not works(alice, granted["access_token"])
    assert ask("refresh_token", refresh_token=granted["refresh_token"]).status == 400


def test_revoking_an_unknown_or_revoked_token_is_no_fault(alice, anonymous):
    replies = [anonymous.post("/oauth/revoke", form={"token": token}) for token in ("nope", alice.token, alice.token)]

    assert [(reply.status, reply.json) for reply in replies] == [(200, {})] * 3


def test_an_app_that_says_who_it_is_revokes_its_own_tokens_only(alice, anonymous, app, ask):
    granted = ask("password", username="alice", password=PASSWORD).json["access_token"]
    other = apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="Other", redirect_uris="x:y"))

    def revoking(client_id, secret):
        return anonymous.post("/oauth/revoke", form={"token": granted, "client_id": client_id, "client_secret": secret})

    for refused in (revoking(other.client_id, "s"), revoking(app.client_id, "wrong"), revoking("nobody", "s")):
        assert (refused.status, refused.json) == (403, {
            "error": "unauthorized_client", "error_description": "You are not authorized to revoke this token"})
    assert works(alice, granted)
    assert (revoking(app.client_id, app.secret).status, works(alice, granted)) == (200, False)


def test_revoking_nothing_is_a_bad_request(anonymous):
    reply = anonymous.post("/oauth/revoke")

    assert (reply.status, reply.json) == (400, {"error": "Bad request"})


def test_revoking_the_sessions_own_token_ends_the_session(alice, anonymous, ask):
    granted = ask("password", username="alice", password=PASSWORD)
    cookie = {"Cookie": cookie_of(granted)}

    other = anonymous.post("/oauth/revoke", form={"token": alice.token}, headers=cookie)
    own = anonymous.post("/oauth/revoke", form={"token": granted.json["access_token"]}, headers=cookie)

    assert "set-cookie" not in other.headers
    assert own.headers["set-cookie"].startswith("_pleroma_key=; Max-Age=0")


@pytest.mark.parametrize("name", ["alice ", " alice", "@alice", "alice@localhost.localdomain ", "alice\n", "\xa0alice"])
def test_blanks_and_an_at_sign_are_no_part_of_a_name(alice, anonymous, cast, name):
    app = {"client_id": cast.app.client_id, "client_secret": cast.app.secret}
    basic = base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()

    by_token = anonymous.post("/oauth/token", form={"grant_type": "password", "username": name, "password": PASSWORD,
                                                    **app})
    by_page = anonymous.post("/oauth/authorize", form={
        "name": name, "password": PASSWORD, "client_id": app["client_id"],
        "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"})
    by_basic = anonymous.get("/api/v1/accounts/verify_credentials", headers={"Authorization": f"Basic {basic}"})

    assert [reply.status for reply in (by_token, by_page, by_basic)] == [200, 200, 200]
    assert "Successfully authorized" in by_page.text
