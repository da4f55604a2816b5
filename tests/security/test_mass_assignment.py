"""Mass assignment: a request sets what its endpoint is for, and nothing else that happens to have a name."""

from __future__ import annotations

import json

import pytest

from chalicelib.store.accounts import accounts
from chalicelib.store.accounts.accounts import Account, Secret
from chalicelib.store.dynamo.keys import key
from chalicelib.store.dynamo.table import fetch
from chalicelib.store.signing_in import apps
from chalicelib.store.signing_in.apps import App
from tests.cast import PASSWORD, Person

INTERNAL = {
    "id": "1", "account_id": "1", "part": "S", "nickname": "root", "nickname_lower": "root", "nickname_find": "root",
    "acct": "root", "host": "evil.example", "directory": "R", "is_admin": "true", "is_moderator": "true",
    "admin": "true",
    "role": "admin", "roles[admin]": "true", "is_staff": "true", "superuser": "true", "deactivated": "true",
    "deleted": "true",
    "confirmation_pending": "false", "approval_pending": "false", "reset_pending": "true", "is_confirmed": "true",
    "confirmed": "true", "approved": "true", "is_approved": "true", "status": "active", "token_generation": "7",
    "gen": "7",
    "followers_count": "99", "following_count": "99", "statuses_count": "99", "followers_n": "99", "statuses_n": "99",
    "password_hash": "$argon2id$x", "email_lower": "root@example.org", "mfa": "{}", "mfa[enabled]": "true",
    "backup_hashes[]": "x",
    "confirm_token": "x", "confirmation_token": "x", "doc": "{}", "doc[display_name]": "root",
    "tags[]": "mrf_tag:verified",
    "created_at": "2001-01-01T00:00:00Z", "version": "99", "ver": "99", "invite": "x", "scopes": "read write admin",
    "scope": "admin", "access_token_expires": "0", "user[is_admin]": "true", "account[is_admin]": "true",
    "pleroma[is_admin]": "true", "source[pleroma][show_role]": "false", "settings[is_admin]": "true", "trusted": "true",
    "also_known_as[]": "https://evil.example/x", "__class__": "Account", "constructor[prototype][is_admin]": "true",
}


@pytest.fixture
def machine(anonymous, cast):
    reply = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret})
    return Person(token=reply.json["access_token"])


def of(record, *varying):
    return {name: value for name, value in record.attribute_values.items() if name not in varying}


def secret_of(account):
    return fetch(strong=[key(Secret, account.id, "S")]).get(Secret, account.id, "S")


VARYING = ("id", "nickname", "nickname_lower", "nickname_find", "display_lower", "doc")


@pytest.mark.parametrize("how", ["form", "query", "json"])
def test_who_signs_up_is_nobody_special(machine, setting, how):
    setting(account_approval_required=True, account_activation_required=True)
    form = {"password": PASSWORD, "agreement": "1", "email": "plain@example.org", "username": "plain"}
    machine.post("/api/v1/accounts", form=form)

    extra = {name: text for name, text in INTERNAL.items() if name != "status"}
    hostile = {"password": PASSWORD, "agreement": "1", "email": "hostile@example.org", "username": "hostile"}
    if how == "form":
        reply = machine.post("/api/v1/accounts", form=extra | hostile)
    elif how == "query":
        reply = machine.post("/api/v1/accounts", extra, form=hostile)
    else:
        reply = machine.post("/api/v1/accounts", json=nested(extra) | hostile)

    assert reply.status == 200, reply.text
    plain, made = accounts.find_by_nickname("plain"), accounts.find_by_nickname("hostile")
    assert of(made, *VARYING) == of(plain, *VARYING)
    assert made.doc == {**plain.doc, "display_name": "hostile"}
    assert made.status == "approval_pending"
    ours, theirs = secret_of(made), secret_of(plain)
    assert of(ours).keys() == of(theirs).keys()
    assert (ours.email, ours.mfa, ours.backup_hashes) == ("hostile@example.org", None, theirs.backup_hashes)
    assert ours.password_hash.startswith("$argon2id$v=19$")


def test_an_accounts_own_settings_are_no_way_to_more(alice):
    before, secret = of(alice.account), of(secret_of(alice))
    allowed = {"tags[]", "also_known_as[]", "source[pleroma][show_role]"}

    reply = alice.patch("/api/v1/accounts/update_credentials", form={
        name: text for name, text in INTERNAL.items() if name not in allowed})
    as_json = alice.patch("/api/v1/accounts/update_credentials", json=nested(
        {name: text for name, text in INTERNAL.items() if name not in allowed}))

    assert (reply.status, as_json.status) == (200, 200)
    assert of(alice.account) == before
    assert of(secret_of(alice)) == secret


@pytest.mark.parametrize("path", [
    "/api/v1/pleroma/accounts/update_avatar", "/api/pleroma/change_email", "/api/pleroma/change_password",
    "/api/pleroma/notification_settings", "/api/v1/statuses",
])
def test_other_settings_are_none_either(alice, path):
    before, secret = of(alice.account, "statuses_count", "version", "doc"), of(secret_of(alice))
    method = "PUT" if path.endswith("settings") else "PATCH" if "update" in path else "POST"

    alice.request(method, path, form={name: text for name, text in INTERNAL.items() if name != "status"})

    assert of(alice.account, "statuses_count", "version", "doc") == before
    assert of(secret_of(alice)) == secret


def test_an_app_is_no_better_than_others(anonymous):
    sent = {"client_name": "A client", "redirect_uris": "https://a.example/", "scopes": "read"}
    extra = {"id": "1", "client_id": "known", "client_secret": "known", "secret": "known", "trusted": True, "number": 1,
             "num": 1, "const": "b", "every": "b", "user_id": "1", "name": "Another",
             "redirect_uri": "https://evil.example/"}

    reply = anonymous.post("/api/v1/apps", json=sent | extra)

    app = apps.find(reply.json["client_id"])
    assert (app.name, app.redirect_uris, app.scopes, app.trusted) == ("A client", "https://a.example/", "read", None)
    assert "known" not in json.dumps(reply.json)
    assert len(reply.json["client_id"]) == len(reply.json["client_secret"]) == 43
    assert of(app).keys() == {name for name in App.get_attributes() if name not in ("trusted", "website")} - {
        name for name, kind in App.get_attributes().items() if kind.attr_name == "website"}


def test_a_token_has_the_scopes_of_its_app_and_no_others(anonymous, cast, alice):
    app = anonymous.post("/api/v1/apps", json={"client_name": "A", "redirect_uris": "https://a.example/",
                                               "scopes": "read"}).json
    form = {"grant_type": "password", "username": "alice", "password": PASSWORD, "client_id": app["client_id"],
            "client_secret": app["client_secret"]}

    beyond = anonymous.post("/oauth/token", form={**form, "scope": "read write"})
    plain = anonymous.post("/oauth/token", form={**form, "account": "1", "user_id": "1", "gen": "9", "expires_in": "1"})

    assert beyond.status == 400
    assert (plain.json["scope"], plain.json["me"]) == ("read", "http://kenoma.test/users/alice")
    assert plain.json["expires_in"] == 3153600000


def test_nobody_is_made_an_administrator_by_any_of_it(machine, alice):
    machine.post("/api/v1/accounts", form={**INTERNAL, "username": "eve", "password": PASSWORD, "agreement": "1"})
    alice.patch("/api/v1/accounts/update_credentials", form=INTERNAL)

    everybody = list(Account.scan(Account.part == "P"))
    assert len(everybody) == 2
    assert not [account.nickname for account in everybody if account.is_admin or account.is_moderator]


def nested(pairs):
    """The same as JSON: brackets become objects and lists."""
    found: dict[str, object] = {}
    for name, text in pairs.items():
        first, *rest = name.replace("]", "").split("[")
        here, last = found, first
        for part in rest:
            if part == "":
                here[last] = [text]
                break
            inner = here.setdefault(last, {})
            if not isinstance(inner, dict):
                inner = here[last] = {}
            here, last = inner, part
        else:
            here[last] = text
    return found
