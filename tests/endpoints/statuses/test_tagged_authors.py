"""Authors whom an administrator has tagged: what becomes of their statuses and reblogs, with all that follows."""

import time
from datetime import UTC, datetime

import pytest

from chalicelib.jobs.sweep import sweep
from chalicelib.store.accounts.accounts import Account
from chalicelib.store.dynamo.table import update
from tests.endpoints.statuses.acting import act
from tests.pictures import picture

PUBLIC = "/api/v1/timelines/public"


def tag(person, *tags):
    update(Account.stub(person.id, "P"), [Account.tags.set([f"mrf_tag:{each}" for each in tags])])


def uploads(person):
    reply = person.post("/api/v1/media", files={"file": ("a.png", picture(), "image/png")})
    assert reply.status == 200, reply.body
    return reply.json["id"]


def ids(person, path, **params):
    return [each["id"] for each in person.get(path, params).json]


@pytest.fixture
def fan(bob, alice):
    """Bob, who follows alice."""
    bob.follows(alice)
    return bob


# Visibility.


def test_a_sandboxed_author_reaches_followers_only(alice, fan, carol, anonymous, drain):
    tag(alice, "sandbox")

    status = alice.posts("secret gardens #garden", visibility="public")
    drain()

    id = status["id"]
    assert status["visibility"] == "private"
    assert fan.get(f"/api/v1/statuses/{id}").json["visibility"] == "private"
    assert carol.get(f"/api/v1/statuses/{id}").status == anonymous.get(f"/api/v1/statuses/{id}").status == 404
    assert fan.home() == alice.home() == [id]
    assert ids(carol, PUBLIC) == ids(carol, "/api/v1/timelines/tag/garden") == []
    assert ids(carol, f"/api/v1/accounts/{alice.id}/statuses") == []
    assert carol.get("/api/v2/search", {"q": "gardens"}).json["statuses"] == []


def test_a_sandboxed_status_is_not_counted(alice, anonymous):
    tag(alice, "sandbox")

    status = alice.posts("x")

    assert status["account"]["statuses_count"] == 0
    assert alice.account.statuses_count == 0
    assert anonymous.get("/api/v1/instance").json["stats"]["status_count"] == 0


def test_a_sandboxed_reply_is_addressed_as_a_private_one(alice, bob, carol):
    parent = bob.posts("hello")
    tag(alice, "sandbox")

    status = alice.posts("@carol look", in_reply_to_id=parent["id"])

    assert (status["visibility"], status["in_reply_to_id"]) == ("private", parent["id"])
    assert carol.get(f"/api/v1/statuses/{status['id']}").status == 200
    assert bob.get(f"/api/v1/statuses/{status['id']}").status == 404
    assert bob.get("/api/v1/notifications").json == []
    assert bob.get(f"/api/v1/statuses/{parent['id']}").json["replies_count"] == 0


def test_an_unlisted_author_is_in_no_public_timeline(alice, fan, carol, drain):
    tag(alice, "force-unlisted")

    status = alice.posts("hello #garden", visibility="public")
    drain()

    assert status["visibility"] == "unlisted"
    assert status["account"]["statuses_count"] == alice.account.statuses_count == 1
    assert carol.get(f"/api/v1/statuses/{status['id']}").status == 200
    assert ids(carol, PUBLIC) == ids(carol, "/api/v1/timelines/tag/garden") == []
    assert ids(carol, f"/api/v1/accounts/{alice.id}/statuses") == fan.home() == [status["id"]]


def test_what_a_tagged_author_says_to_few_stays_so(alice, carol):
    tag(alice, "sandbox", "force-unlisted")

    assert [alice.posts("@carol x", visibility=word)["visibility"] for word in ("private", "direct")] == [
        "private", "direct"]


def test_tags_act_from_the_moment_they_are_given_until_they_are_taken(alice):
    before = alice.posts("before")["id"]
    tag(alice, "sandbox")
    within = alice.posts("within")["id"]
    tag(alice, "elsewhere")
    after = alice.posts("after")["id"]

    assert [alice.get(f"/api/v1/statuses/{id}").json["visibility"] for id in (before, within, after)] == [
        "public", "private", "public"]


def test_a_preview_shows_what_it_would_become(alice):
    tag(alice, "sandbox", "media-strip")

    shown = alice.posts("x", preview=True, media_ids=[uploads(alice)])

    assert (shown["visibility"], shown["media_attachments"]) == ("private", [])


def test_tags_act_when_a_scheduled_status_is_posted(alice, drain, monkeypatch):
    moment = datetime.fromtimestamp(time.time() + 3600, UTC).isoformat()
    reply = alice.post("/api/v1/statuses", json={"status": "later", "scheduled_at": moment, "visibility": "public",
                                                 "media_ids": [uploads(alice)]})
    assert reply.json["params"]["visibility"] == "public"
    tag(alice, "sandbox", "media-force-nsfw")
    real = time.time
    monkeypatch.setattr("time.time", lambda: real() + 3601)

    sweep()
    drain()

    (shown,) = alice.get(f"/api/v1/accounts/{alice.id}/statuses").json
    assert (shown["visibility"], shown["sensitive"]) == ("private", True)


# Media.


def test_media_are_stripped(alice, fan, aws, drain):
    upload = uploads(alice)
    tag(alice, "media-strip")

    status = alice.posts("look", media_ids=[upload])
    drain()

    assert status["media_attachments"] == []
    assert fan.get(f"/api/v1/statuses/{status['id']}").json["media_attachments"] == []
    assert ids(alice, f"/api/v1/accounts/{alice.id}/statuses", only_media=True) == []
    described = alice.put(f"/api/v1/media/{upload}", json={"description": "not shown"})
    assert described.status == 200


def test_of_media_alone_nothing_would_be_left(alice):
    upload = uploads(alice)
    tag(alice, "media-strip")

    reply = alice.post("/api/v1/statuses", json={"media_ids": [upload]})

    assert (reply.status, reply.json) == (422, {"error": "Cannot post an empty status without attachments"})


def test_media_become_sensitive_and_tagged(alice, carol, drain):
    tag(alice, "media-force-nsfw")

    plain, shown = alice.posts("x"), alice.posts("#cat", media_ids=[uploads(alice)])
    drain()

    assert (plain["sensitive"], plain["tags"]) == (False, [])
    assert shown["sensitive"] is True
    assert [each["name"] for each in shown["tags"]] == ["cat", "nsfw"]
    assert ids(carol, "/api/v1/timelines/tag/nsfw") == [shown["id"]]


def test_who_says_nsfw_has_it_once(alice):
    tag(alice, "media-force-nsfw")

    shown = alice.posts("#nsfw", media_ids=[uploads(alice)])

    assert [each["name"] for each in shown["tags"]] == ["nsfw"]


# Reblogs.


def test_a_sandboxed_account_reblogs_to_followers_only(alice, fan, carol, drain):
    original = carol.posts("worth seeing")["id"]
    tag(alice, "sandbox")

    reblog = act(alice, original, "reblog").json
    drain()

    assert (reblog["visibility"], reblog["reblog"]["visibility"]) == ("private", "public")
    assert fan.home() == [reblog["id"]]
    assert ids(carol, f"/api/v1/accounts/{alice.id}/statuses") == []
    assert carol.get(f"/api/v1/statuses/{original}").json["reblogs_count"] == 1
    assert act(alice, original, "unreblog").json["reblogs_count"] == 0


def test_an_unlisted_account_reblogs_unlisted(alice, carol):
    tag(alice, "force-unlisted")

    assert act(alice, carol.posts("x")["id"], "reblog").json["visibility"] == "unlisted"


def test_what_a_tag_costs(alice, cast):
    dora = cast.person("dora")
    tag(dora, "sandbox", "media-strip")

    untagged, tagged = (each.post("/api/v1/statuses", json={"status": "x"}) for each in (alice, dora))

    assert (tagged.calls, tagged.rounds) == (untagged.calls, untagged.rounds)
