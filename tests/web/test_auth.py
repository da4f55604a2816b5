"""Who may call: the places credentials come from, and what happens without them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from chalicelib.domain.signing_in.signing_in import Caller
from chalicelib.domain.viewer import Viewer
from chalicelib.settings import settings
from chalicelib.store.accounts import claims
from chalicelib.store.signing_in import tokens
from chalicelib.store.signing_in.tokens import Token
from chalicelib.web import session
from chalicelib.web.auth import admin, app_token, optional, public, signed_in
from chalicelib.web.endpoint import endpoint
from tests.cast import PASSWORD, Cast, Person
from tests.web.calling import Answer, Site

NOAUTH = (403, {"error": "Invalid credentials."})
OTHER = "A" * 43


@pytest.fixture
def doors(site) -> Site:
    """One endpoint for each kind of authorisation. Each answers with the caller's nickname."""
    @endpoint("POST", "/user", auth=signed_in("read:lists", "follow"))
    def user(viewer: Viewer, number: int = 0) -> str:
        return viewer.account.nickname

    @endpoint("POST", "/all", auth=signed_in("read:lists", "write", all_of=True))
    def every(viewer: Viewer) -> str:
        return viewer.account.nickname

    @endpoint("POST", "/anyone", auth=signed_in())
    def anyone(viewer: Viewer) -> str:
        return viewer.account.nickname

    @endpoint("POST", "/maybe", auth=optional("read:statuses"))
    def maybe(viewer: Viewer | None) -> str | None:
        return viewer.account.nickname if viewer else None

    @endpoint("POST", "/open", auth=optional("read:statuses", open=True))
    def opened(viewer: Viewer | None) -> str | None:
        return viewer.account.nickname if viewer else None

    @endpoint("POST", "/public", auth=public())
    def everybody(caller: Caller) -> str | None:
        return caller.viewer.account.nickname if caller.viewer else None

    @endpoint("POST", "/admin", auth=admin("admin:read:accounts"))
    def administrators(viewer: Viewer | None, number: int = 0) -> str | None:
        return viewer.account.nickname if viewer else None

    @endpoint("POST", "/app", auth=app_token())
    def apps(caller: Caller, number: int = 0) -> str | None:
        return caller.app_token.app if caller.app_token else None

    return site


def outcome(answer: Answer) -> tuple[int, Any]:
    return answer.status, answer.json


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"theme=dark; _pleroma_key={session.seal(token)}"}


def token_of_app(cast: Cast) -> str:
    return tokens.issue(cast.app.id, cast.app.client_id, ["read"], tokens.Token.OF_APP).access_token


def with_mfa(person: Person) -> Person:
    from chalicelib.store.accounts.accounts import SECRET, Secret
    from chalicelib.store.dynamo.table import update

    update(Secret.stub(person.id, SECRET), [Secret.mfa.set({"enabled": True})])
    return person


def test_a_token_is_taken_from_parameter_header_or_cookie(doors, alice):
    assert doors.post(f"/user?access_token={alice.token}").json == "alice"
    assert doors.post("/user", form=f"access_token={alice.token}").json == "alice"
    assert doors.post("/user", json={"access_token": alice.token}).json == "alice"
    assert doors.post("/user", headers=cookie(alice.token)).json == "alice"


@pytest.mark.parametrize("spelling", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer: {}", "  Bearer   {}  "])
def test_the_bearer_header_is_read_tolerantly(doors, alice, spelling):
    assert doors.post("/user", headers={"Authorization": spelling.format(alice.token)}).json == "alice"


@pytest.mark.parametrize("header", [
    "Bearer", "Bearer ", "Bearer x y", "Token {}", "{}", "Bearer " + "x" * 5000, "Bearer é", "Basic", "Basic !!!!",
    "Basic " + base64.b64encode(b"nocolon").decode(), "Basic " + base64.b64encode(b":empty").decode(),
    "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Basic " + base64.b64encode(b"a" * 5000 + b":b").decode(),
])
def test_other_headers_sign_nobody_in(doors, alice, header):
    assert outcome(doors.post("/user", headers={"Authorization": header.format(alice.token)})) == NOAUTH
    assert doors.post("/maybe", headers={"Authorization": header.format(alice.token)}).json is None


@pytest.mark.parametrize("value", [OTHER, "", "x", "\0", "é" * 43, "a" * 10_000])
def test_a_bad_token_parameter_beats_good_header_and_cookie(doors, alice, value):
    answer = doors.post("/user", json={"access_token": value}, token=alice.token, headers=cookie(alice.token))

    assert outcome(answer) == NOAUTH


def test_a_token_that_is_no_text_is_a_bad_one(doors, alice):
    assert outcome(doors.post("/user", json={"access_token": ["x"]}, token=alice.token)) == NOAUTH
    assert doors.post("/user", json={"access_token": None}, token=alice.token).json == "alice"


def test_the_first_token_that_is_there_decides(doors, alice, bob):
    assert doors.post(f"/user?access_token={alice.token}", token=bob.token).json == "alice"
    assert doors.post("/user", token=alice.token, headers=cookie(bob.token)).json == "alice"
    assert outcome(doors.post("/user", token=OTHER, headers=cookie(bob.token))) == NOAUTH


def test_a_password_counts_where_no_token_signs_in(doors, alice, bob):
    assert doors.post("/user", headers=basic("alice", PASSWORD)).json == "alice"
    assert doors.post("/user", headers=basic("alice@localhost.localdomain", PASSWORD)).json == "alice"
    assert doors.post(f"/user?access_token={OTHER}", headers=basic("alice", PASSWORD)).json == "alice"
    assert doors.post("/user", headers=basic("alice", PASSWORD) | {"Cookie": "_pleroma_key=dead"}).json == "alice"
    assert doors.post("/user", headers=basic("alice", PASSWORD) | cookie(bob.token)).json == "bob"


def test_a_wrong_password_signs_nobody_in(doors, alice):
    for headers in (basic("alice", "wrong"), basic("nobody", PASSWORD), basic("alice", "")):
        assert outcome(doors.post("/user", headers=headers)) == NOAUTH
        assert outcome(doors.post("/maybe", headers=headers)) == (200, None)


def test_a_password_may_hold_colons(doors, cast):
    cast.person("colon", password="a:b:ü")

    assert doors.post("/user", headers=basic("colon", "a:b:ü")).json == "colon"


def test_where_a_user_is_needed_everybody_else_is_refused(doors, cast):
    assert outcome(doors.post("/user")) == NOAUTH
    assert outcome(doors.post("/user", token=OTHER)) == NOAUTH
    assert outcome(doors.post("/user", token=token_of_app(cast))) == NOAUTH
    assert outcome(doors.post("/admin")) == NOAUTH


def test_where_signing_in_is_optional_everybody_else_is_anonymous(doors, alice, cast):
    assert doors.post("/maybe", token=alice.token).json == "alice"
    for token in ("", OTHER, token_of_app(cast)):
        assert outcome(doors.post("/maybe", token=token)) == (200, None)


def test_a_public_endpoint_looks_at_no_credentials(doors, alice):
    answer = doors.post("/public", token=alice.token)

    assert answer.json is None
    assert answer.headers["x-kenoma-dynamodb"].startswith("calls=0 ")


def test_signing_in_by_token_takes_one_round(doors, alice):
    assert doors.post("/user", token=alice.token).headers["x-kenoma-dynamodb"].startswith("calls=1 rounds=1")
    assert doors.post("/maybe").headers["x-kenoma-dynamodb"].startswith("calls=0 rounds=0")


def test_a_token_without_the_scope_is_refused_by_name(doors, cast):
    reader = cast.person("reader", scopes="read:statuses")

    assert outcome(doors.post("/user", token=reader.token)) == (
        403, {"error": "Insufficient permissions: read:lists | follow."})
    assert outcome(doors.post("/all", token=reader.token)) == (
        403, {"error": "Insufficient permissions: read:lists & write."})
    assert doors.post("/anyone", token=reader.token).json == "reader"


def test_a_token_without_the_scope_is_anonymous_where_signing_in_is_optional(doors, cast):
    writer = cast.person("writer", scopes="write")

    assert outcome(doors.post("/maybe", token=writer.token)) == (200, None)


def test_a_password_has_no_scopes_to_lack(doors, alice):
    assert doors.post("/all", headers=basic("alice", PASSWORD)).json == "alice"
    assert doors.post("/maybe", headers=basic("alice", PASSWORD)).json == "alice"


@pytest.mark.parametrize("letter", ["a", "\u0390", "\U0001f98a", "\ufb03"])
@pytest.mark.parametrize("length", [255, 256, 320, 321])
def test_no_name_is_too_long_for_a_key(doors, letter, length):
    name = letter * length

    assert len(claims.nickname_claim(name).hash.encode()) <= 2_048
    assert outcome(doors.post("/user", headers=basic(name, PASSWORD))) == NOAUTH


def test_administrators_need_role_and_scope(doors, cast, admin, alice):
    reader = cast.person("reading", scopes="read write", is_admin=True)

    assert doors.post("/admin", token=admin.token).json == "admin"
    assert outcome(doors.post("/admin", token=alice.token)) == (403, {"error": "User is not an admin."})
    assert outcome(doors.post("/admin", token=reader.token)) == (
        403, {"error": "Insufficient permissions: admin:read:accounts."})


def test_the_user_comes_before_the_parameters_and_they_before_the_scope(doors, cast):
    writer = cast.person("writer", scopes="write")

    assert outcome(doors.post("/user?number=x")) == NOAUTH
    assert doors.post("/admin?number=x", token=writer.token).error == "User is not an admin."
    assert doors.post("/user?number=x", token=writer.token).error == "number - Invalid integer. Got: string."
    assert doors.post("/user?number=1", token=writer.token).error.startswith("Insufficient permissions")
    assert doors.post("/user", body=b"{", type="application/json").json == {"error": "Bad request"}


def test_registration_asks_for_an_apps_own_token_after_the_parameters(doors, cast, alice):
    assert doors.post("/app", token=token_of_app(cast)).json == cast.app.client_id
    for headers in ({}, {"Authorization": f"Bearer {alice.token}"}, basic("alice", PASSWORD)):
        assert outcome(doors.post("/app", headers=headers)) == (403, {"error": "Invalid credentials"})
    assert doors.post("/app?number=x").error == "number - Invalid integer. Got: string."


def test_a_password_is_not_enough_where_mfa_is_on(doors, alice):
    with_mfa(alice)
    answer = doors.post("/user", headers=basic("alice", PASSWORD))

    assert outcome(answer) == (
        403, {"error": "Two-factor authentication enabled, you must use a access token."})
    assert doors.post("/maybe", headers=basic("alice", PASSWORD)).json is None
    assert doors.post("/user", token=alice.token).json == "alice"
    assert outcome(doors.post("/user", headers=basic("alice", "wrong"))) == NOAUTH


def test_an_inactive_account_is_nobody_whichever_way_it_comes(doors, cast):
    waiting = cast.person("waiting", approval_pending=True)

    for headers in (basic("waiting", PASSWORD), cookie(waiting.token), {"Authorization": f"Bearer {waiting.token}"}):
        assert outcome(doors.post("/user", headers=headers)) == NOAUTH
        assert doors.post("/maybe", headers=headers).json is None


def test_a_private_instance_is_closed_to_anonymous_callers(doors, cast, alice, setting):
    setting(public=False)
    closed = (403, {"error": "This resource requires authentication."})

    assert outcome(doors.post("/maybe")) == closed
    assert outcome(doors.post("/maybe", token=OTHER)) == closed
    assert outcome(doors.post("/maybe", token=token_of_app(cast))) == closed
    assert doors.post("/maybe", token=alice.token).json == "alice"
    assert doors.post("/open").json is None
    assert doors.post("/public").status == 200


def test_signing_in_by_token_starts_a_session(doors, alice):
    answer = doors.post("/user", token=alice.token)
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")

    assert name == "_pleroma_key"
    assert doors.post("/user", headers={"Cookie": f"{name}={value}"}).json == "alice"


def test_a_refused_request_of_a_known_user_starts_a_session_too(doors, alice):
    assert "set-cookie" in doors.post("/user?number=x", token=alice.token).headers


def test_a_browser_that_has_the_session_is_not_told_again(doors, alice, bob):
    assert "set-cookie" not in doors.post("/user", headers=cookie(alice.token)).headers
    assert "set-cookie" not in doors.post("/user", token=alice.token, headers=cookie(alice.token)).headers
    assert "set-cookie" in doors.post("/user", token=alice.token, headers=cookie(bob.token)).headers


def test_no_session_for_passwords_apps_and_strangers(doors, cast, alice):
    for headers in (basic("alice", PASSWORD), {"Authorization": f"Bearer {OTHER}"},
                    {"Authorization": f"Bearer {token_of_app(cast)}"}, {}):
        assert "set-cookie" not in doors.post("/maybe", headers=headers).headers


def test_a_session_dies_with_its_token(doors, alice):
    record = tokens.find_access(alice.token)
    assert isinstance(record, Token)
    tokens.revoke(record)

    assert outcome(doors.post("/user", headers=cookie(alice.token))) == NOAUTH


def test_a_forged_session_is_a_dead_one(doors, alice, monkeypatch):
    forged = cookie(alice.token)
    monkeypatch.setattr(settings, "secret_key", "another")

    assert outcome(doors.post("/user", headers=forged)) == NOAUTH
