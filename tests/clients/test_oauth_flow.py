"""OAuth as clients go through it, step by step, with nothing but HTTP: what toot and web frontends do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from infra.local.seed import PASSWORD
from tests.clients.browser import Browser
from tests.running.stage import OUT_OF_BAND, SCOPES, Stage


def register(stage: Stage, **sent: Any) -> Any:
    wanted = {"client_name": "A client", "redirect_uris": OUT_OF_BAND, "scopes": SCOPES, "website": ""}
    return requests.post(stage.url + "/api/v1/apps", data=wanted | sent, timeout=10).json()


def page(stage: Stage, app: Any, **more: str) -> str:
    wanted = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": OUT_OF_BAND, "scope": SCOPES}
    return f"{stage.url}/oauth/authorize/?{urlencode(wanted | more)}"  # with a slash, as toot writes it


def exchange(stage: Stage, app: Any, code: str, **more: str) -> requests.Response:
    sent = {"grant_type": "authorization_code", "client_id": app["client_id"], "client_secret": app["client_secret"],
            "redirect_uri": OUT_OF_BAND, "code": code}
    return requests.post(stage.url + "/oauth/token", data=sent | more, timeout=10)


def nickname(stage: Stage, token: str) -> str:
    reply = requests.get(stage.url + "/api/v1/accounts/verify_credentials", timeout=10,
                         headers={"Authorization": f"Bearer {token}"})
    return str(reply.json().get("acct", reply.json().get("error")))


def test_the_page_shows_a_code_that_becomes_a_token_once(stage):
    app = register(stage)
    browser = Browser().sign_in(page(stage, app), "alice", PASSWORD)

    first, second = exchange(stage, app, browser.code), exchange(stage, app, browser.code)

    token = first.json()
    assert (token["token_type"], token["scope"], token["me"]) == ("Bearer", SCOPES, f"{stage.url}/users/alice")
    assert isinstance(token["created_at"], int)
    assert nickname(stage, token["access_token"]) == "alice"
    assert second.status_code == 400
    assert "error" in second.json()


def test_a_client_with_an_address_gets_code_and_state_there(stage):
    address = "https://client.example/back?from=us"
    app = register(stage, redirect_uris=f"{OUT_OF_BAND} {address}")

    browser = Browser().sign_in(page(stage, app, redirect_uri=address, state="a state"), "bob", PASSWORD)

    assert browser.status == 302
    assert browser.location.startswith("https://client.example/back?from=us&code=")
    assert browser.answered["state"] == "a state"
    token = exchange(stage, app, browser.code, redirect_uri=address).json()
    assert nickname(stage, token["access_token"]) == "bob"


@pytest.mark.parametrize(("name", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_shows_the_page_again(stage, name, password):
    browser = Browser().sign_in(page(stage, register(stage)), name, password)

    assert browser.status == 401
    assert "<form" in browser.page
    assert not browser.code


def test_a_foreign_address_is_never_called(stage):
    """Nobody is asked for a password in the name of an app that is not set up for it."""
    browser = Browser().open(page(stage, register(stage), redirect_uri="https://evil.example/"))

    assert (browser.status // 100, browser.location) == (4, "")
    assert "<form" not in browser.page


def test_who_is_signed_in_by_cookie_only_has_to_approve(stage):
    app = register(stage)
    browser = Browser().sign_in(page(stage, app), "alice", PASSWORD)
    token = exchange(stage, app, browser.code)
    browser.http.cookies.update(token.cookies)

    browser.sign_in(page(stage, register(stage)), "", "")

    assert browser.status == 200
    assert browser.code


@pytest.mark.parametrize("encode", ["json", "data", "files"])
def test_every_encoding_of_the_same(stage, encode):
    def post(path: str, sent: dict[str, str]) -> Any:
        body: Any = {name: (None, value) for name, value in sent.items()} if encode == "files" else sent
        return requests.post(stage.url + path, **{encode: body}, timeout=10).json()

    app = post("/api/v1/apps", {"client_name": "A client", "redirect_uris": OUT_OF_BAND, "scopes": SCOPES})
    token = post("/oauth/token", {"grant_type": "password", "username": "alice", "password": PASSWORD,
                                  "client_id": app["client_id"], "client_secret": app["client_secret"]})

    assert nickname(stage, token["access_token"]) == "alice"
    assert post("/oauth/revoke", {"token": token["access_token"], "client_id": app["client_id"],
                                  "client_secret": app["client_secret"]}) == {}
    assert nickname(stage, token["access_token"]) == "Invalid credentials."


def test_a_frontend_begins_with_an_app_token_and_reads_in_public(stage):
    app = register(stage)
    token = requests.post(stage.url + "/oauth/token", timeout=10, data={
        "grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"],
        "redirect_uri": f"{stage.url}/oauth-callback"}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    public = requests.get(stage.url + "/api/v1/timelines/public", headers=headers, timeout=10)
    home = requests.get(stage.url + "/api/v1/timelines/home", headers=headers, timeout=10)

    assert (public.status_code, public.json()) == (200, [])
    assert (home.status_code, home.json()) == (403, {"error": "Invalid credentials."})


def test_a_refresh_token_gives_another_and_ends_the_old_one(stage):
    app = register(stage)
    old = exchange(stage, app, Browser().sign_in(page(stage, app), "alice", PASSWORD).code).json()

    new = requests.post(stage.url + "/oauth/token", timeout=10, auth=(app["client_id"], app["client_secret"]), data={
        "grant_type": "refresh_token", "refresh_token": old["refresh_token"]}).json()

    assert nickname(stage, new["access_token"]) == "alice"
    assert nickname(stage, old["access_token"]) == "Invalid credentials."


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/api/v1/nothing"), ("GET", "/nothing"), ("POST", "/api/v1/nothing"), ("PATCH", "/api/v1/statuses"),
    ("GET", "/.well-known/nothing"), ("GET", "/api/v1/accounts//statuses"),
])
def test_what_is_not_there_is_404_in_json(stage, method, path):
    reply = requests.request(method, stage.url + path, timeout=10, headers={"Origin": "https://app.example"})

    assert (reply.status_code, reply.json()) == (404, {"error": "Not implemented"})
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["x-request-id"]


@pytest.mark.parametrize("path", [
    "/api/v1/instance/", "/api/v1/timelines/public/", "/api/v1/custom_emojis/", "/api/pleroma/emoji.json",
    "/nodeinfo/2.0.json", "/nodeinfo/2.1.json", "/nodeinfo/2.1", "/.well-known/nodeinfo",
    "/api/v1/accounts/lookup/?acct=alice",
])
def test_slashes_and_suffixes_that_clients_add(stage, path):
    reply = requests.get(stage.url + path, timeout=10, headers={"Content-Type": "application/json"})

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("application/json")


def test_a_browser_may_ask_first(stage):
    reply = requests.options(stage.url + "/api/v1/statuses", timeout=10, headers={
        "Origin": "https://app.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key"})

    assert (reply.status_code, reply.text) == (204, "")
    assert reply.headers["access-control-allow-headers"] == "Authorization,Content-Type,Idempotency-Key"
    assert {"POST", "PATCH", "DELETE", "PUT", "GET"} <= set(reply.headers["access-control-allow-methods"].split(","))
