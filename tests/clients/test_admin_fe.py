"""admin-fe of 2020 to 2022: each request as it is sent, and what the stores and screens read of the reply.

It was read, not run. Where its versions differ, the request of each stands here.
"""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD, Person
from tests.clients.reading import Sends, play
from tests.conftest import aws  # noqa: F401  (a fixture: these tests need no server beside this process)
from tests.emoji import picture

MAYBE = (str, type(None))
USER = {
    "id": str, "nickname": str, "display_name": str, "avatar": str, "url": str, "local": bool, "tags": list,
    "deactivated": bool, "confirmation_pending": bool, "approval_pending": bool, "is_active": bool,
    "is_confirmed": bool, "is_approved": bool, "roles": {"admin": bool, "moderator": bool}, "actor_type": str,
    "registration_reason": MAYBE, "email": MAYBE,
}
STATUS = {
    "id": str, "content": str, "spoiler_text": str, "sensitive": bool, "visibility": str, "created_at": str,
    "url": str, "media_attachments": list, "poll": (dict, type(None)),
    "account": {"id": str, "avatar": str, "nickname": str, "display_name": str, "url": str, "tags": list,
                "roles": {"admin": bool, "moderator": bool}, "local": bool, "is_active": bool},
}
CARD = {key: STATUS[key] for key in STATUS if key != "account"}
REPORTED = {**USER, "acct": str}
REPORT = {
    "id": str, "state": str, "created_at": str, "content": str, "account": REPORTED, "actor": REPORTED,
    "statuses": [{**CARD, "account": {"id": str, "acct": str}}],
    "notes": [{"id": int, "content": str, "created_at": str,
               "user": {"id": str, "acct": str, "avatar": str, "nickname": str}}],
}
CHAT_SIDE = {"id": str, "avatar": str, "display_name": str, "url": str, "username": str}
CHAT = {"id": str, "unread": int, "updated_at": str, "sender": CHAT_SIDE, "receiver": CHAT_SIDE,
        "last_message": {"content": str}}
MESSAGE = {"id": str, "content": str, "account_id": str, "chat_id": str, "created_at": str}
INVITE = {"id": int, "token": str, "used": bool, "expires_at": MAYBE, "uses": int, "invite_type": str}
ENTRY = {"id": int, "time": int, "message": str, "data": {"actor": {"id": str, "nickname": str}, "message": str}}
USERS = {"users": [USER], "count": int, "page_size": int}
CHANGED = {"users": [USER]}
VISIBILITIES = {"status_visibility": {"public": int, "unlisted": int, "private": int, "direct": int}}
CONFIG = {"configs": [{"group": str, "key": str, "value": [{"tuple": list}]}], "need_reboot": bool}
PACK = {"pack": dict, "files": dict, "files_count": int}
ADMIN, BOTH = "/api/pleroma/admin", "/api/v1/pleroma"

SHOWN = [
    # The shell.
    Sends("GET", "/api/v1/accounts/verify_credentials",
          {"id": str, "display_name": str, "avatar": str, "pleroma": {"is_admin": True}}),
    Sends("GET", "/nodeinfo/2.0.json", {"metadata": {
        "invitesEnabled": bool, "mailerEnabled": bool, "federation": {"mrf_policies": list}}}),
    Sends("GET", f"{ADMIN}/need_reboot", {"need_reboot": False}),
    Sends("GET", f"{ADMIN}/reports?state=open&page=1&page_size=50", {"reports": [REPORT], "total": 1}),
    Sends("GET", "/api/v1/instance", {"uri": str, "title": str}),
    Sends("GET", "/api/v1/instance/peers", list),
    # Users.
    Sends("GET", f"{ADMIN}/users?page=1&filters=local,active", USERS),
    Sends("GET", f"{ADMIN}/users?page=1&filters=&actor_types=", USERS),
    Sends("GET", f"{ADMIN}/users?page=1&filters=local&actor_types=Person", USERS),
    Sends("GET", f"{ADMIN}/users?page=1&filters=local&actor_types[]=Person&actor_types[]=Service", USERS),
    Sends("GET", f"{ADMIN}/users?query=ali&page=1&filters=local,active", {**USERS, "count": 1}),
    Sends("GET", f"{ADMIN}/users?filters=is_admin", {**USERS, "count": 1}),
    Sends("GET", f"{ADMIN}/users?filters=is_moderator", {"users": [], "count": 0}),
    Sends("GET", f"{ADMIN}/users/{{alice}}", USER),
    Sends("GET", f"{ADMIN}/users/alice/credentials", {
        "id": str, "actor_type": str, "avatar": str, "background": MAYBE, "banner": str, "bio": str, "email": str,
        "default_scope": str, "fields": list, "raw_fields": list, "name": str, "is_locked": bool,
        "is_discoverable": bool, "pleroma_settings_store": dict, "show_role": bool, "hide_favorites": bool}),
    Sends("GET", f"{ADMIN}/users/{{alice}}/statuses?godmode=false", [STATUS]),
    Sends("GET", f"{ADMIN}/users/{{alice}}/statuses?godmode=true", [STATUS]),
    Sends("GET", f"{ADMIN}/users/{{alice}}/chats", [CHAT]),
    Sends("GET", f"{ADMIN}/users/alice/password_reset", {"token": str, "link": str}),
    # Statuses.
    Sends("GET", f"{ADMIN}/statuses?godmode=false&local_only=false&page=1&page_size=20", [STATUS]),
    Sends("GET", f"{ADMIN}/statuses?godmode=true&local_only=true&page=1&page_size=20", [STATUS]),
    Sends("GET", f"{ADMIN}/instances/kenoma.test/statuses?page=1&page_size=20", [STATUS]),
    Sends("GET", f"{ADMIN}/statuses/{{status}}", STATUS),
    Sends("GET", f"{ADMIN}/stats", VISIBILITIES),
    Sends("GET", f"{ADMIN}/stats?instance=kenoma.test", VISIBILITIES),
    # Reports, chats, the log.
    Sends("GET", f"{ADMIN}/reports?page=1&page_size=50", {"reports": [REPORT], "total": 1}),
    Sends("GET", f"{ADMIN}/reports?limit=5&max_id=", {"reports": [REPORT]}),
    Sends("GET", f"{BOTH}/admin/reports/{{report}}", REPORT),
    Sends("GET", f"{ADMIN}/grouped_reports", {"reports": [{
        "date": str, "account": REPORTED, "status": {**CARD}, "actors": [REPORTED], "reports": [{"id": str}]}]}),
    Sends("GET", f"{ADMIN}/chats/{{chat}}", CHAT),
    Sends("GET", f"{ADMIN}/chats/{{chat}}/messages", [MESSAGE]),
    Sends("GET", f"{ADMIN}/moderation_log?page=1", {"items": [ENTRY], "total": int}),
    Sends("GET", f"{ADMIN}/moderation_log?start_date=2020-01-31T00%3A00%3A00.000Z&end_date=2099-01-31T23%3A59%3A59.000Z"
                 "&user_id={admin}&search=note&page=1", {"items": [ENTRY], "total": int}),
    # Invites, relays, the proxy, emoji.
    Sends("GET", f"{ADMIN}/users/invites", {"invites": [INVITE]}),
    Sends("GET", f"{ADMIN}/relay", {"relays": list}),
    Sends("GET", f"{ADMIN}/media_proxy_caches?page=1", {"urls": list, "count": int, "page_size": int}),
    Sends("GET", "/api/pleroma/emoji/packs?page=1&page_size=50", {"packs": {"cats": PACK}, "count": 1}),
    Sends("GET", f"{BOTH}/emoji/pack?name=cats&page=1&page_size=30", PACK),
    Sends("GET", "/api/pleroma/emoji/packs/import", list),
    # Settings.
    Sends("GET", f"{ADMIN}/config", CONFIG),
    Sends("GET", f"{ADMIN}/config/descriptions", [{
        "group": str, "key": str, "label": str, "description": str, "children": [{
            "key": str, "label": str, "description": str, "type": (str, list)}]}]),
    Sends("GET", f"{ADMIN}/frontends", list),
    Sends("GET", f"{ADMIN}/restart", dict),
]
ACTS = [
    Sends("POST", f"{ADMIN}/users", [{"code": 200, "type": "success", "data": {"nickname": "carol", "email": str}}],
          json={"users": [{"nickname": "carol", "email": "carol@example.org", "password": "a long word"}]}),
    Sends("PATCH", f"{ADMIN}/users/deactivate", CHANGED, json={"nicknames": ["alice"]}),
    Sends("PATCH", f"{ADMIN}/users/activate", CHANGED, json={"nicknames": ["alice"]}),
    Sends("PATCH", f"{ADMIN}/users/approve", CHANGED, json={"nicknames": ["alice"]}),
    Sends("PATCH", f"{ADMIN}/users/confirm_email", json={"nicknames": ["alice"]}),
    Sends("PATCH", f"{ADMIN}/users/resend_confirmation_email", json={"nicknames": ["alice"]}),
    Sends("PUT", f"{ADMIN}/users/tag", json={"nicknames": ["alice"], "tags": ["mrf_tag:sandbox"]}, status=204),
    Sends("DELETE", f"{ADMIN}/users/tag", json={"nicknames": ["alice"], "tags": ["mrf_tag:sandbox"]}, status=204),
    Sends("POST", f"{ADMIN}/users/permission_group/moderator", {"is_moderator": True}, json={"nicknames": ["alice"]}),
    Sends("DELETE", f"{ADMIN}/users/permission_group/moderator", {"is_moderator": False},
          json={"nicknames": ["alice"]}),
    Sends("PATCH", f"{ADMIN}/users/force_password_reset", json={"nicknames": ["alice"]}, status=204),
    Sends("PUT", f"{ADMIN}/users/disable_mfa", json={"nickname": "alice"}),
    Sends("PATCH", f"{ADMIN}/users/alice/credentials", {"status": "success"}, json={"actor_type": "Service"}),
    Sends("PATCH", f"{ADMIN}/users/alice/credentials", {"status": "success"},
          json={"password": "another word", "email": "new@example.org"}),
    Sends("DELETE", f"{ADMIN}/users", ["bob"], json={"nicknames": ["bob"]}),
    Sends("PUT", f"{ADMIN}/statuses/{{status}}", CARD, json={"sensitive": True, "visibility": "unlisted"}),
    Sends("DELETE", f"{ADMIN}/statuses/{{status}}"),
    Sends("PATCH", f"{ADMIN}/reports", json={"reports": [{"id": "{report}", "state": "resolved"}]}, status=204),
    Sends("POST", f"{ADMIN}/reports/{{report}}/notes", json={"content": "seen"}, status=204),
    Sends("DELETE", f"{ADMIN}/reports/{{report}}/notes/{{note}}", status=204),
    Sends("DELETE", f"{ADMIN}/chats/{{chat}}/messages/{{message}}", MESSAGE),
    Sends("POST", f"{ADMIN}/users/invite_token", {"token": str, "max_use": 3, "expires_at": "2099-01-31"},
          json={"max_use": 3, "expires_at": "2099-01-31"}),
    Sends("POST", f"{ADMIN}/users/invite_token", INVITE, json={"max_use": None}),
    Sends("POST", f"{ADMIN}/users/revoke_invite", {"used": True}, json={"token": "{invite}"}),
    Sends("POST", f"{ADMIN}/users/email_invite?email=dora@example.org&name=Dora", status=204),
    Sends("POST", f"{ADMIN}/users/email_invite?email=dora@example.org", status=204),
    Sends("POST", f"{ADMIN}/users/email_invite", json={"email": "dora@example.org", "name": "Dora"}, status=204),
    Sends("POST", f"{ADMIN}/relay", str, json={"relay_url": "https://relay.example/actor"}, status=500),
    Sends("DELETE", f"{ADMIN}/relay", str, json={"relay_url": "https://relay.example/actor"}, status=500),
    Sends("POST", f"{ADMIN}/media_proxy_caches/purge", json={"urls": ["https://example.org/a.png"], "ban": True}),
    Sends("POST", f"{ADMIN}/media_proxy_caches/delete", json={"urls": ["https://example.org/a.png"]}),
    Sends("POST", f"{ADMIN}/reload_emoji"),
    Sends("POST", f"{BOTH}/emoji/pack?name=dogs"),
    Sends("POST", "/api/pleroma/emoji/packs/birds"),
    Sends("PATCH", f"{BOTH}/emoji/pack?name=cats", {"description": "Cats", "homepage": ""},
          json={"metadata": {"description": "Cats", "homepage": "", "license": "CC0", "share-files": True,
                             "fallback-src": "", "fallback-src-sha256": "", "can-download": True}}),
    Sends("POST", f"{BOTH}/emoji/packs/files?name=cats", {"meow": "meow.png", "hiss": "hiss.png"},
          form={"shortcode": "hiss", "filename": "hiss.png"}, file=("file", ("blob", picture(), "image/png"))),
    Sends("PATCH", f"{BOTH}/emoji/packs/files?name=cats", {"purr": "purr.png"},
          json={"shortcode": "meow", "new_shortcode": "purr", "new_filename": "purr.png", "force": True}),
    Sends("DELETE", f"{BOTH}/emoji/packs/files?name=cats&shortcode=purr", {"hiss": "hiss.png"}),
    Sends("DELETE", f"{BOTH}/emoji/pack?name=cats"),
    Sends("DELETE", "/api/pleroma/emoji/packs/birds"),
    Sends("POST", f"{ADMIN}/config", CONFIG, json={"configs": [
        {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":name", "Cats"]}]}]}),
    Sends("POST", f"{ADMIN}/config", {"configs": []}, json={"configs": [
        {"group": ":pleroma", "key": ":instance", "delete": True, "subkeys": [":name"]}]}),
    Sends("POST", f"{ADMIN}/frontends/install", {"error": str}, json={"name": "pleroma-fe"}, status=400),
]


@pytest.fixture
def world(admin, alice, bob, setting, drain):
    """Names of what the screens show: someone who posted and was reported, a chat, an invite, a pack."""
    setting(configurable_from_database=True, registrations_open=False, invites_enabled=True)
    status = alice.posts("hello", poll={"options": ["yes", "no"], "expires_in": 3600})["id"]
    report = bob.post("/api/v1/reports", json={"account_id": alice.id, "status_ids": [status], "comment": "rude"})
    admin.post(f"{ADMIN}/reports/{report.json['id']}/notes", json={"content": "a note"})
    chat = alice.post(f"/api/v1/pleroma/chats/by-account-id/{bob.id}").json["id"]
    message = alice.post(f"/api/v1/pleroma/chats/{chat}/messages", json={"content": "hi"}).json["id"]
    invite = admin.post(f"{ADMIN}/users/invite_token").json["token"]
    admin.post("/api/pleroma/emoji/pack", {"name": "cats"})
    admin.post("/api/pleroma/emoji/packs/files", {"name": "cats"}, form={"shortcode": "meow"},
               files={"file": ("meow.png", picture(), "image/png")})
    drain()
    note = str(admin.get(f"{ADMIN}/reports").json["reports"][0]["notes"][0]["id"])
    return {"admin": admin.id, "alice": alice.id, "status": status, "report": report.json["id"], "note": note,
            "chat": chat, "message": message, "invite": invite}


def test_every_screen_finds_what_it_reads(admin, world):
    play(SHOWN, admin, world)


def test_every_act_is_understood_as_it_is_sent(admin, world):
    play(ACTS, admin, world)


def test_it_signs_in_with_a_password_and_gets_the_scopes_of_its_app(admin):
    app = Person().post("/api/v1/apps", json={
        "client_name": "AdminFE_0.25", "redirect_uris": "https://kenoma.test/oauth-callback",
        "scopes": "read write follow push admin"}).json
    given = Person().post("/oauth/token", json={
        "client_id": app["client_id"], "client_secret": app["client_secret"], "grant_type": "password",
        "username": "admin", "password": PASSWORD}).json

    play(SHOWN[:3], Person(token=given["access_token"]), {})
