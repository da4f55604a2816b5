"""Disabled and deleted accounts: nothing that let somebody in before lets them in now."""

from __future__ import annotations

import base64

import pytest

from chalicelib.domain.signing_in import password_reset
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from tests.cast import PASSWORD, Person
from tests.endpoints.signing_in.mfa_steps import Door, code_of, turns_on
from tests.security.pages import Page, sign_in

OOB = "urn:ietf:wg:oauth:2.0:oob"
OWN = "/api/v1/accounts/verify_credentials"


class Doors:
    """Everything that lets alice in, collected while the account was in use."""

    def __init__(self, cast, alice):
        self.cast, self.nobody, self.alice = cast, Person(), alice
        self.pair = self.asks_for_token("password", username="alice", password=PASSWORD).json
        cookie = self.nobody.get(OWN, headers=bearer(self.pair["access_token"])).headers["set-cookie"]
        self.cookie = cookie.partition(";")[0]
        self.codes = iter([self.code(), self.code()])
        self.link = password_reset.link_for(alice.account)[0]

    def code(self):
        page = Page(sign_in(self.nobody, name="alice", password=PASSWORD, client_id=self.cast.app.client_id,
                            redirect_uri=OOB))
        return page.text_of("output")

    def asks_for_token(self, grant, **more):
        return self.nobody.post("/oauth/token", form={
            "grant_type": grant, "client_id": self.cast.app.client_id, "client_secret": self.cast.app.secret, **more})

    def open(self):
        """Which of them still let somebody in."""
        token = self.pair["access_token"]
        basic = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()
        approving = self.nobody.post("/oauth/authorize", form={"client_id": self.cast.app.client_id,
                                                               "redirect_uri": OOB},
                                     headers=bearer(token))
        tried = {
            "header": self.nobody.get(OWN, headers=bearer(token)),
            "parameter": self.nobody.get(OWN, {"access_token": token}),
            "cookie": self.nobody.get(OWN, headers={"Cookie": self.cookie}),
            "basic": self.nobody.get(OWN, headers={"Authorization": f"Basic {basic}"}),
            "writing": self.nobody.post("/api/v1/statuses", form={"status": "still here"}, headers=bearer(token)),
            "password": self.asks_for_token("password", username="alice", password=PASSWORD),
            "code": self.asks_for_token("authorization_code", code=next(self.codes)),
            "refresh": self.asks_for_token("refresh_token", refresh_token=self.pair["refresh_token"]),
            "page": sign_in(self.nobody, name="alice", password=PASSWORD, client_id=self.cast.app.client_id,
                            redirect_uri=OOB),
            "approving": approving,
        }
        return {name for name, reply in tried.items() if reply.status < 300}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def doors(cast, alice):
    return Doors(cast, alice)


@pytest.fixture
def leave(alice, drain, setting):
    setting(deletion_pause=0)

    def leave(how):
        assert alice.post(f"/api/pleroma/{how}_account", form={"password": PASSWORD}).json == {"status": "success"}
        drain()

    return leave


def test_at_first_every_door_is_open(doors):
    assert doors.open() == {"header", "parameter", "cookie", "basic", "writing", "password", "code", "refresh", "page",
                            "approving"}


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_afterwards_every_door_is_shut(doors, leave, how):
    leave(how)

    assert doors.open() == set()


@pytest.mark.parametrize("state", ["deactivated", "reset_pending", "approval_pending", "confirmation_pending"])
def test_so_it_is_in_every_state_but_active(doors, alice, setting, state):
    setting(account_activation_required=True)
    update(Account.stub(alice.id, "P"), [getattr(Account, state).set(True)])

    assert doors.open() == set()


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_a_second_step_that_was_begun_before_leads_nowhere(cast, alice, leave, how):
    key, door = turns_on(alice), Door(cast)
    mfa_token = door.mfa_token()

    leave(how)

    assert door.challenge(mfa_token, code_of(key)).status == 400
    assert door.verify(mfa_token, code_of(key)).status == 401


def test_the_link_to_a_new_password_of_a_deleted_account_is_dead(doors, leave):
    leave("delete")

    assert "Invalid Token" in doors.nobody.get(f"/api/pleroma/password_reset/{doors.link}").text


def test_a_new_password_does_not_bring_a_disabled_account_back(doors, leave):
    leave("disable")

    doors.nobody.post("/api/pleroma/password_reset", form={
        "data[token]": doors.link, "data[password]": PASSWORD, "data[password_confirmation]": PASSWORD})

    assert doors.open() == set()


def test_a_deleted_accounts_name_gives_nobody_its_tokens(doors, leave, cast):
    leave("delete")
    app = doors.asks_for_token("client_credentials").json["access_token"]

    again = doors.nobody.post("/api/v1/accounts", headers=bearer(app), form={
        "username": "alice", "password": PASSWORD, "agreement": "1"})

    assert again.status == 400
    assert doors.open() == set()


# A code or token serves only one purpose.


def test_a_code_is_good_once_and_its_token_goes_on(doors):
    code = next(doors.codes)
    first = doors.asks_for_token("authorization_code", code=code)

    assert [doors.asks_for_token("authorization_code", code=code).status for _ in range(3)] == [400] * 3
    assert doors.nobody.get(OWN, headers=bearer(first.json["access_token"])).status == 200


@pytest.mark.parametrize("change", [str.swapcase, lambda code: code + "=", lambda code: code[:-1],
                                    lambda code: f" {code}",
                                    lambda code: code + "\x00", lambda code: [code], lambda code: {"$ne": ""}])
def test_a_code_has_one_spelling(doors, change):
    sent = {"grant_type": "authorization_code", "client_id": doors.cast.app.client_id,
            "code": change(next(doors.codes)),
            "client_secret": doors.cast.app.secret}

    assert doors.nobody.post("/oauth/token", json=sent).status == 400


def test_no_secret_passes_for_another(doors):
    access, refresh, code = doors.pair["access_token"], doors.pair["refresh_token"], next(doors.codes)

    for secret in (refresh, code, doors.link, doors.cast.app.secret, doors.cast.app.client_id):
        assert doors.nobody.get(OWN, headers=bearer(secret)).status == 403
    for secret in (access, refresh, doors.link):
        assert doors.asks_for_token("authorization_code", code=secret).status == 400
    for secret in (access, code, doors.link):
        assert doors.asks_for_token("refresh_token", refresh_token=secret).status == 400
    for secret in (access, refresh, code):
        assert "Invalid Token" in doors.nobody.get(f"/api/pleroma/password_reset/{secret}").text
    assert doors.asks_for_token("authorization_code", code=code).status == 200, "none of that has used it up"


def test_a_refreshed_token_takes_its_session_along(doors):
    doors.asks_for_token("refresh_token", refresh_token=doors.pair["refresh_token"])

    assert doors.nobody.get(OWN, headers={"Cookie": doors.cookie}).status == 403
