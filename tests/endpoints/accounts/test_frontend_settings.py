"""What frontends keep with an account: by the name of an app, and in Akkoma's profiles. And preferences."""

from __future__ import annotations

import pytest

from tests.at_once import at_once

APP = "/api/v1/pleroma/settings/some-fe"
OF_AKKOMA = "/api/v1/akkoma/frontend_settings/pleroma-fe"


def test_an_app_finds_what_it_has_kept(alice, bob):
    assert alice.get(APP).json == {}
    reply = alice.patch(APP, json={"theme": "dark", "columns": {"home": 1, "public": 2}, "list": [1, None]})

    assert (reply.status, reply.json) == (200, alice.get(APP).json)
    own = alice.get("/api/v1/accounts/verify_credentials").json["pleroma"]["settings_store"]
    assert own == {"some-fe": reply.json}
    assert bob.get(APP).json == {}
    assert alice.get(APP).calls == 1


def test_a_change_is_merged_level_by_level_and_null_takes_away(alice):
    alice.patch(APP, json={"theme": "dark", "columns": {"home": 1, "public": 2}})

    reply = alice.patch(APP, json={"columns": {"home": None, "list": {"a": 1}}, "theme": None, "none": None})

    assert reply.json == alice.get(APP).json == {"columns": {"public": 2, "list": {"a": 1}}}


def test_apps_do_not_disturb_each_other(alice):
    alice.patch("/api/v1/accounts/update_credentials", json={"pleroma_settings_store": {"other": {"a": 1}}})
    at_once(*[lambda n=n: alice.patch(APP, json={f"key{n}": n}) for n in range(4)])

    assert alice.get(APP).json == {f"key{n}": n for n in range(4)}
    assert alice.get("/api/v1/pleroma/settings/other").json == {"a": 1}


def test_what_is_kept_is_bounded(alice):
    assert alice.patch(APP, json={"x": "x" * 200_001}).status == 413
    assert alice.patch(f"{APP}{'x' * 300}", json={"x": 1}).status == 422
    assert alice.get(APP).json == {}


def test_settings_need_a_user_and_the_scopes(anonymous, cast):
    other = cast.person("other", scopes="read:statuses write:statuses")

    for path, method in ((APP, "GET"), (APP, "PATCH"), (OF_AKKOMA, "GET"), (f"{OF_AKKOMA}/a", "DELETE")):
        assert anonymous.request(method, path).json == {"error": "Invalid credentials."}
        assert other.request(method, path).status == 403
    assert other.get("/api/v1/preferences").status == 403


# Akkoma's profiles.


def test_profiles_of_settings(alice):
    first = alice.put(f"{OF_AKKOMA}/work", json={"settings": {"theme": "a"}, "version": 1})
    alice.put(f"{OF_AKKOMA}/home", json={"settings": {}, "version": 3})

    assert (first.status, first.json) == (200, {"theme": "a"})
    assert alice.get(f"{OF_AKKOMA}/work").json == {"settings": {"theme": "a"}, "version": 1}
    assert alice.get(OF_AKKOMA).json == [{"name": "home", "version": 3}, {"name": "work", "version": 1}]
    assert alice.get("/api/v1/akkoma/frontend_settings/other").json == []
    deleted = alice.delete(f"{OF_AKKOMA}/work")
    assert (deleted.status, deleted.json) == (200, {"deleted": "ok"})
    assert alice.get(f"{OF_AKKOMA}/work").status == alice.delete(f"{OF_AKKOMA}/work").status == 404


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_profile_is_written_only_over_the_version_before(alice, version):
    alice.put(f"{OF_AKKOMA}/work", json={"settings": {"a": 1}, "version": 1})

    reply = alice.put(f"{OF_AKKOMA}/work", json={"settings": {"a": 2}, "version": version})

    assert (reply.status, reply.json) == (422, {"error": "version must be incremented by 1"})
    assert alice.put(f"{OF_AKKOMA}/work", json={"settings": {"a": 3}, "version": 2}).json == {"a": 3}


# Preferences.


def test_preferences_follow_the_profile(alice):
    alice.patch("/api/v1/accounts/update_credentials", {"default_scope": "private"})

    reply = alice.get("/api/v1/preferences")

    assert (reply.status, reply.calls) == (200, 1)
    assert reply.json == {
        "posting:default:visibility": "private", "posting:default:sensitive": False, "posting:default:language": None,
        "posting:default:quote_policy": "public", "reading:expand:media": "default", "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False}
