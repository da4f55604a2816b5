"""Registering OAuth apps."""

import pytest

from chalicelib.ids import new_flake
from chalicelib.store.signing_in import apps

FORM = {"client_name": "Tester", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob https://a.example/back"}


def test_an_app_is_registered_with_an_id_and_a_secret(anonymous):
    reply = anonymous.post("/api/v1/apps", form={**FORM, "scopes": "read,write  follow", "website": "https://a.example"})

    assert reply.status == 200
    assert reply.json == {
        "id": reply.json["id"], "name": "Tester", "client_id": reply.json["client_id"],
        "client_secret": reply.json["client_secret"], "client_secret_expires_at": 0,
        "redirect_uri": FORM["redirect_uris"], "redirect_uris": FORM["redirect_uris"].split(),
        "scopes": ["read", "write", "follow"], "website": "https://a.example",
    }
    assert isinstance(reply.json["id"], str)
    assert len(reply.json["client_id"]) == len(reply.json["client_secret"]) == 43
    assert apps.find(reply.json["client_id"]).scope_list == ("read", "write", "follow")


@pytest.mark.parametrize("how", [{"json": FORM}, {"form": FORM}, {"params": FORM},
                                 {"form": FORM, "files": {"x": ("x", b"", "text/plain")}}])
def test_the_body_may_have_any_form(anonymous, how):
    reply = anonymous.post("/api/v1/apps", **how)

    assert (reply.status, reply.json["website"]) == (200, None)
    assert apps.find(reply.json["client_id"]).scope_list == ("read",)


@pytest.mark.parametrize("how", [
    {"json": {"client_name": "x", "redirect_uris": ["https://a.example/cb", "my.app://back"]}},
    {"form": [("client_name", "x"), ("redirect_uris[]", "https://a.example/cb"), ("redirect_uris[]", "my.app://back")]},
    {"params": [("client_name", "x"), ("redirect_uris[]", "https://a.example/cb"),
                ("redirect_uris[]", "my.app://back")]},
])
def test_the_addresses_may_be_a_list(anonymous, how):
    reply = anonymous.post("/api/v1/apps", **how)

    assert (reply.status, reply.json["redirect_uri"]) == (200, "https://a.example/cb\nmy.app://back")
    assert reply.json["redirect_uris"] == ["https://a.example/cb", "my.app://back"]
    assert apps.find(reply.json["client_id"]).redirect_list == reply.json["redirect_uris"]


@pytest.mark.parametrize("wrong", [[], [" "], [["https://a.example"]], {"a": "https://a.example"}, 1, True])
def test_a_list_without_addresses_is_refused(anonymous, wrong):
    assert anonymous.post("/api/v1/apps", json={**FORM, "redirect_uris": wrong}).status in (400, 422)


def test_the_scopes_may_be_called_scope(anonymous):
    reply = anonymous.post("/api/v1/apps", json={**FORM, "scope": "write"})

    assert apps.find(reply.json["client_id"]).scope_list == ("write",)


def test_each_registration_makes_another_app(anonymous):
    ids = {anonymous.post("/api/v1/apps", json=FORM).json["client_id"] for _ in range(2)}
    numbers = [anonymous.post("/api/v1/apps", json=FORM).json["id"] for _ in range(2)]

    assert len(ids) == 2
    assert int(numbers[1]) == int(numbers[0]) + 1


@pytest.mark.parametrize(("change", "error"), [
    ({"client_name": ""}, "can't be blank"), ({"client_name": " \n "}, "can't be blank"),
    ({"redirect_uris": " "}, "can't be blank"), ({"client_name": "Mastodon-Local"}, "is reserved"),
    ({"client_name": "x" * 1001}, "should be at most 1000 character(s)"),
    ({"redirect_uris": "x" * 500_000}, "should be at most 10000 character(s)"),
    ({"scopes": "x" * 500_000}, "should be at most 2000 character(s)"),
    ({"website": "x" * 500_000}, "should be at most 2000 character(s)"),
])
def test_what_cannot_be_registered_is_refused(anonymous, change, error, aws):
    reply = anonymous.post("/api/v1/apps", json={**FORM, **change})

    assert (reply.status, reply.json) == (422, {"error": error})
    assert aws.count("apps") == 0


def test_missing_fields_are_named(anonymous):
    reply = anonymous.post("/api/v1/apps")

    assert reply.status == 400
    assert reply.json["error"] == "Missing field: client_name. Missing field: redirect_uris."
    assert [fault["source"]["pointer"] for fault in reply.json["errors"]] == ["/client_name", "/redirect_uris"]


def test_a_name_that_is_no_text_is_refused(anonymous):
    reply = anonymous.post("/api/v1/apps", json={**FORM, "client_name": 5})

    assert reply.json["error"] == "client_name - Invalid string. Got: integer."


def test_the_app_of_a_token(alice):
    reply = alice.get("/api/v1/apps/verify_credentials")

    assert reply.status == 200
    assert reply.json == {
        "id": str(int(alice.app.number)), "name": "Kenoma tests", "website": None,
        "scopes": ["read", "write", "follow", "push", "admin"], "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
        "redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"]}


def test_the_app_of_a_token_needs_a_user_with_read_or_the_app_itself(anonymous, cast):
    writer = cast.person("writer", scopes="write read:accounts")
    app = {"client_id": cast.app.client_id, "client_secret": cast.app.secret}
    by_itself = anonymous.post("/oauth/token", form={"grant_type": "client_credentials", **app}).json["access_token"]

    nobody = anonymous.get("/api/v1/apps/verify_credentials")
    narrow = writer.get("/api/v1/apps/verify_credentials")
    machine = anonymous.get("/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {by_itself}"})

    assert (nobody.status, nobody.json) == (403, {"error": "Invalid credentials."})
    assert (narrow.status, narrow.json) == (403, {"error": "Insufficient permissions: read."})
    assert (machine.status, machine.json) == (200, cast.person("carol").get("/api/v1/apps/verify_credentials").json)


def test_a_password_has_no_app(alice, anonymous):
    basic = {"Authorization": "Basic YWxpY2U6a2Vub21hLWxvY2Fs"}

    reply = anonymous.get("/api/v1/apps/verify_credentials", headers=basic)

    assert (reply.status, reply.json) == (404, {"error": "Record not found"})


def test_the_apps_that_somebody_has_signed_in_to(alice, anonymous, cast):
    apps.add(apps.App("other", id=new_flake(), secret="s", name="Another", redirect_uris="x:y"))

    assert [app["name"] for app in alice.get("/api/v1/pleroma/apps").json] == ["Kenoma tests"]
    assert anonymous.get("/api/v1/pleroma/apps").status == 403
