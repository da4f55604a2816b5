"""Credentials: what administrators see and change of an account."""

import pytest

from chalicelib.settings import settings
from chalicelib.store.accounts.accounts import Account, Preferences
from chalicelib.store.dynamo.table import update
from tests.at_once import at_once
from tests.cast import PASSWORD, Person
from tests.pictures import picture

USERS = "/api/pleroma/admin/users"
OWN = "/api/v1/accounts/verify_credentials"
NOT_FOUND = (404, {"error": "Not found"})
DONE = (200, {"status": "success"})
FIELD = {"name": "a", "value": "b"}


def path(name="alice"):
    return f"{USERS}/{name}/credentials"


def outcome(reply):
    return reply.status, reply.json


def shown(admin, name="alice"):
    reply = admin.get(path(name))
    assert reply.status == 200, reply.body
    return reply.json


def change(admin, **values):
    assert outcome(admin.patch(path(), json=values)) == DONE
    return shown(admin)


def refused(admin, **values):
    """What is said of a change that is refused. Checks that nothing has changed and nothing is logged."""
    before, entries = shown(admin), logged(admin)
    reply = admin.patch(path(), json=values)
    assert (shown(admin), logged(admin)) == (before, entries)
    assert reply.status == 400
    assert reply.json.keys() == {"errors"}
    return reply.json["errors"]


def logged(admin):
    return [each["message"] for each in admin.get("/api/pleroma/admin/moderation_log").json["items"]]


def signs_in(name, password, cast):
    return Person().post("/oauth/token", form={
        "grant_type": "password", "client_id": cast.app.client_id, "client_secret": cast.app.secret,
        "username": name, "password": password, "scope": "read"})


# Reading.


def test_a_new_account_has_the_usual_values(admin, alice):
    assert shown(admin) == {
        "actor_type": "Person", "allow_following_move": True, "avatar": "http://kenoma.test/images/avi.png",
        "background": None, "banner": "http://kenoma.test/images/banner.png", "bio": "", "default_scope": "public",
        "discoverable": False, "email": "alice@localhost.localdomain", "fields": [], "hide_favorites": True,
        "hide_followers": False, "hide_followers_count": False, "hide_follows": False, "hide_follows_count": False,
        "id": alice.id, "is_discoverable": False, "is_locked": False, "locked": False, "name": "alice",
        "nickname": "alice", "no_rich_text": False, "pleroma_settings_store": {}, "raw_fields": [], "show_role": True,
        "skip_thread_containment": False,
    }


def test_what_people_say_of_themselves_is_shown_as_typed_and_as_read(admin, alice):
    alice.patch("/api/v1/accounts/update_credentials", json={
        "display_name": "Alice", "note": "see https://example.com", "locked": True, "discoverable": True,
        "fields_attributes": [{"name": "home", "value": "https://example.com"}],
        "pleroma_settings_store": {"a": {"b": 1}}})

    seen = shown(admin)

    assert (seen["name"], seen["is_locked"], seen["locked"]) == ("Alice", True, True)
    assert (seen["discoverable"], seen["is_discoverable"]) == (True, True)
    assert '<a href="https://example.com"' in seen["bio"]
    assert seen["raw_fields"] == [{"name": "home", "value": "https://example.com"}]
    assert '<a href="https://example.com"' in seen["fields"][0]["value"]
    assert seen["pleroma_settings_store"] == {"a": {"b": 1}}


@pytest.mark.parametrize("name", ["ALICE", "alice@kenoma.test", "id"])
def test_an_account_may_be_named_in_several_ways(admin, alice, name):
    named = alice.id if name == "id" else name

    assert shown(admin, named)["id"] == alice.id
    assert outcome(admin.patch(path(named), json={"name": "New"})) == DONE
    assert shown(admin)["name"] == "New"


@pytest.mark.parametrize("state", ["unknown", "deleted", "elsewhere", "long"])
def test_who_is_not_here_is_not_found(admin, alice, cast, state):
    cast.person("deleted", deleted=True)
    name = {"unknown": "nobody", "elsewhere": "alice@elsewhere.example", "long": "x" * 2_000}.get(state, "deleted")

    assert outcome(admin.get(path(name))) == NOT_FOUND
    assert outcome(admin.patch(path(name), json={"name": "New"})) == NOT_FOUND
    assert logged(admin) == []


@pytest.mark.parametrize("state", ["deactivated", "approval_pending", "confirmation_pending", "reset_pending"])
def test_whatever_the_state_of_an_account_it_may_be_changed(admin, alice, state):
    update(Account.stub(alice.id, "P"), [getattr(Account, state).set(True)])

    assert change(admin, name="New")["name"] == "New"


# Changing.


@pytest.mark.parametrize(("sent", "seen"), [
    ({"name": "Alicia"}, {"name": "Alicia"}),
    ({"bio": "hello"}, {"bio": "hello"}),
    ({"bio": ""}, {"bio": ""}),
    ({"email": "New@Example.org"}, {"email": "New@Example.org"}),
    ({"locked": True}, {"locked": True, "is_locked": True}),
    ({"is_locked": "true"}, {"locked": True, "is_locked": True}),
    ({"locked": False, "is_locked": True}, {"locked": False}),
    ({"discoverable": True}, {"discoverable": True, "is_discoverable": True}),
    ({"is_discoverable": True}, {"discoverable": True, "is_discoverable": True}),
    ({"no_rich_text": True}, {"no_rich_text": True}),
    ({"default_scope": "private"}, {"default_scope": "private"}),
    ({"hide_follows": True, "hide_followers": True, "hide_followers_count": True, "hide_follows_count": True},
     {"hide_follows": True, "hide_followers": True, "hide_followers_count": True, "hide_follows_count": True}),
    ({"hide_favorites": False, "allow_following_move": False, "show_role": False, "skip_thread_containment": True},
     {"hide_favorites": False, "allow_following_move": False, "show_role": False, "skip_thread_containment": True}),
    ({"actor_type": "Service"}, {"actor_type": "Service"}),
    ({"fields": [FIELD]}, {"fields": [FIELD], "raw_fields": [FIELD]}),
    ({"raw_fields": [FIELD]}, {"fields": [FIELD], "raw_fields": [FIELD]}),
    ({"fields": {"0": FIELD}}, {"fields": [FIELD], "raw_fields": [FIELD]}),
    ({"fields": []}, {"fields": []}),
    ({"pleroma_settings_store": {"fe": {"x": 1}}}, {"pleroma_settings_store": {"fe": {"x": 1}}}),
    ({}, {}),
    ({"name": None, "bio": None, "email": None, "password": None, "locked": None, "fields": None, "avatar": None,
      "pleroma_settings_store": None}, {}),
    ({"unknown": 1}, {}),
])
def test_each_part_may_be_changed_and_the_others_stay(admin, alice, sent, seen):
    before = shown(admin)

    assert change(admin, **sent) == {**before, **seen}
    assert logged(admin) == ["@admin updated users: @alice"]


def test_whether_chat_messages_are_accepted_may_be_changed(admin, alice):
    change(admin, accepts_chat_messages=False)

    assert alice.get(OWN).json["pleroma"]["accepts_chat_messages"] is False


def test_settings_of_frontends_are_merged(admin, alice):
    Preferences(alice.id, "F", settings_store={"a": {"x": 1}, "b": 2}).save()

    assert change(admin, pleroma_settings_store={"a": {"y": 2}})["pleroma_settings_store"] == {"a": {"y": 2}, "b": 2}


def test_others_see_the_change_and_find_the_new_name(admin, alice, bob):
    change(admin, name="Zenobia", bio="ruler")

    assert bob.get(f"/api/v1/accounts/{alice.id}").json["display_name"] == "Zenobia"
    assert [each["id"] for each in bob.get("/api/v1/accounts/search", {"q": "zenobia"}).json] == [alice.id]


@pytest.mark.parametrize("how", ["json", "form", "query", "multipart"])
def test_a_change_is_taken_in_any_encoding(admin, alice, how):
    values = {"name": "Ålice", "locked": "true"}
    match how:
        case "multipart":
            reply = admin.patch(path(), form=values, files={"avatar": ("a.png", picture(), "image/png")})
        case "query":
            reply = admin.patch(path(), values)
        case _:
            reply = admin.patch(path(), **{how: values})

    assert outcome(reply) == DONE
    assert (shown(admin)["name"], shown(admin)["locked"]) == ("Ålice", True)


def test_fields_of_a_form(admin, alice):
    reply = admin.patch(path(), form={"fields[0][name]": "a", "fields[0][value]": "b", "fields[1][name]": "c",
                                      "fields[1][value]": "d"})

    assert outcome(reply) == DONE
    assert shown(admin)["raw_fields"] == [{"name": "a", "value": "b"}, {"name": "c", "value": "d"}]


@pytest.mark.parametrize(("name", "default"), [
    ("avatar", "http://kenoma.test/images/avi.png"), ("banner", "http://kenoma.test/images/banner.png"),
    ("background", None),
])
def test_pictures_are_set_and_taken_away(admin, alice, aws, name, default):
    assert outcome(admin.patch(path(), files={name: ("x", picture(), "text/plain")})) == DONE

    url = shown(admin)[name]
    assert url.startswith("http://kenoma.test/media/")
    stored = aws.s3.list_objects_v2(Bucket=settings.bucket, Prefix="media/")["Contents"]
    assert [each["Key"] for each in stored] == [url.removeprefix("http://kenoma.test/")]
    assert change(admin, **{name: ""})[name] == default


@pytest.mark.parametrize("name", ["avatar", "banner", "background"])
def test_what_is_no_picture_is_refused(admin, alice, aws, name):
    reply = admin.patch(path(), form={"name": "New"}, files={name: ("a.png", b"no picture", "image/png")})

    assert outcome(reply) == (400, {"errors": {name: "is invalid"}})
    assert refused(admin, name="New", **{name: "http://kenoma.test/images/avi.png"}) == {name: "is invalid"}
    assert shown(admin)["name"] == "alice"
    assert aws.count("media") == 0


def test_a_picture_that_is_too_large_is_refused(admin, alice):
    reply = admin.patch(path(), files={"avatar": ("a.png", b"x" * 2_000_001, "image/png")})

    assert outcome(reply) == (413, {"error": "File is too large"})
    assert logged(admin) == []


# What is wrong.


@pytest.mark.parametrize(("sent", "errors"), [
    ({"actor_type": "Application"}, {"actor_type": "is invalid"}),
    ({"actor_type": ""}, {"actor_type": "is invalid"}),
    ({"email": "nobody"}, {"email": "has invalid format"}),
    ({"email": ""}, {"email": "has invalid format"}),
    ({"email": "ADMIN@localhost.localdomain"}, {"email": "has already been taken"}),
    ({"name": "ü" * 101}, {"name": "should be at most 100 character(s)"}),
    ({"name": ""}, {"name": "can't be blank"}),
    ({"name": " \n"}, {"name": "can't be blank"}),
    ({"bio": "ü" * 5_001}, {"bio": "should be at most 5000 character(s)"}),
    ({"fields": [{"name": "a", "value": "b"}] * 11}, {"fields": "invalid"}),
    ({"fields": [{"name": "a" * 513, "value": "b"}]}, {"fields": "invalid"}),
    ({"raw_fields": [{"name": "a", "value": "b" * 2_049}]}, {"fields": "invalid"}),
    ({"default_scope": "everybody"}, {"default_scope": "is invalid"}),
    ({"password": " "}, {"password": "can't be blank"}),
    ({"pleroma_settings_store": {"a": "x" * 250_000}}, {"pleroma_settings_store": "is too large"}),
    ({"name": "", "email": "x", "actor_type": "y", "bio": "fine"},
     {"name": "can't be blank", "email": "has invalid format", "actor_type": "is invalid"}),
])
def test_what_breaks_a_rule_is_told_by_field_and_nothing_changes(admin, alice, sent, errors):
    assert refused(admin, **{"bio": "new", "locked": True, **sent}) == errors


@pytest.mark.parametrize(("sent", "error"), [
    ({"locked": "maybe"}, "locked - Invalid boolean. Got: string."),
    ({"name": 5}, "name - Invalid string. Got: integer."),
    ({"fields": "a"}, "fields - Invalid array. Got: string."),
    ({"fields": [{"name": "a"}]}, "Missing field: value."),
    ({"pleroma_settings_store": []}, "pleroma_settings_store - Invalid object. Got: array."),
])
def test_a_wrong_type_is_refused_as_everywhere(admin, alice, sent, error):
    reply = admin.patch(path(), json=sent)

    assert (reply.status, reply.json["error"]) == (400, error)
    assert logged(admin) == []


def test_limits_are_settings(admin, alice, setting):
    setting(user_name_length=3, user_bio_length=3, max_account_fields=1, account_field_name_length=3,
            account_field_value_length=3)

    assert refused(admin, name="four", bio="four", fields=[{"name": "four", "value": "x"}]) == {
        "name": "should be at most 3 character(s)", "bio": "should be at most 3 character(s)", "fields": "invalid"}
    assert refused(admin, fields=[{"name": "a", "value": "b"}] * 2) == {"fields": "invalid"}


def test_an_address_that_is_taken_meanwhile_is_told(admin, alice, bob):
    replies = at_once(*[lambda who=who: admin.patch(path(who), json={"email": "one@example.org"})
                        for who in ("alice", "bob")])

    assert sorted(outcome(reply)[0] for reply in replies) == [200, 400]
    assert [reply.json for reply in replies if reply.status == 400] == [{"errors": {"email": "has already been taken"}}]


def test_the_old_address_becomes_free_and_the_new_one_signs_in(admin, alice, bob, cast):
    change(admin, email="new@example.org")

    assert signs_in("new@example.org", PASSWORD, cast).status == 200
    assert signs_in("alice@localhost.localdomain", PASSWORD, cast).status == 400
    assert outcome(admin.patch(path("bob"), json={"email": "alice@localhost.localdomain"})) == DONE


# A new password.


def test_a_new_password_ends_all_tokens_and_demands_yet_another(admin, alice, cast, drain):
    change(admin, password="given by hand")

    assert outcome(alice.get(OWN)) == (403, {"error": "Invalid credentials."})
    assert signs_in("alice", PASSWORD, cast).status == 400
    drain()
    assert outcome(signs_in("alice", "given by hand", cast)) == (
        403, {"error": "Password reset is required", "identifier": "password_reset_required"})
    assert logged(admin) == ["@admin forced password reset for users: @alice", "@admin updated users: @alice"]
    token = admin.get(f"{USERS}/alice/password_reset").json["token"]
    Person().post("/api/pleroma/password_reset", form={
        "data[token]": token, "data[password]": "own", "data[password_confirmation]": "own"})
    assert signs_in("alice", "own", cast).status == 200


def test_without_a_password_nobody_is_signed_out(admin, alice, cast, drain):
    change(admin, email="new@example.org", name="New", pleroma_settings_store={"a": 1})
    drain()

    assert alice.get(OWN).status == 200
    assert signs_in("alice", PASSWORD, cast).status == 200
    assert logged(admin) == ["@admin updated users: @alice"]


def test_everything_may_be_changed_at_once(admin, alice, cast, drain):
    change(admin, email="new@example.org", name="New", password="given", pleroma_settings_store={"a": 1},
           locked=True)
    drain()

    seen = shown(admin)
    assert (seen["email"], seen["name"], seen["locked"], seen["pleroma_settings_store"]) == (
        "new@example.org", "New", True, {"a": 1})
    assert alice.account.reset_pending is True


def test_of_other_servers_neither_address_nor_password_is_kept_here(admin, cast):
    cast.person("dora", host="elsewhere.example")

    assert outcome(admin.patch(path("dora"), json={"email": "x@example.org"})) == NOT_FOUND
    assert outcome(admin.patch(path("dora"), json={"password": "x"})) == NOT_FOUND
    assert outcome(admin.patch(path("dora"), json={"name": "Dora"})) == DONE


def test_two_administrators_and_the_owner_change_different_things_at_once(admin, alice, cast):
    boss = cast.person("boss", is_admin=True, scopes="admin")
    replies = at_once(
        lambda: admin.patch(path(), json={"name": "New", "pleroma_settings_store": {"a": 1}}),
        lambda: boss.patch(path(), json={"bio": "new", "pleroma_settings_store": {"b": 2}, "email": "new@example.org"}),
        lambda: alice.patch("/api/v1/accounts/update_credentials", json={"locked": True}),
    )

    assert [reply.status for reply in replies] == [200] * 3
    seen = shown(admin)
    assert (seen["name"], seen["bio"], seen["locked"], seen["email"]) == ("New", "new", True, "new@example.org")
    assert seen["pleroma_settings_store"] == {"a": 1, "b": 2}
    assert sorted(logged(admin)) == ["@admin updated users: @alice", "@boss updated users: @alice"]


def test_scopes(cast, alice):
    boss = cast.person("boss", is_admin=True, scopes="admin:write:statuses read write")

    assert outcome(boss.get(path())) == (403, {"error": "Insufficient permissions: admin:read:accounts."})
    assert outcome(boss.patch(path(), json={"name": "x"})) == (
        403, {"error": "Insufficient permissions: admin:write:accounts."})


def test_what_it_costs(admin, alice):
    seen, changed = admin.get(path()), admin.patch(path(), json={"bio": "x"})

    assert [(each.calls, each.rounds) for each in (seen, changed)] == [(4, 4), (7, 6)]


def test_the_list_by_type_follows(admin, alice):
    def services():
        listed = admin.get(USERS, {"actor_types": ["Service"]}).json
        return [each["nickname"] for each in listed["users"]], listed["count"]

    assert services() == ([], 0)

    change(admin, actor_type="Service", name="Bot", password="x", email="bot@example.org")

    assert services() == (["alice"], 1)
