"""The refusals that the API documents, word for word, for a set of endpoints that stands for all."""

from __future__ import annotations

import pytest

from tests.cast import Person
from tests.hostile.world import ENDPOINTS, UNKNOWN, World, changes_nothing, has_good_form

STATUSES, FOLLOW = "/api/v1/statuses", "/api/v1/accounts/{bob}/follow"
TEXTS: list[tuple[str, str, str, object, int, str]] = [
    # who, method, path, JSON, status, error
    ("nobody", "POST", STATUSES, {"status": "a"}, 403, "Invalid credentials."),
    ("somebody", "POST", STATUSES, {"status": "a"}, 403, "Invalid credentials."),
    ("app", "POST", STATUSES, {"status": "a"}, 403, "Invalid credentials."),
    ("narrow", "POST", STATUSES, {"status": "a"}, 403, "Insufficient permissions: write:statuses."),
    ("narrow", "POST", FOLLOW, {}, 403, "Insufficient permissions: follow | write:follows."),
    ("narrow", "POST", "/api/pleroma/follow_import", {"list": "a"}, 403,
     "Insufficient permissions: follow | write:follows."),
    ("alice", "POST", "/api/v1/accounts", {"username": "a", "password": "b", "agreement": True}, 403,
     "Invalid credentials"),
    # Parameters are checked before scopes, and after the user.
    ("nobody", "POST", STATUSES, {"status": {}}, 403, "Invalid credentials."),
    ("narrow", "POST", STATUSES, {"status": {}}, 400, "status - Invalid string. Got: object."),
    ("alice", "POST", STATUSES, {"visibility": "secret"}, 400, "secret - Invalid value for enum."),
    ("alice", "POST", STATUSES, {"scheduled_at": "tomorrow"}, 400,
     'scheduled_at - Invalid format. Expected :"date-time".'),
    ("alice", "POST", STATUSES, {"status": 1, "expires_in": "soon"}, 400,
     "status - Invalid string. Got: integer. expires_in - Invalid integer. Got: string."),
    ("nobody", "POST", "/api/v1/apps", {}, 400, "Missing field: client_name. Missing field: redirect_uris."),
    ("nobody", "POST", "/api/v1/apps", {"client_name": None, "redirect_uris": "a"}, 400,
     "client_name - null value where string expected."),
    ("alice", "POST", FOLLOW, {"reblogs": "maybe"}, 400, "reblogs - Invalid boolean. Got: string."),
    ("alice", "GET", "/api/v1/timelines/home?limit=many", None, 400, "limit - Invalid integer. Got: string."),
    # What is addressed.
    ("alice", "GET", f"/api/v1/statuses/{UNKNOWN}", None, 404, "Record not found"),
    ("alice", "DELETE", f"/api/v1/statuses/{UNKNOWN}", None, 404, "Record not found"),
    ("alice", "GET", f"/api/v1/statuses/{UNKNOWN}/context", None, 404, "Record not found"),
    ("alice", "GET", f"/api/v1/accounts/{UNKNOWN}", None, 404, "Can't find user"),
    ("alice", "POST", f"/api/v1/accounts/{UNKNOWN}/follow", {}, 404, "Record not found"),
    ("alice", "POST", "/api/v1/accounts/{alice}/follow", {}, 400, "Can not follow yourself"),
    ("alice", "POST", "/api/v1/accounts/{alice}/unfollow", {}, 400, "Can not unfollow yourself"),
    ("alice", "POST", "/api/v1/accounts/{bob}/unfollow", {}, 400, "Not subscribed!"),
    ("alice", "POST", "/api/v1/follows", {"uri": "nobody@elsewhere.example"}, 404, "Record not found"),
    ("alice", "PUT", "/api/v1/pleroma/statuses/{status}/reactions/a", None, 400, "Could not add reaction emoji"),
    ("alice", "DELETE", "/api/v1/pleroma/statuses/{status}/reactions/😀", None, 400, "Could not remove reaction emoji"),
    ("alice", "POST", STATUSES, {"status": ""}, 422, "Cannot post an empty status without attachments"),
    ("alice", "POST", STATUSES, {"status": "x" * 5_001}, 422, "The status is over the character limit"),
    ("alice", "POST", "/api/pleroma/follow_import", {}, 400, "Missing field: list."),
    # Tokens.
    ("nobody", "POST", "/oauth/token", {"grant_type": "magic"}, 400, "Bad request"),
    ("nobody", "POST", "/oauth/token", {"grant_type": "password", "username": "a", "password": "b"}, 400,
     "Invalid credentials"),
    ("nobody", "POST", "/oauth/token", {"grant_type": "authorization_code", "code": "a"}, 400, "Invalid credentials"),
    ("nobody", "POST", "/oauth/token", {"grant_type": "client_credentials"}, 400, "Invalid credentials"),
    ("nobody", "GET", "/nodeinfo/9.9", None, 404, "Nodeinfo schema version not handled"),
]


@changes_nothing
@pytest.mark.parametrize(("who", "method", "path", "sent", "status", "error"), TEXTS)
def test_the_text_is_the_documented_one(world: World, who, method, path, sent, status, error):
    people = {"nobody": Person(), "somebody": Person(token="x"), "app": world.app, "narrow": world.narrow,
              "alice": world.alice}
    path = path.format(alice=world.alice.id, bob=world.bob.id, status=world.status_id)

    reply = people[who].request(method, path, json=sent)

    assert (reply.status, reply.json["error"]) == (status, error)
    has_good_form(reply)


def test_several_faults_are_listed_one_by_one(world: World):
    reply = world.alice.post("/api/v1/statuses", json={"status": 1, "expires_in": "soon", "to": {"a": 1}})

    assert reply.status == 400
    assert [(each["title"], each["source"]["pointer"]) for each in reply.json["errors"]] == [
        ("Invalid value", "/status"), ("Invalid value", "/to"), ("Invalid value", "/expires_in")]
    assert reply.json["errors"][0]["message"] == "Invalid string. Got: integer"


def test_the_witness_sees_what_is_written(world: World):
    """Otherwise the tests above would mean nothing."""
    posting = next(each for each in ENDPOINTS if (each.method, each.path) == ("POST", "/api/v1/statuses"))
    before = world.snapshot()

    assert world.attempt(posting, "a good one", json={"status": "hello"}).status == 200

    assert {"TransactWriteItems", "SendMessageBatch"} <= {operation for operation, _ in world.witness.written}
    assert world.snapshot() != before
