"""Scheduled and expiring statuses: what happens at a time."""

import time
from datetime import UTC, datetime

import pytest

from chalicelib.domain.statuses import expiry, scheduled
from chalicelib.jobs.sweep import sweep


def at(seconds):
    return datetime.fromtimestamp(time.time() + seconds, UTC).isoformat()


@pytest.fixture
def clock(monkeypatch):
    """Move the clock: `clock(60)` is a minute later."""
    real = time.time

    def move(seconds):
        monkeypatch.setattr("time.time", lambda: real() + seconds)

    return move


def schedule(person, seconds=3600, **params):
    reply = person.post("/api/v1/statuses", json={"status": "later", "scheduled_at": at(seconds), **params})
    assert reply.status == 200, reply.body
    return reply.json


def ids(reply):
    return [each["id"] for each in reply.json]


def test_a_scheduled_status_is_kept_and_not_posted(alice, bob):
    entry = schedule(alice, spoiler_text="s", sensitive=True, visibility="unlisted", in_reply_to_id="x",
                     poll={"options": ["a"], "expires_in": 60}, media_ids=["1"], language="de", allowed_mentions=["1"])

    assert set(entry) == {"id", "scheduled_at", "params", "media_attachments"}
    assert entry["params"] == {
        "text": "later", "sensitive": True, "spoiler_text": "s", "visibility": "unlisted", "in_reply_to_id": "x",
        "scheduled_at": entry["scheduled_at"], "poll": entry["params"]["poll"], "media_ids": ["1"],
        "quoted_status_id": None, "language": "de", "allowed_mentions": ["1"], "with_rate_limit": False,
        "application_id": None,
    }
    assert alice.home() == []
    assert alice.account.statuses_count == 0
    assert ids(alice.get("/api/v1/scheduled_statuses")) == [entry["id"]]
    assert alice.get(f"/api/v1/scheduled_statuses/{entry['id']}").json == entry
    assert bob.get(f"/api/v1/scheduled_statuses/{entry['id']}").status == 404


def test_what_was_not_sent_is_null(alice):
    params = schedule(alice)["params"]

    assert (params["sensitive"], params["spoiler_text"], params["in_reply_to_id"], params["poll"]) == (None,) * 4


@pytest.mark.parametrize("asked", [{}, {"visibility": ""}, {"visibility": None}, {"in_reply_to_id": "unknown"}])
def test_the_visibility_is_the_one_that_will_apply(alice, asked):
    alice.patch("/api/v1/accounts/update_credentials", json={"source": {"privacy": "private"}})

    entry = schedule(alice, **asked)

    assert entry["params"]["visibility"] == "public"
    assert alice.get("/api/v1/scheduled_statuses").json == [entry]
    assert alice.posts("now", **asked)["visibility"] == "public", "as without a time"


@pytest.mark.parametrize("parents", ["public", "unlisted", "private", "direct"])
def test_an_answer_will_be_as_visible_as_its_parent_is_now(alice, drain, clock, parents):
    parent = alice.posts("parent", visibility=parents)["id"]

    entry = schedule(alice, in_reply_to_id=parent)
    alice.delete(f"/api/v1/statuses/{parent}")
    drain()
    clock(3601)
    sweep()
    drain()

    assert entry["params"]["visibility"] == parents
    posted = alice.get(f"/api/v1/accounts/{alice.id}/statuses").json[0]
    assert (posted["visibility"], posted["in_reply_to_id"]) == (parents, None)


def test_an_answer_within_a_conversation_will_be_direct(alice, bob):
    status = bob.posts("@alice hello", visibility="direct")
    (conversation,) = alice.get("/api/v1/conversations").json

    assert schedule(alice, in_reply_to_conversation_id=conversation["id"])["params"]["visibility"] == "direct"
    assert schedule(alice, in_reply_to_id=status["id"])["params"]["visibility"] == "direct"


def test_an_answer_to_what_one_may_not_see_will_be_no_answer(alice, bob):
    secret = bob.posts("secret", visibility="private")["id"]

    assert schedule(alice, in_reply_to_id=secret)["params"]["visibility"] == "public"


def test_an_answer_to_a_reblog_will_be_as_visible_as_the_original(alice, bob):
    status = bob.posts("hello", visibility="unlisted")["id"]
    reblog = bob.post(f"/api/v1/statuses/{status}/reblog").json["id"]

    assert schedule(alice, in_reply_to_id=reblog)["params"]["visibility"] == "unlisted"


@pytest.mark.parametrize("when", [-60, 0, 299])
def test_a_near_or_past_time_means_now(alice, when):
    reply = alice.post("/api/v1/statuses", json={"status": "now", "scheduled_at": at(when)})

    assert reply.json["content"] == "now"
    assert alice.home() == [reply.json["id"]]


def test_null_is_no_time_and_nonsense_is_an_error(alice):
    assert alice.post("/api/v1/statuses", json={"status": "x", "scheduled_at": None}).json["content"] == "x"
    reply = alice.post("/api/v1/statuses", json={"status": "x", "scheduled_at": "soon"})
    assert (reply.status, reply.json["error"]) == (
        400, 'scheduled_at - Invalid format. Expected :"date-time".')


def test_it_is_posted_at_its_time_with_all_it_says(alice, bob, drain, clock):
    schedule(alice, status="hello @bob #tag", visibility="unlisted", content_type="text/plain")

    clock(3500)
    sweep()
    drain()
    assert alice.home() == []
    clock(3601)
    sweep()
    drain()

    (posted,) = alice.get("/api/v1/timelines/home").json
    assert (posted["visibility"], posted["tags"][0]["name"]) == ("unlisted", "tag")
    assert bob.home() == [posted["id"]]
    assert alice.get("/api/v1/scheduled_statuses").json == []


def test_what_cannot_be_posted_is_gone_and_said_in_the_log(alice, clock):
    entry = schedule(alice, status="x" * 9000)
    due = int(scheduled.get(entry["id"], viewer_of(alice)).due)
    clock(3601)

    scheduled.publish(alice.id, entry["id"], due)

    assert alice.home() == []
    assert alice.get("/api/v1/scheduled_statuses").json == []


def test_an_entry_can_be_moved_and_is_posted_at_the_new_time_only(alice, clock):
    entry = schedule(alice)
    old = int(scheduled.get(entry["id"], viewer_of(alice)).due)

    moved = alice.put(f"/api/v1/scheduled_statuses/{entry['id']}", form={"scheduled_at": at(7200)})

    assert moved.json["scheduled_at"] != entry["scheduled_at"]
    clock(3601)
    scheduled.publish(alice.id, entry["id"], old)
    assert alice.home() == []
    assert alice.put(f"/api/v1/scheduled_statuses/{entry['id']}").json == moved.json


def test_an_entry_is_not_moved_near(alice):
    entry = schedule(alice)

    reply = alice.put(f"/api/v1/scheduled_statuses/{entry['id']}", json={"scheduled_at": at(200)})
    assert (reply.status, reply.json) == (422, {"error": "must be at least 5 minutes from now"})
    assert alice.put(f"/api/v1/scheduled_statuses/{entry['id']}", json={"scheduled_at": "x"}).status == 400


def test_an_entry_is_withdrawn_once(alice, bob):
    entry = schedule(alice)
    path = f"/api/v1/scheduled_statuses/{entry['id']}"

    assert bob.delete(path).status == 404
    assert alice.delete(path).json == entry
    assert alice.delete(path).json == {"error": "Record not found"}
    assert alice.put(path, json={"scheduled_at": at(9999)}).status == 404


def test_only_so_many_fit_a_day_and_in_all(alice, setting):
    setting(scheduled_daily_limit=2, scheduled_total_limit=3)
    first, _ = schedule(alice, 86400 * 3), schedule(alice, 86400 * 3)

    full = alice.post("/api/v1/statuses", json={"status": "x", "scheduled_at": at(86400 * 3)})
    assert (full.status, full.json) == (422, {"error": "daily limit exceeded"})
    third = schedule(alice, 86400 * 5)
    full = alice.post("/api/v1/statuses", json={"status": "x", "scheduled_at": at(86400 * 9)})
    assert full.json == {"error": "total limit exceeded"}
    crowded = alice.put(f"/api/v1/scheduled_statuses/{third['id']}", json={"scheduled_at": at(86400 * 3)})
    assert crowded.json == {"error": "daily limit exceeded"}
    alice.delete(f"/api/v1/scheduled_statuses/{first['id']}")
    assert schedule(alice, 86400 * 3)


def test_entries_are_paged_latest_made_first(alice):
    made = [schedule(alice, 3600 + number)["id"] for number in range(3)]

    page = alice.get("/api/v1/scheduled_statuses", {"limit": 2})

    assert ids(page) == [made[2], made[1]]
    assert ids(alice.get("/api/v1/scheduled_statuses", page.links()["next"])) == [made[0]]
    assert ids(alice.get("/api/v1/scheduled_statuses", {"min_id": made[0], "limit": 1})) == [made[1]]
    assert ids(alice.get("/api/v1/scheduled_statuses", {"max_id": made[0], "since_id": made[2]})) == []


# Expiring.


def test_an_expiring_status_says_so_to_its_author_only(alice, bob):
    status = alice.posts("soon gone", expires_in=3600)

    assert status["pleroma"]["expires_at"].endswith("Z")
    assert bob.get(f"/api/v1/statuses/{status['id']}").json["pleroma"]["expires_at"] is None


@pytest.mark.parametrize("seconds", [0, -5, 600])
def test_a_short_life_is_refused(alice, seconds):
    reply = alice.post("/api/v1/statuses", json={"status": "x", "expires_in": seconds})

    assert (reply.status, reply.json) == (422, {"error": "Expiry date is too soon"})


def test_it_is_deleted_at_its_time(alice, clock, drain):
    id = alice.posts("soon gone", expires_in=3600)["id"]
    drain()

    clock(3500)
    sweep()
    drain()
    assert alice.home() == [id]
    clock(3601)
    sweep()
    drain()

    assert alice.home() == []
    assert alice.account.statuses_count == 0


def test_a_pin_suspends_the_end_and_unpinning_restores_it(alice, clock, drain):
    id = alice.posts("pinned", expires_in=3600)["id"]
    drain()
    assert alice.post(f"/api/v1/statuses/{id}/pin").json["pleroma"]["expires_at"] is None

    clock(3601)
    expiry.expire(id)
    assert alice.home() == [id]
    alice.post(f"/api/v1/statuses/{id}/unpin")
    sweep()
    drain()

    assert alice.home() == []


def viewer_of(person):
    from chalicelib.domain.viewer import Viewer
    from chalicelib.store.accounts import accounts

    return Viewer(*accounts.find_with_hides(person.id))
