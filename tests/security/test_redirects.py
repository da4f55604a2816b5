"""Redirects go only to the exact addresses that the app registered, and nobody can write headers of replies."""

from __future__ import annotations

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.signing_in import apps, tokens
from tests.cast import PASSWORD
from tests.endpoints.signing_in.mfa_steps import code_of, turns_on
from tests.security.pages import Page, sign_in

CALLBACK = "https://client.example/callback"
OTHER = "my.app://back"
HOSTS = [
    "client.example:443", "client.example.", "client.example.evil.example", "client.example@evil.example",
    "evilclient.example", "user:pass@client.example", "client。example", "client\u200b.example", "ｃlient.example",
    "CLIENT.example", "[::1]", "",
]
SPELLINGS = [
    *[f"{CALLBACK}{end}" for end in ("/", "?", "?more=1", "#", "#more", "/..", "/../../evil", "%2f..", "%00", ";x")],
    *[f"{CALLBACK}{end}" for end in ("@evil.example", " ", "\n", "\r\nX: y", f" {OTHER}", f",{OTHER}")],
    f" {CALLBACK}", f"\t{CALLBACK}", CALLBACK.upper(), CALLBACK.replace("callback", "c%61llback"),
    *[CALLBACK.replace("https://", start) for start in ("HTTPS://", "http://", "https:/\\", "https:///", "//", "")],
    *[CALLBACK.replace("client.example", host) for host in HOSTS],
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example/", "\\\\evil.example",
    "https:evil.example", "https:/evil.example", f"https://evil.example/{CALLBACK}",
    f"https://evil.example/?{CALLBACK}", f"https://evil.example#{CALLBACK}",
    "https://evil.example\\@client.example/callback", "javascript:alert(1)//", "data:text/html,hello", "/", "/callback",
    "callback", "", "*", "https://*", "null", "urn:ietf:wg:oauth:2.0:oob:auto", "my.app://", "my.app://back/",
    "my.app:back", "MY.APP://back",
]


@pytest.fixture
def app():
    return apps.add(apps.App(tokens.random_token(), id=new_flake(), secret="s", name="A client", scopes="read",
                             redirect_uris=f"{CALLBACK} {OTHER}"))


@pytest.fixture
def member(alice, app):
    """Alice, signed in with a token of this app."""
    alice.token = tokens.issue(alice.id, app.client_id, ["read"], 0).access_token
    return alice


def leads_nowhere(reply):
    assert "location" not in reply.headers
    assert reply.status in (400, 401)
    assert not [address for address in Page(reply).addresses()
                if not address.startswith(("/", "#", "mailto:")) or address.startswith("//")]


@pytest.mark.parametrize("uri", SPELLINGS)
def test_no_other_spelling_gets_a_code(alice, anonymous, app, uri):
    leads_nowhere(sign_in(anonymous, name="alice", password=PASSWORD, client_id=app.client_id, redirect_uri=uri))


@pytest.mark.parametrize("uri", [uri for uri in SPELLINGS if uri])
def test_no_other_spelling_gets_a_token(member, app, uri):
    """Empty means the app's first address."""
    leads_nowhere(member.get("/oauth/authorize", {"client_id": app.client_id, "redirect_uri": uri}))


def test_no_other_spelling_gets_a_code_after_the_second_step(alice, anonymous, app):
    key = turns_on(alice)
    for start in range(0, len(SPELLINGS), 9):  # an MFA token is good for ten tries
        page = Page(sign_in(anonymous, name="alice", password=PASSWORD, client_id=app.client_id, redirect_uri=CALLBACK))
        (mfa_token,) = [each["value"] for each in page.all("input") if each["name"] == "mfa[mfa_token]"]
        for uri in SPELLINGS[start:start + 9]:
            leads_nowhere(anonymous.post("/oauth/mfa/verify", form={
                "mfa[mfa_token]": mfa_token, "mfa[code]": code_of(key), "mfa[redirect_uri]": uri}))


@pytest.mark.parametrize("sent", [
    {"authorization[redirect_uri]": "https://evil.example/", "redirect_uri": CALLBACK},
    {"authorization[redirect_uri][]": CALLBACK}, {"authorization[redirect_uri][0]": CALLBACK},
    {"redirect_uri[]": CALLBACK}, {"authorization[redirect_uri][x]": CALLBACK},
])
def test_an_address_that_comes_in_pieces_or_twice_is_none(alice, anonymous, app, sent):
    leads_nowhere(anonymous.post("/oauth/authorize", form={
        "authorization[name]": "alice", "authorization[password]": PASSWORD, "client_id": app.client_id, **sent}))


def test_of_an_address_in_the_link_and_one_in_the_form_the_forms_counts(alice, anonymous, app):
    form = {"name": "alice", "password": PASSWORD, "client_id": app.client_id, "redirect_uri": CALLBACK}

    reply = anonymous.post("/oauth/authorize?redirect_uri=https://evil.example/", form=form)

    assert reply.headers["location"].startswith(f"{CALLBACK}?code=")


@pytest.mark.parametrize("params", [{"next": "//evil.example"}, {"return_to": "https://evil.example"},
                                    {"redirect_uri": "https://evil.example"}])
def test_signing_out_leads_home_whatever_is_asked(alice, params):
    assert alice.delete("/auth/sign_out", params).headers["location"] == "/"


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/..", "/\\evil.example", "/%2f%2fevil.example"])
def test_a_path_that_looks_like_an_address_leads_nowhere(anonymous, path):
    assert "location" not in anonymous.get(path).headers


# Headers. Whatever is sent, no header of a reply has a line end or anything else unprintable.

BROKEN = ["a\r\nSet-Cookie: x=y", "a\nX-Injected: 1", "a\rX: 1", "a\r\n\r\n<script>", "a\x0bX: 1", "a\x0cX: 1",
          "a\x85X: 1",
          "a\u2028X: 1", "嘊嘍Set-Cookie: x=y", "a\x1b[31m", "a\x7f", "%0d%0aX-Injected:%201", "é\ud800"]
every_text = pytest.mark.parametrize("text", BROKEN, ids=ascii)


def in_one_piece(reply):
    for name, value in reply.headers.items():
        assert all("\x20" <= each <= "\x7e" for each in name + value), (name, value)
    assert "x-injected" not in reply.headers
    assert "x=y" not in reply.headers.get("set-cookie", "")


@every_text
def test_a_state_breaks_no_header(alice, member, anonymous, app, text):
    sent = {"client_id": app.client_id, "redirect_uri": CALLBACK, "state": text}

    in_one_piece(member.get("/oauth/authorize", params_of(sent)))
    reply = anonymous.post("/oauth/authorize", json={"authorization": {**sent, "name": "alice", "password": PASSWORD}})

    in_one_piece(reply)
    assert reply.status in (302, 400)


@every_text
def test_an_apps_address_breaks_no_header(alice, anonymous, text):
    app = anonymous.post("/api/v1/apps", json={"client_name": text, "redirect_uris": f"https://a.example/{text}",
                                               "website": text})
    in_one_piece(app)
    for uri in (f"https://a.example/{text}", *f"https://a.example/{text}".split()):
        in_one_piece(anonymous.post("/oauth/authorize", json={"authorization": {
            "client_id": app.json.get("client_id", ""), "redirect_uri": uri, "name": "alice", "password": PASSWORD}}))


@every_text
def test_names_break_no_header(alice, bob, text):
    in_one_piece(alice.patch("/api/v1/accounts/update_credentials", json={"display_name": text, "note": text}))
    in_one_piece(bob.get(f"/api/v1/accounts/{alice.id}"))
    in_one_piece(alice.post("/api/v1/statuses", json={"status": text, "spoiler_text": text}))
    in_one_piece(bob.get(f"/api/v1/accounts/{alice.id}/statuses", {"limit": "1", **params_of({"tagged": text})}))


@every_text
def test_file_names_break_no_header(alice, text):
    name = text.encode(errors="replace").decode().replace('"', "")

    reply = alice.patch("/api/v1/accounts/update_credentials",
                        files={"avatar": (name, b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/gif")})

    in_one_piece(reply)
    assert reply.status in (200, 400, 403)


@pytest.mark.parametrize("header", ["X-Request-Id", "Idempotency-Key", "Origin", "Host", "Cookie", "Content-Type",
                                    "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For"])
@every_text
def test_headers_that_come_break_none_that_go(alice, header, text):
    reply = alice.post("/api/v1/statuses", form={"status": "hello"}, headers={header: text})

    in_one_piece(reply)
    assert reply.status < 500


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
def test_no_header_changes_the_address_of_this_server(alice, anonymous, drain, aws, header):
    """A link to a new password leads here, whatever host the request named."""
    anonymous.post("/auth/password", form={"nickname": "alice"}, headers={header: "evil.example"})
    drain()

    assert "http://kenoma.test/api/pleroma/password_reset/" in aws.letters.as_json()
    assert "evil.example" not in aws.letters.as_json()
    assert "evil.example" not in alice.get("/api/v1/instance", headers={header: "evil.example"}).text


def params_of(sent):
    """The names that can be in a query at all."""
    return {name: value.encode(errors="replace").decode() for name, value in sent.items()}
