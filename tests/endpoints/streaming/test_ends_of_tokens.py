"""Every way in which a token ends, and what becomes of the sockets that it opened."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app import app
from chalicelib.domain.signing_in import password_reset
from chalicelib.domain.streaming import keeping
from chalicelib.ids import new_flake
from chalicelib.jobs import streaming
from chalicelib.queues.streaming import CloseSockets
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.signing_in import apps, tokens
from chalicelib.store.signing_in.apps import App
from chalicelib.store.streaming import connections
from infra.local import pump
from tests.cast import PASSWORD, SCOPES, Cast, Person, Reply
from tests.endpoints.members.browser import Browser
from tests.endpoints.streaming.conftest import Drain, Listens
from tests.simulated_aws import LocalAws
from tests.sockets import Gateway

ADMIN = "/api/v1/pleroma/admin"
NEW = "another secret"
HEARTBEAT = connections.HEARTBEAT + 1


@dataclass
class Signed:
    """Somebody who is signed in by an app of their own, and by another one."""

    person: Person
    app: App
    refresh_token: str
    admin: Person

    @property
    def named(self) -> dict[str, Any]:
        return {"nicknames": [self.person.nickname]}


@pytest.fixture
def signed(cast: Cast, alice: Person, admin: Person) -> Signed:
    registered = apps.add(App(tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name="Own",
                              redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes=SCOPES))
    minted = tokens.issue(alice.id, registered.client_id, SCOPES.split(), 0)
    return Signed(Person(alice.id, alice.nickname, minted.access_token, registered), registered,
                  minted.refresh_token, admin)


def _browser() -> Browser:
    browser = Browser()
    browser.open("/account/sign-in")
    browser.send("/account/sign-in", name="alice", password=PASSWORD)
    return browser


# The ways. Each takes somebody's token away.


def revoked(by: Signed) -> Reply:
    return by.person.post("/oauth/revoke", {"token": by.person.token})


def signed_out(by: Signed) -> Reply:
    return by.person.delete("/auth/sign_out")


def ended_by_its_number(by: Signed) -> Reply:
    number = next(each["id"] for each in by.person.get("/api/oauth_tokens").json if each["app_name"] == "Own")
    return by.person.delete(f"/api/oauth_tokens/{number}")


def ended_on_the_page(by: Signed) -> Reply:
    browser = _browser()
    number = next(each["id"] for each in by.person.get("/api/oauth_tokens").json if each["app_name"] == "Own")
    page = browser.open("/account/sessions")
    browser.send(next(each for each in page.forms if each.action == f"/account/sessions/{number}/end"))
    return browser.reply


def refreshed(by: Signed) -> Reply:
    return by.person.post("/oauth/token", form={
        "grant_type": "refresh_token", "refresh_token": by.refresh_token, "client_id": by.app.client_id,
        "client_secret": by.app.secret})


def app_deleted(by: Signed) -> Reply:
    return by.admin.delete(f"/api/pleroma/admin/oauth_app/{int(by.app.number)}")


def others_ended_on_the_page(by: Signed) -> Reply:
    browser = _browser()
    page = browser.open("/account/sessions")
    browser.send(next(each for each in page.forms if each.action == "/account/sessions/end"))
    return browser.reply


def password_changed(by: Signed) -> Reply:
    return by.person.post("/api/pleroma/change_password", {
        "password": PASSWORD, "new_password": NEW, "new_password_confirmation": NEW})


def password_changed_on_the_page(by: Signed) -> Reply:
    browser = _browser()
    browser.open("/account/password")
    browser.send("/account/password", password=PASSWORD, new_password=NEW, new_password_confirmation=NEW)
    return browser.reply


def password_set_by_a_link(by: Signed) -> Reply:
    values = {"token": password_reset.link_for(by.person.account)[0], "password": NEW, "password_confirmation": NEW}
    return by.person.post("/api/pleroma/password_reset", form={f"data[{name}]": each for name, each in values.items()})


def password_set_by_the_staff(by: Signed) -> Reply:
    return by.admin.patch(f"{ADMIN}/users/{by.person.nickname}/credentials", json={"password": NEW})


def new_password_demanded(by: Signed) -> Reply:
    return by.admin.patch(f"{ADMIN}/users/force_password_reset", json=by.named)


def deactivated(by: Signed) -> Reply:
    return by.admin.patch(f"{ADMIN}/users/deactivate", json=by.named)


def toggled(by: Signed) -> Reply:
    return by.admin.patch(f"{ADMIN}/users/{by.person.nickname}/toggle_activation")


def deactivated_by_themselves(by: Signed) -> Reply:
    return by.person.post("/api/pleroma/disable_account", {"password": PASSWORD})


def deleted_by_themselves(by: Signed) -> Reply:
    return by.person.post("/api/pleroma/delete_account", {"password": PASSWORD})


def deleted_by_the_staff(by: Signed) -> Reply:
    return by.admin.delete(f"{ADMIN}/users", json=by.named)


ONLY_THIS = (revoked, signed_out, ended_by_its_number, ended_on_the_page, refreshed, app_deleted)
ALL_OF_THE_ACCOUNT = (
    others_ended_on_the_page, password_changed, password_changed_on_the_page, password_set_by_a_link,
    password_set_by_the_staff, new_password_demanded, deactivated, toggled, deactivated_by_themselves,
    deleted_by_themselves, deleted_by_the_staff)


@pytest.mark.parametrize("way", [*ONLY_THIS, *ALL_OF_THE_ACCOUNT], ids=lambda way: way.__name__)
def test_a_token_that_ends_closes_its_sockets_and_no_others(
        listens: Listens, drain: Drain, signed: Signed, alice: Person, bob: Person,
        way: Callable[[Signed], Reply]) -> None:
    own, of_other_token, bobs = listens(signed.person, "user"), listens(alice, "user"), listens(bob, "user")

    reply = way(signed)
    assert reply.status < 400, reply.body
    drain()
    drain()

    assert own.is_closed
    assert of_other_token.is_closed == (way in ALL_OF_THE_ACCOUNT)
    assert not bobs.is_closed
    assert own.id not in {each.id for each in connections.list_all()}


# What no event tells.


def _later(patch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time
    patch.setattr(time, "time", lambda: now() + seconds)


def _sweep(drain: Drain) -> None:
    pump.run_schedule(app, "sweep")
    drain()


def test_a_token_that_expires_closes_its_sockets_at_the_next_heartbeat(
        listens: Listens, drain: Drain, setting: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch, alice: Person,
) -> None:
    setting(token_expires_in=HEARTBEAT)
    short = cast.signs_in(alice.account)
    socket, lasting, nobodys = listens(short, "user"), listens(alice, "user"), listens(None, "public")

    _later(monkeypatch, HEARTBEAT)
    _sweep(drain)

    assert (socket.is_closed, lasting.is_closed, nobodys.is_closed) == (True, False, False)
    assert [len(each.frames) for each in (socket, lasting, nobodys)] == [0, 1, 1]
    assert len(connections.list_all()) == 2


def test_an_end_of_which_the_message_was_lost_closes_sockets_at_the_next_heartbeat(
        listens: Listens, drain: Drain, aws: LocalAws, monkeypatch: pytest.MonkeyPatch, alice: Person) -> None:
    socket = listens(alice, "user")
    alice.post("/oauth/revoke", {"token": alice.token})
    aws.wipe_queues()
    assert not socket.is_closed

    _later(monkeypatch, HEARTBEAT)
    _sweep(drain)

    assert socket.is_closed


def test_heartbeats_of_many_sockets_look_at_their_tokens_in_one_call(
        listens: Listens, drain: Drain, monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    def reads(count: int) -> int:
        ids = [listens(each, "user").id for each in cast.people(count, f"of{count}n")]
        with counted() as ledger:
            keeping.keep_alive(ids)
        return ledger.calls - count

    assert (reads(2), reads(20)) == (2, 2)


# Many at once.


def test_the_end_of_an_app_that_many_use_is_one_message(
        sockets: Gateway, listens: Listens, drain: Drain, aws: LocalAws, signed: Signed, cast: Cast) -> None:
    people = cast.people(12)
    held = [Person(each.id, each.nickname, tokens.issue(each.id, signed.app.client_id, SCOPES.split(), 0).access_token)
            for each in people]
    opened = [listens(each, "user") for each in held]
    lasting = [listens(each, "user") for each in people]

    app_deleted(signed)

    assert len(aws.messages("streams")) == 1
    drain()
    assert all(each.is_closed for each in opened)
    assert not any(each.is_closed for each in lasting)


def test_sockets_of_many_accounts_are_found_in_as_many_calls_as_there_are_partitions(
        listens: Listens, cast: Cast) -> None:
    people = cast.people(12)
    for each in people:
        listens(each, "user")

    def calls(count: int) -> int:
        with counted() as ledger:
            streaming.close_sockets(CloseSockets([each.id for each in people[:count]]))
        return ledger.calls

    assert calls(6) == calls(12) == connections.SHARDS + 1
