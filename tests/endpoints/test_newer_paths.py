"""Paths of newer versions of the API: clients ask for them, and go another way if they are not served."""

from __future__ import annotations

import pytest

from chalicelib import endpoints
from chalicelib.ids import new_flake
from chalicelib.web.endpoint import DECLARED, Endpoint
from chalicelib.web.kinds import PathId

endpoints.load()
NOT_SERVED = (404, {"error": "Not implemented"})
WORDS = ["unread_count", "requests", "policy", "familiar_followers", "v2", "quotes", "history", "a-word", "null",
         "undefined", "true", "Merged", "w" * 64]
NO_WORDS = ["0", "-1", "1e400", "9" * 40, "%00", "%20", "😀", "é", "w" * 65, "two%20words", "a__b", "_a", "a_"]
AT_THE_END = [each for each in DECLARED if each.in_path
              and isinstance(each.in_path[-1].kind, PathId) and each.in_path[-1].kind.is_last]


def path_to(declared: Endpoint, last: str) -> str:
    """The path with this in its last step, and unknown ids before that."""
    steps = dict.fromkeys((each.argument for each in declared.in_path), new_flake())
    return declared.path.format(**{**steps, declared.in_path[-1].argument: last})


@pytest.mark.parametrize("declared", AT_THE_END, ids=lambda each: f"{each.method} {each.path}")
def test_a_word_where_an_id_ends_the_path_is_a_path_that_is_not_served(alice, anonymous, declared):
    served = {path for each in DECLARED if each.method == declared.method for path in (each.path, *each.also)}
    folder = declared.path.rpartition("/")[0]
    for word in [word for word in WORDS if f"{folder}/{word}" not in served]:
        for asking in (alice, anonymous):
            reply = asking.request(declared.method, path_to(declared, word))
            assert (reply.status, reply.json) == NOT_SERVED, word


@pytest.mark.parametrize("declared", AT_THE_END, ids=lambda each: f"{each.method} {each.path}")
def test_what_is_neither_a_word_nor_an_id_is_an_unknown_id(alice, declared):
    sent = {"title": "x", "phrase": "x", "context": ["home"], "recipients": []}
    expected = alice.request(declared.method, path_to(declared, new_flake()), json=sent)

    for id in NO_WORDS:
        reply = alice.request(declared.method, path_to(declared, id), json=sent)
        assert (reply.status, reply.body) == (expected.status, expected.body), id
    assert expected.status in (403, 404)
    assert expected.json != NOT_SERVED[1]


def test_every_kind_of_thing_is_among_them():
    paths = {each.path.rpartition("/")[0] for each in AT_THE_END}

    assert {"/api/v1/notifications", "/api/v1/statuses", "/api/v1/lists", "/api/v1/pleroma/conversations",
            "/api/v1/pleroma/chats", "/api/v1/media", "/api/v1/polls", "/api/v1/filters",
            "/api/v1/scheduled_statuses"} <= paths


def test_a_word_before_another_counts_where_a_newer_path_has_it(alice, anonymous):
    for asking in (alice, anonymous):
        reply = asking.post("/api/v1/notifications/requests/unknown")
        assert (reply.status, reply.json) == NOT_SERVED


@pytest.mark.parametrize("word", ["move", "alias", "themes"])
def test_a_word_in_place_of_a_nickname_is_a_path_that_is_not_served(alice, anonymous, word):
    for asking in (alice, anonymous):
        reply = asking.get(f"/api/v1/accounts/{word}", {"id": [alice.id]})
        assert (reply.status, reply.json) == NOT_SERVED


@pytest.mark.parametrize("nickname", ["unread_count", "policy", "move", "undefined"])
def test_a_nickname_may_be_such_a_word(anonymous, cast, nickname):
    person = cast.person(nickname)

    assert anonymous.get(f"/api/v1/accounts/{nickname}").json["id"] == person.id
    assert anonymous.get(f"/api/v1/accounts/{nickname}/statuses").json == []


def test_an_unknown_nickname_is_an_unknown_account(anonymous, alice):
    for name in ("nobody", "no_body", "unread_count"):
        assert anonymous.get(f"/api/v1/accounts/{name}").json == {"error": "Can't find user"}
    assert anonymous.get("/api/v1/accounts/alice/followers").json == {"error": "Record not found"}


# What is below both prefixes.


@pytest.mark.parametrize("path", ["emoji", "emoji.json", "captcha", "healthcheck", "frontend_configurations",
                                  "accounts/mfa", "emoji/packs", "aliases", "admin/users", "chats", "mascot", "imports",
                                  "conversations/{id}", "accounts/{id}/scrobbles"])
def test_paths_of_pleroma_are_below_both_prefixes(admin, path):
    path = path.format(id=admin.id)

    older, newer = (admin.get(prefix + path) for prefix in ("/api/pleroma/", "/api/v1/pleroma/"))

    assert older.status == newer.status
    assert older.json.keys() == newer.json.keys() if isinstance(older.json, dict) else older.json == newer.json
    assert older.json != NOT_SERVED[1]


def test_paths_that_change_something_are_below_both_too(alice):
    for prefix in ("/api/pleroma/", "/api/v1/pleroma/"):
        reply = alice.put(f"{prefix}notification_settings", {"followers": False})
        assert (reply.status, reply.json) == (200, {"status": "success"})
        assert alice.post(f"{prefix}delete_account", {"password": "wrong"}).json == {"error": "Invalid password."}
    assert alice.get("/api/v2/pleroma/emoji").json == alice.get("/api/v1/pleroma").json == NOT_SERVED[1]
