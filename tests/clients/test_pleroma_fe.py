"""pleroma-fe of 2021 to 2026: each request as it is sent, and what normalizer, stores and screens read of the reply.

It was read, not run. It sends `Content-Type: application/json` with everything that is no form, also without a body.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import PASSWORD, Person
from tests.clients.reading import Sends, play
from tests.conftest import aws  # noqa: F401  (a fixture: these tests need no server beside this process)
from tests.emoji import picture
from tests.endpoints.frontends.bundling import installs

MAYBE = (str, type(None))
JSON = {"Accept": "application/json", "Content-Type": "application/json"}
EMPTY: list[Any] = []
ACCOUNT = {
    "id": str, "acct": str, "url": str, "fqn": str, "avatar": str, "header": str, "display_name": str, "note": str,
    "emojis": list, "fields": list, "bot": bool, "locked": bool, "created_at": str, "followers_count": int,
    "following_count": int, "statuses_count": int, "last_status_at": MAYBE,
    "pleroma": {"relationship": dict, "is_active": bool, "tags": list, "hide_favorites": bool, "hide_follows": bool,
                "hide_followers": bool, "hide_follows_count": bool, "hide_followers_count": bool,
                "background_image": MAYBE, "favicon": MAYBE},
}
STATUS = {
    "id": str, "content": str, "spoiler_text": str, "created_at": str, "uri": str, "url": str, "visibility": str,
    "favourited": bool, "favourites_count": int, "reblogged": bool, "reblogs_count": int, "replies_count": int,
    "bookmarked": bool, "sensitive": bool, "muted": bool, "emojis": list, "tags": list, "mentions": list,
    "media_attachments": list, "edited_at": MAYBE, "in_reply_to_id": MAYBE, "account": ACCOUNT,
    "pleroma": {"content": {"text/plain": str}, "spoiler_text": {"text/plain": str}, "conversation_id": (int, str),
                "local": bool, "thread_muted": bool, "emoji_reactions": list, "in_reply_to_account_acct": MAYBE,
                "quotes_count": int, "parent_visible": bool},
}
RELATIONSHIP = {"id": str, "following": bool, "followed_by": bool, "requested": bool, "blocking": bool,
                "muting": bool, "subscribing": bool, "domain_blocking": bool, "showing_reblogs": bool, "note": str}
ADMIN_USER = {"id": str, "nickname": str, "email": MAYBE, "registration_reason": MAYBE, "is_active": bool,
              "is_confirmed": bool, "is_approved": bool, "is_suggested": bool, "tags": list}
CHANGED = {"users": [ADMIN_USER]}
ANNOUNCED = {"id": str, "content": str, "starts_at": MAYBE, "ends_at": MAYBE, "all_day": bool,
             "pleroma": {"raw_content": str}}
PACKS = {"packs": dict, "count": int}
V1, ADMIN = "/api/v1/pleroma", "/api/v1/pleroma/admin"


def asks(path: str, reads: Any = object, method: str = "GET", **more: Any) -> Sends:
    return Sends(method, path, reads, headers=JSON, **more)


def form(method: str, path: str, sent: Any, reads: Any = object, **more: Any) -> Sends:
    """A multipart form."""
    return Sends(method, path, reads, form=sent, file=more.pop("file", ("", ("", b"", ""))), **more)


SHOWN = [
    asks("/api/v1/accounts/verify_credentials", {
        **ACCOUNT, "source": {"note": str, "privacy": str, "fields": list, "pleroma": {
            "show_role": bool, "no_rich_text": bool, "discoverable": bool, "actor_type": str}},
        "pleroma": {"is_admin": True, "is_moderator": bool, "notification_settings": dict, "settings_store": dict,
                    "allow_following_move": bool, "unread_notifications_count": int}}),
    asks("/api/v1/accounts/lookup?acct=alice", {"id": str}),
    asks("/api/v1/accounts/{alice}", ACCOUNT),
    asks("/api/v1/accounts/relationships/?id={alice}&with_suspended=true", [RELATIONSHIP]),
    asks("/api/v1/accounts/{bob}/following?limit=20&with_relationships=true", [ACCOUNT]),
    asks("/api/v1/accounts/{alice}/followers?limit=20&with_relationships=true", [ACCOUNT]),
    asks("/api/v1/accounts/{alice}/statuses?limit=20&pinned=true", EMPTY),
    asks("/api/v1/accounts/{alice}/statuses?only_media=1&with_muted=false&limit=20", EMPTY),
    asks("/api/v1/accounts/{alice}/lists", EMPTY),
    asks("/api/v1/accounts/search?q=alice&resolve=true", [ACCOUNT]),
    asks("/api/v2/search?q=alice&resolve=true&limit=20&with_relationships=true",
         {"accounts": [ACCOUNT], "statuses": list, "hashtags": list}),
    asks("/api/v1/timelines/public?limit=20&local=true&only_media=false&with_muted=false", [STATUS]),
    asks("/api/v1/timelines/home?limit=20&reply_visibility=following", list),
    asks("/api/v1/timelines/bubble?limit=20", list),
    asks("/api/v1/bookmarks?limit=20", EMPTY),
    asks("/api/v1/favourites?limit=20", EMPTY),
    asks("/api/v1/pleroma/accounts/{alice}/favourites?limit=20", {"error": str}, status=403),
    asks("/api/v1/pleroma/accounts/{alice}/scrobbles?limit=1", EMPTY),
    asks("/api/v1/pleroma/statuses/{status}/quotes?limit=20", EMPTY),
    asks("/api/v1/pleroma/statuses/{status}/reactions", EMPTY),
    asks("/api/v1/statuses/{status}", STATUS),
    asks("/api/v1/statuses/{status}/context", {"ancestors": EMPTY, "descendants": EMPTY}),
    asks("/api/v1/statuses/{status}/source", {"text": str, "spoiler_text": str, "content_type": str}),
    asks("/api/v1/statuses/{status}/history", [{"content": str, "created_at": str, "account": ACCOUNT}]),
    asks("/api/v1/notifications?limit=20&include_types[]=mention&include_types[]=pleroma:report&with_muted=true", [{
        "id": str, "type": "pleroma:report", "created_at": str, "account": ACCOUNT,
        "pleroma": {"is_seen": bool}, "report": {
            "id": str, "state": "open", "content": str, "created_at": str, "account": ACCOUNT, "actor": ACCOUNT,
            "statuses": [STATUS], "notes": list}}]),
    asks("/api/v1/mutes/?with_relationships=true", EMPTY),
    asks("/api/v1/blocks/?with_relationships=true", EMPTY),
    asks("/api/v1/domain_blocks", EMPTY),
    asks("/api/v1/lists/", EMPTY),
    asks("/api/v1/follow_requests", EMPTY),
    asks("/api/v1/suggestions", list),
    asks("/api/v1/instance/peers", list),
    asks("/api/v1/announcements", list),
    asks("/api/v1/pleroma/chats", EMPTY),
    asks("/api/v1/pleroma/backups?_cacheBooster=1700000000000", EMPTY),
    asks("/api/v1/pleroma/bookmark_folders", EMPTY),
    asks("/api/pleroma/aliases?_cacheBooster=1700000000000", {"aliases": EMPTY}),
    asks("/api/pleroma/accounts/mfa", {"settings": {"enabled": bool, "totp": bool}}),
    asks("/api/pleroma/captcha", {"type": str}),
    asks("/api/oauth_tokens.json", [{"id": int, "app_name": str, "valid_until": str}]),
    asks("/api/v1/pleroma/emoji", {"meow": {"image_url": str, "tags": list}}),
    asks("/api/pleroma/emoji.json", {"meow": {"image_url": str, "tags": list}}),
    # Starting.
    asks("/api/v1/instance", {"max_toot_chars": int, "approval_required": bool, "pleroma": {
        "vapid_public_key": MAYBE, "metadata": {"birthday_required": bool, "birthday_min_age": int}}}),
    *[asks(f"/nodeinfo/{version}.json", {"openRegistrations": bool, "software": {"version": str}, "metadata": {
        "nodeName": str, "features": [str], "mailerEnabled": bool, "localBubbleInstances": list, "pollLimits": dict,
        "uploadLimits": {"general": int, "avatar": int, "background": int, "banner": int}, "fieldsLimits": dict,
        "restrictedNicknames": [str], "postFormats": [str], "suggestions": {"enabled": bool}, "private": bool,
        "federation": {"mrf_policies": [str], "enabled": bool}, "accountActivationRequired": bool,
        "staffAccounts": [str]}}) for version in ("2.0", "2.1")],
    asks("/api/pleroma/frontend_configurations", {"pleroma_fe": dict}),
    asks("/static/config.json", dict),
    # Administration.
    asks(f"{ADMIN}/users?page=1&page_size=50&filters=local,active,need_approval&query=&name=&email=", {
        "users": EMPTY, "count": 0, "page_size": 50}),
    asks(f"{ADMIN}/users?page=1&page_size=50&filters=local&query=ali&name=&email=", {
        "users": [ADMIN_USER], "count": 1}),
    asks(f"{ADMIN}/users/alice", ADMIN_USER),
    asks(f"{ADMIN}/users/{{alice}}/statuses?page_size=20&page=1&godmode=true&with_reblogs=true", [STATUS]),
    asks(f"{ADMIN}/announcements", EMPTY),
    asks(f"{ADMIN}/announcements/", EMPTY),
    asks(f"{ADMIN}/frontends", [{"name": str, "ref": str, "git": MAYBE, "build_url": MAYBE, "installed": bool,
                                 "installed_refs": list}]),
    asks(f"{V1}/emoji/packs?page=1&page_size=0", {"packs": {}, "count": 1}),
    asks(f"{V1}/emoji/packs?page=0&page_size=25", {"packs": {"cats": {"pack": dict, "files": dict}}, "count": 1}),
]
ACTS = [
    asks("/api/pleroma/admin/users/tag", method="PUT", status=204,
         json={"nicknames": ["alice"], "tags": ["mrf_tag:quarantine"]}),
    asks("/api/pleroma/admin/users/tag", method="DELETE", status=204,
         json={"nicknames": ["alice"], "tags": ["mrf_tag:quarantine"]}),
    asks("/api/pleroma/admin/users/permission_group/moderator", {"is_moderator": True}, "POST",
         json={"nicknames": ["alice"]}),
    asks("/api/pleroma/admin/users/permission_group/moderator", {"is_moderator": False}, "DELETE",
         json={"nicknames": ["alice"]}),
    *[Sends(method, "/api/pleroma/admin/users/alice/permission_group/admin", {"is_admin": method == "POST"},
            headers={"Content-Type": "text/plain;charset=UTF-8"}, body=b"[object Object]")
      for method in ("POST", "DELETE")],
    asks("/api/pleroma/admin/users/deactivate", CHANGED, "PATCH", json={"nicknames": ["alice"]}),
    asks("/api/pleroma/admin/users/activate", CHANGED, "PATCH", json={"nicknames": ["alice"]}),
    asks("/api/pleroma/admin/users/suggest", CHANGED, "PATCH", json={"nicknames": ["alice"]}),
    asks("/api/pleroma/admin/users/unsuggest", CHANGED, "PATCH", json={"nicknames": ["alice"]}),
    asks(f"{ADMIN}/users/approve", CHANGED, "PATCH", json={"nicknames": ["alice"]}),
    asks(f"{ADMIN}/users/confirm_email", method="PATCH", json={"nicknames": ["alice"]}),
    asks(f"{ADMIN}/users/resend_confirmation_email", method="PATCH", json={"nicknames": ["alice"]}),
    asks(f"{ADMIN}/users/force_password_reset", method="PATCH", json={"nicknames": ["alice"]}, status=204),
    asks(f"{ADMIN}/users/disable_mfa", method="PUT", json={"nickname": "alice"}),
    asks(f"{ADMIN}/reports", method="PATCH", json={"reports": [{"id": "{report}", "state": "resolved"}]}, status=204),
    asks(f"{ADMIN}/statuses/{{status}}", STATUS, "PUT", json={"sensitive": True}),
    asks(f"{ADMIN}/statuses/{{status}}", STATUS, "PUT", json={"visibility": "unlisted"}),
    asks(f"{ADMIN}/announcements/", ANNOUNCED, "POST", json={
        "content": "down on *Sunday*", "starts_at": "2099-01-31T10:00:00.000Z", "ends_at": None, "all_day": False}),
    asks(f"{ADMIN}/announcements", ANNOUNCED, "POST", json={"content": "up again"}),
    asks("/api/pleroma/admin/reload_emoji", method="POST"),
    asks("/api/pleroma/emoji/packs/import", list),
    asks("/api/v1/reports", {"id": str}, "POST", json={
        "account_id": "{alice}", "status_ids": ["{status}"], "comment": "", "forward": False}),
    asks("/api/v1/accounts/{alice}/follow", RELATIONSHIP, "POST", json={}),
    asks("/api/v1/accounts/{alice}/follow", RELATIONSHIP, "POST", json={"reblogs": False, "notify": True}),
    asks("/api/v1/accounts/{alice}/unfollow", RELATIONSHIP, "POST"),
    asks("/api/v1/accounts/{alice}/note", RELATIONSHIP, "POST", json={"comment": "met in May"}),
    asks("/api/v1/accounts/{alice}/remove_from_followers", RELATIONSHIP, "POST"),
    asks("/api/v1/accounts/{alice}/mute", RELATIONSHIP, "POST", json={"expires_in": 60}),
    asks("/api/v1/accounts/{alice}/unmute", RELATIONSHIP, "POST"),
    asks("/api/v1/accounts/{alice}/block", RELATIONSHIP, "POST", json={"duration": 60}),
    asks("/api/v1/accounts/{alice}/unblock", RELATIONSHIP, "POST"),
    asks("/api/v1/statuses/{status}/favourite", STATUS, "POST"),
    asks("/api/v1/statuses/{status}/unfavourite", STATUS, "POST"),
    asks("/api/v1/statuses/{status}/reblog", {"reblog": STATUS}, "POST"),
    asks("/api/v1/statuses/{status}/unreblog", STATUS, "POST"),
    asks("/api/v1/statuses/{status}/bookmark", STATUS, "POST", json={}),
    asks("/api/v1/statuses/{status}/unbookmark", STATUS, "POST"),
    asks("/api/v1/statuses/{status}/mute", STATUS, "POST"),
    asks("/api/v1/statuses/{status}/unmute", STATUS, "POST"),
    asks(f"{V1}/statuses/{{status}}/reactions/☕", STATUS, "PUT"),
    asks(f"{V1}/statuses/{{status}}/reactions/☕", STATUS, "DELETE"),
    asks("/api/v1/polls/{poll}", {"options": [{"title": str, "votes_count": (int, type(None))}]}),
    asks("/api/v1/polls/{poll}/votes", {"voted": True}, "POST", json={"choices": [0]}),
    form("POST", "/api/v1/statuses", [
        ("status", "hello"), ("source", "Pleroma FE"), ("visibility", "public"), ("content_type", "text/plain"),
        ("poll[expires_in]", "600"), ("poll[multiple]", "false"), ("poll[options][]", "a"), ("poll[options][]", "b")],
        {**STATUS, "poll": {"multiple": False}}),
    form("POST", "/api/v1/statuses", [("status", "hello"), ("preview", "true"), ("content_type", "text/plain")],
         {"content": str, "pleroma": dict}),
    form("PATCH", "/api/v1/accounts/update_credentials", [
        ("note", "hi"), ("fields_attributes[0][name]", "a"), ("fields_attributes[0][value]", "b")],
        {**ACCOUNT, "fields": [{"name": "a"}]}),
    asks("/api/v1/accounts/update_credentials", ACCOUNT, "PATCH", json={
        "pleroma_settings_store": {"pleroma-fe": {"_version": 1}}}),
    asks("/api/pleroma/notification_settings?block_from_strangers=true&hide_notification_contents=false",
         {"status": "success"}, "PUT"),
    form("PUT", "/api/pleroma/notification_settings?block_from_strangers=false", [("block_from_strangers", "false")],
         {"status": "success"}),
    form("POST", f"{V1}/notifications/read", [("max_id", "99999")], list),
    asks("/api/v1/domain_blocks", {}, "POST", json={"domain": "bad.example"}),
    asks("/api/v1/domain_blocks", {}, "DELETE", json={"domain": "bad.example"}),
    asks("/api/v1/lists/", {"id": str, "title": "friends"}, "POST", json={"title": "friends"}),
    asks(f"{V1}/bookmark_folders", {"id": str, "name": "later", "emoji": MAYBE}, "POST", json={
        "name": "later", "emoji": "🐈"}),
    asks(f"{V1}/backups", method="POST", reads=list),
    asks("/api/pleroma/aliases", {"status": "success"}, "PUT", json={"alias": "alice"}),
    asks("/api/pleroma/aliases", {"status": "success"}, "DELETE", json={"alias": "alice"}),
    asks(f"{V1}/chats/by-account-id/{{alice}}", {"id": str, "account": ACCOUNT, "unread": int}, "POST"),
    form("POST", "/api/pleroma/change_password", [
        ("password", "wrong"), ("new_password", "x"), ("new_password_confirmation", "x")], {"error": str}),
    asks(f"{ADMIN}/users?nickname=bob", ["bob"], "DELETE"),
    asks(f"{ADMIN}/users/", ["alice"], "DELETE", json={"nicknames": ["alice"]}),
]
SETTINGS = [
    asks(f"{ADMIN}/config", {"configs": [{"key": ":instance", "db": [":name"]}]}, "POST", json={"configs": [
        {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":name", "Cats"]}]}]}),
    asks(f"{ADMIN}/config", {"configs": [{"key": ":welcome", "db": [":direct_message"]}]}, "POST", json={"configs": [
        {"group": ":pleroma", "key": ":welcome", "value": [{"tuple": [":direct_message", {
            ":enabled": True, ":message": "hello", ":sender_nickname": "alice"}]}]}]}),
    asks(f"{ADMIN}/config", {"configs": [{"key": ":instance"}]}, "POST", json={"configs": [
        {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":quarantined_instances", {
            "bad.example": "spam", "worse.example": ""}]}]}]}),
    asks(f"{ADMIN}/config", {"configs": [{"key": ":instance"}]}, "POST", json={"configs": [
        {"group": ":pleroma", "key": ":instance", "delete": True, "subkeys": [":name"]}]}),
]
WITH_THE_COOKIE = [
    Sends("GET", f"{V1}/emoji/packs?page=1&page_size=0", PACKS),
    Sends("POST", f"{V1}/emoji/pack?name=dogs", "ok"),
    form("POST", f"{V1}/emoji/packs/files?name=dogs", [("shortcode", "woof"), ("filename", "woof.png")],
         {"woof": "woof.png"}, file=("file", ("blob", picture(), "image/png"))),
    Sends("PATCH", f"{V1}/emoji/packs/files?name=dogs", {"bark": "bark.png"}, json={
        "shortcode": "woof", "new_shortcode": "bark", "new_filename": "bark.png", "force": True}),
    Sends("DELETE", f"{V1}/emoji/packs/files?name=dogs&shortcode=bark", {}),
    Sends("PATCH", f"{V1}/emoji/pack?name=dogs", {"license": "CC0"}, json={"metadata": {"license": "CC0"}}),
    Sends("POST", "/api/pleroma/admin/reload_emoji", "ok"),
    Sends("DELETE", f"{V1}/emoji/pack?name=dogs", "ok"),
]


@pytest.fixture
def world(admin, alice, bob, setting, drain):
    """Someone who posted and was reported, a follower, a pack, a frontend."""
    setting(frontends_available='[{"name": "pleroma-fe", "ref": "develop"}]')
    bob.follows(alice)
    posted = alice.posts("hello", poll={"options": ["yes", "no"], "expires_in": 3600})
    report = bob.post("/api/v1/reports", json={
        "account_id": alice.id, "status_ids": [posted["id"]], "comment": "rude"}).json["id"]
    admin.post("/api/pleroma/emoji/pack", {"name": "cats"})
    admin.post("/api/pleroma/emoji/packs/files", {"name": "cats"}, form={"shortcode": "meow"},
               files={"file": ("meow.png", picture(), "image/png")})
    drain()
    return {"alice": alice.id, "bob": bob.id, "status": posted["id"], "poll": posted["poll"]["id"], "report": report}


def test_every_screen_finds_what_it_reads(admin, world):
    play(SHOWN, admin, world)


def test_every_act_is_understood_as_it_is_sent(admin, world):
    play(ACTS, admin, world)


def as_its_store_keeps(value):
    """Lists of keys and values become maps."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "tuple" in value[0]:
        return {each["tuple"][0]: as_its_store_keeps(each["tuple"][1]) for each in value}
    return value


def test_its_screen_of_frontends_lets_one_answer_browsers(admin, setting):
    """It asks for that as for a setting, all or nothing with the settings beside it."""
    setting(configurable_from_database=True)
    installs(admin)

    def asks(ref, *beside):
        frontend = {"group": ":pleroma", "key": ":frontends", "value": [{"tuple": [":primary", {
            "name": "tiny", "ref": ref}]}]}
        return admin.post(f"{ADMIN}/config", json={"configs": [frontend, *beside]})

    def primary():
        config = {each["key"]: each["value"] for each in admin.get(f"{ADMIN}/config").json["configs"]}
        return as_its_store_keeps(config[":frontends"])[":primary"]

    name = {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":name", "Harbour"]}]}
    wrong = {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":name", 5]}]}
    refused = [asks("2", name), asks("1", wrong)]

    assert [each.status for each in refused] == [400, 400]
    assert (primary(), admin.get(f"{ADMIN}/config?only_db=true").json["configs"]) == ({"name": "", "ref": ""}, [])
    assert asks("1", name).status == 200
    assert primary() == {"name": "tiny", "ref": "1"}


def test_the_screens_of_settings_find_what_they_cannot_do_without(admin, setting):
    setting(configurable_from_database=True)
    config = {each["key"]: as_its_store_keeps(each["value"]) for each in admin.get(f"{ADMIN}/config").json["configs"]}
    described = {each["key"]: {child["key"]: child for child in each["children"]}
                 for each in admin.get(f"{ADMIN}/config/descriptions").json}

    assert config[":http"][":adapter"] == []
    assert config[":frontends"][":primary"] == {"name": "", "ref": ""}
    assert config["Pleroma.Captcha"][":enabled"] in (True, False)
    assert (config[":ldap"][":enabled"], config[":media_proxy"][":enabled"]) == (False, True)
    assert described["Pleroma.Web.Metadata"][":providers"]["suggestions"]
    assert described[":instance"].keys() <= config[":instance"].keys()


def test_settings_are_taken_in_the_forms_that_it_sends(admin, setting):
    setting(configurable_from_database=True)

    play(SETTINGS, admin, {})

    shown = {each["key"]: as_its_store_keeps(each["value"]) for each in admin.get(f"{ADMIN}/config").json["configs"]}
    assert shown[":instance"][":name"] == "Kenoma"
    assert shown[":instance"][":quarantined_instances"] == {"bad.example": "spam", "worse.example": ""}
    assert shown[":welcome"][":direct_message"][":message"] == "hello"


def test_without_settings_in_the_database_it_is_told_so_by_the_word_it_looks_for(admin):
    reply = admin.get(f"{ADMIN}/config", headers=JSON)

    assert reply.status == 400
    assert "configurable_from_database" in reply.json["error"]


def test_it_signs_in_and_works_on_emoji_with_the_cookie_alone(admin):
    app = Person().post("/api/v1/apps", files={"": ("", b"", "")}, form={
        "client_name": "PleromaFE_2.10", "website": "https://pleroma.social",
        "redirect_uris": "https://kenoma.test/oauth-callback", "scopes": "read write follow push admin"}).json
    keys = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    own = Person().post("/oauth/token", form={**keys, "grant_type": "client_credentials"})
    given = Person().post("/oauth/token", form={
        **keys, "grant_type": "password", "username": "admin", "password": PASSWORD})

    assert own.json["access_token"]
    cookie = given.headers["set-cookie"].partition(";")[0]
    play([each.with_headers({"Cookie": cookie, "Origin": "http://kenoma.test", "Sec-Fetch-Site": "same-origin"})
          for each in WITH_THE_COOKIE], Person(), {})
