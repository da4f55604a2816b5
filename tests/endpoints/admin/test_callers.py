"""Who may call administration: every endpoint of it, called by everybody who could try."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from app import app
from chalicelib.domain.accounts import invites
from chalicelib.domain.instance import announcements, rules
from chalicelib.domain.instance.announcements import AnnouncementChange
from chalicelib.domain.instance.rules import RuleChange
from chalicelib.store.dynamo.table import transaction
from chalicelib.store.federation import host_rows
from chalicelib.web import session
from chalicelib.web.endpoint import ADMINISTRATION, NEWER_ADMINISTRATION
from tests.cast import Person

TOKEN = "the token of the machine"
INVALID = (403, "Invalid credentials.")
NOT_ADMIN = (403, "User is not an admin.")


class Call(NamedTuple):
    """A request that is well formed. Names of the fixture `world` stand in braces. `scope`: what a token needs."""

    method: str
    path: str
    scope: str
    json: Any = None
    files: Any = None


NAMES = {"nicknames": ["{nick}"]}
CALLS = [
    Call("GET", "users", "read:accounts"),
    Call("GET", "users/{nick}", "read:accounts"),
    Call("POST", "users", "write:accounts", {"users": [{"nickname": "dora", "email": "d@a.example", "password": "x"}]}),
    Call("DELETE", "users", "write:accounts", NAMES),
    Call("POST", "users/follow", "write:follows", {"follower": "{nick}", "followed": "{other}"}),
    Call("POST", "users/unfollow", "write:follows", {"follower": "{nick}", "followed": "{other}"}),
    Call("PATCH", "users/{nick}/toggle_activation", "write:accounts"),
    Call("PATCH", "users/activate", "write:accounts", NAMES),
    Call("PATCH", "users/deactivate", "write:accounts", NAMES),
    Call("PATCH", "users/approve", "write:accounts", NAMES),
    Call("PATCH", "users/suggest", "write:accounts", NAMES),
    Call("PATCH", "users/unsuggest", "write:accounts", NAMES),
    Call("PUT", "users/tag", "write:accounts", {**NAMES, "tags": ["one"]}),
    Call("DELETE", "users/tag", "write:accounts", {**NAMES, "tags": ["one"]}),
    Call("GET", "users/{nick}/permission_group", "read:accounts"),
    Call("GET", "users/{nick}/permission_group/moderator", "read:accounts"),
    Call("POST", "users/{nick}/permission_group/moderator", "write:accounts"),
    Call("DELETE", "users/{nick}/permission_group/moderator", "write:accounts"),
    Call("POST", "users/permission_group/moderator", "write:accounts", NAMES),
    Call("DELETE", "users/permission_group/moderator", "write:accounts", NAMES),
    Call("GET", "users/{nick}/password_reset", "write:accounts"),
    Call("PATCH", "users/force_password_reset", "write:accounts", NAMES),
    Call("GET", "users/{nick}/credentials", "read:accounts"),
    Call("PATCH", "users/{nick}/credentials", "write:accounts", {"name": "Another"}),
    Call("PUT", "users/disable_mfa", "write:accounts", {"nickname": "{nick}"}),
    Call("PATCH", "users/confirm_email", "write", NAMES),
    Call("PATCH", "users/resend_confirmation_email", "write", NAMES),
    Call("GET", "users/{nick}/statuses", "read:statuses"),
    Call("GET", "users/{nick}/chats", "read:chats"),
    Call("POST", "users/invite_token", "write:invites", {}),
    Call("GET", "users/invites", "read:invites"),
    Call("POST", "users/revoke_invite", "write:invites", {"token": "{invite}"}),
    Call("POST", "users/email_invite", "write:invites", {"email": "e@a.example"}),
    Call("GET", "instances/kenoma.test/statuses", "read:statuses"),
    Call("DELETE", "instances/far.example", "write:accounts"),
    Call("GET", "statuses", "read:statuses"),
    Call("GET", "statuses/{status}", "read:statuses"),
    Call("PUT", "statuses/{status}", "write:statuses", {"sensitive": True}),
    Call("DELETE", "statuses/{status}", "write:statuses"),
    Call("GET", "reports", "read:reports"),
    Call("GET", "reports/{report}", "read:reports"),
    Call("PATCH", "reports", "write:reports", {"reports": [{"id": "{report}", "state": "closed"}]}),
    Call("POST", "reports/{report}/notes", "write:reports", {"content": "hm"}),
    Call("DELETE", "reports/{report}/notes/1", "write:reports"),
    Call("GET", "grouped_reports", "read:reports"),
    Call("GET", "chats/{chat}", "read:chats"),
    Call("GET", "chats/{chat}/messages", "read:chats"),
    Call("DELETE", "chats/{chat}/messages/{message}", "write:chats"),
    Call("GET", "moderation_log", "read"),
    Call("GET", "stats", "read"),
    Call("GET", "oauth_app", "write"),
    Call("POST", "oauth_app", "write", {"name": "app", "redirect_uris": "https://a.example"}),
    Call("PATCH", "oauth_app/1", "write", {"name": "other"}),
    Call("DELETE", "oauth_app/1", "write"),
    Call("GET", "media_proxy_caches", "read:media_proxy_caches"),
    Call("POST", "media_proxy_caches/delete", "write:media_proxy_caches", {"urls": ["https://a.example/1.png"]}),
    Call("POST", "media_proxy_caches/purge", "write:media_proxy_caches", {"urls": ["https://a.example/1.png"]}),
    Call("GET", "relay", "read"),
    Call("POST", "relay", "write:follows", {"relay_url": "https://relay.example/actor"}),
    Call("DELETE", "relay", "write:follows", {"relay_url": "https://relay.example/actor"}),
    Call("GET", "config", "read"),
    Call("POST", "config", "write", {"configs": []}),
    Call("GET", "config/descriptions", "read"),
    Call("GET", "need_reboot", "read"),
    Call("GET", "restart", "write"),
    Call("POST", "reload_emoji", "write"),
    Call("GET", "frontends", "read:frontends"),
    Call("POST", "frontends/install", "write:frontends", {"name": "pleroma-fe"}),
    Call("PUT", "frontends/primary", "write:frontends", {"name": None}),
    Call("PUT", "frontends/admin", "write:frontends", {"name": None}),
    Call("DELETE", "frontends/nothing", "write:frontends"),
    Call("GET", "instance_document/instance-panel", "read"),
    Call("PATCH", "instance_document/instance-panel", "write",
         files={"file": ("panel.html", b"<p>Hello</p>", "text/html")}),
    Call("DELETE", "instance_document/instance-panel", "write"),
    Call("GET", "announcements", "read"),
    Call("GET", "announcements/{announcement}", "read"),
    Call("POST", "announcements", "write", {"content": "Hello."}),
    Call("PATCH", "announcements/{announcement}", "write", {"content": "Hello again."}),
    Call("DELETE", "announcements/{announcement}", "write"),
    Call("GET", "rules", "read"),
    Call("POST", "rules", "write", {"text": "Be kind."}),
    Call("PATCH", "rules/1", "write", {"text": "Be kinder."}),
    Call("DELETE", "rules/1", "write"),
    Call("POST", "backups", "read:accounts", {"nickname": "{nick}"}),
]
BY_NAME = {f"{call.method} {call.path}": call for call in CALLS}
every_call = pytest.mark.parametrize("call", CALLS, ids=list(BY_NAME))


@pytest.fixture
def world(cast, alice, bob, admin):
    """What the calls name."""
    status = alice.posts("hello")
    with transaction() as write:
        host_rows.meet(write, "far.example", "https://far.example/inbox", label="met")
    report = bob.post("/api/v1/reports", {"account_id": alice.id}).json
    chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json
    message = alice.post(f"/api/v1/pleroma/chats/{chat['id']}/messages", json={"content": "psst"}).json
    announced = announcements.add(AnnouncementChange("Hello."))
    rules.add(RuleChange("Be kind."))
    return {"announcement": announced.id,
            "nick": "alice", "other": "bob", "status": status["id"], "report": report["id"], "chat": chat["id"],
            "message": message["id"], "invite": invites.create().token}


def made(call, person, world, *, base=ADMINISTRATION, headers=None):
    def filled(value):
        match value:
            case str():
                return value.format(**world)
            case list():
                return [filled(each) for each in value]
            case dict():
                return {name: filled(each) for name, each in value.items()}
        return value

    return person.request(call.method, base + filled(call.path), json=filled(call.json), files=call.files,
                          headers=headers)


def refused(reply):
    return reply.status, reply.json.get("error")


def scoped(call):
    return f"admin:{call.scope}"


# The table is whole.


def test_the_table_names_every_endpoint_of_administration():
    declared = {(method, path.removeprefix(ADMINISTRATION)) for path, methods in app.routes.items()
                for method in methods if path.startswith(ADMINISTRATION)}

    matched = {name: [path for method, path in declared if method == call.method and fits(path, call.path)]
               for name, call in BY_NAME.items()}
    assert [name for name, paths in matched.items() if not paths] == []
    assert {path for _, path in declared} == {path for paths in matched.values() for path in paths}
    assert len(declared) == len(CALLS) == len(BY_NAME) == 84


def fits(declared: str, sent: str) -> bool:
    parts, others = declared.split("/"), sent.split("/")
    return len(parts) == len(others) and all(
        part == other or part.startswith("{") for part, other in zip(parts, others, strict=True))


# Who does not get in.


@pytest.fixture
def app_alone(anonymous, cast):
    """A token of an app itself, which is nobody's."""
    token = anonymous.post("/oauth/token", form={
        "grant_type": "client_credentials", "client_id": cast.app.client_id, "client_secret": cast.app.secret,
        "scope": "read write follow push admin"}).json["access_token"]
    return Person(token=token)


@every_call
def test_nobody_gets_in_but_administrators_with_the_scope(world, cast, app_alone, anonymous, call):
    """In the words of each refusal."""
    every_scope = "read write follow push admin"
    other = "admin:write" if call.scope.startswith("read") else "admin:read"
    lacks = (403, f"Insufficient permissions: {scoped(call)}.")
    callers = {
        "nobody": (anonymous, INVALID),
        "an unknown token": (Person(token="x" * 43), INVALID),
        "an app by itself": (app_alone, INVALID),
        "a user": (cast.person("carol", scopes=every_scope), NOT_ADMIN),
        "a moderator": (cast.person("mod", is_moderator=True, scopes=every_scope), NOT_ADMIN),
        "somebody deactivated": (cast.person("gone", is_admin=True, deactivated=True, scopes=every_scope), INVALID),
        "an administrator without the scope": (
            cast.person("chief1", is_admin=True, scopes=f"read write follow push {other}"), lacks),
        "an administrator with less than the scope": (
            cast.person("chief2", is_admin=True, scopes=f"{scoped(call)}:partial"), lacks),
        "an administrator with the scope of users": (cast.person("chief3", is_admin=True, scopes=call.scope), lacks),
    }

    outcomes = {who: refused(made(call, person, world)) for who, (person, _) in callers.items()}

    assert outcomes == {who: expected for who, (_, expected) in callers.items()}
    assert refused(made(call, anonymous, world, base=NEWER_ADMINISTRATION)) == INVALID


@every_call
def test_the_session_of_an_administrator_does_not_serve_another_site(world, admin, call):
    browser = {"Cookie": session.cookie(admin.token).partition(";")[0], "Authorization": ""}
    changes = call.method != "GET" or call.path == "users/{nick}/password_reset"

    forged = made(call, Person(), world, headers=browser | {"Sec-Fetch-Site": "cross-site"})

    assert (refused(forged) == INVALID) if changes else let_in(forged)


@every_call
def test_the_admin_token_must_be_right_and_makes_no_user_an_administrator(world, anonymous, alice, setting, call):
    sent = {"X-Admin-Token": TOKEN}
    outcomes = [refused(made(call, anonymous, world, headers=sent))]
    setting(admin_token=TOKEN)
    outcomes += [refused(made(call, anonymous, world, headers={"X-Admin-Token": TOKEN + "!"})),
                 refused(made(call, alice, world, headers=sent))]

    assert outcomes == [INVALID, INVALID, NOT_ADMIN]


# Who gets in.


@every_call
def test_an_administrator_with_the_scope_gets_in(world, cast, call):
    assert let_in(made(call, cast.person("chief", is_admin=True, scopes=scoped(call)), world))


@every_call
def test_whoever_has_the_admin_token_gets_in_at_the_newer_address_too(world, anonymous, setting, call):
    setting(admin_token=TOKEN)

    assert let_in(made(call, anonymous, world, base=NEWER_ADMINISTRATION, headers={"X-Admin-Token": TOKEN}))


@every_call
def test_the_scope_of_users_does_where_the_setting_says_so(world, cast, setting, call):
    setting(enforce_oauth_admin_scope_usage=False)
    other = cast.person("other", is_admin=True, scopes="push")

    assert refused(made(call, other, world)) == (
        403, f"Insufficient permissions: {scoped(call)} | {call.scope}.")
    assert let_in(made(call, cast.person("chief", is_admin=True, scopes=call.scope), world))


def let_in(reply):
    """What was asked for may not be there, or not be possible here. But the caller was not the reason."""
    return reply.status in (200, 204, 400, 404, 500) and not any(
        words in reply.body for words in ("Missing field", "Not implemented", "went wrong"))
