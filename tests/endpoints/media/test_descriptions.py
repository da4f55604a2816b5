"""Descriptions that are mended after posting: every place that shows the picture says the new one."""

import time
from datetime import UTC, datetime

import pytest

from chalicelib.jobs.sweep import sweep
from chalicelib.store.media.uploads import MOST_PLACES
from tests import pictures
from tests.at_once import at_once
from tests.endpoints.chats.talking import chat_of, chats, heard, says
from tests.faults import before_call


def upload(person, description="old"):
    reply = person.post("/api/v1/media", form={"description": description},
                        files={"file": ("a.png", pictures.picture(), "image/png")})
    assert reply.status == 200, reply.body
    return reply.json["id"]


def mends(person, id, description="new"):
    reply = person.put(f"/api/v1/media/{id}", json={"description": description})
    assert (reply.status, reply.json["description"]) == (200, description)


def described(status):
    return [each["description"] for each in status["media_attachments"]]


def shows(person, path, **params):
    """The descriptions on the statuses of a page."""
    page = person.get(path, params).json
    return [described(each["reblog"] or each) for each in page]


@pytest.fixture
def picture(alice):
    return upload(alice)


def test_a_mended_description_is_shown_wherever_the_status_is(alice, bob, carol, drain, picture):
    bob.follows(alice)
    carol.follows(bob)
    status = alice.posts("look @bob #cats", media_ids=[picture])
    bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    bob.post(f"/api/v1/statuses/{status['id']}/bookmark")
    alice.post(f"/api/v1/statuses/{status['id']}/pin")
    answer = bob.posts("nice", in_reply_to_id=status["id"])
    drain()

    mends(alice, picture)

    for person in (alice, bob):
        assert described(person.get(f"/api/v1/statuses/{status['id']}").json) == ["new"]
    assert ["new"] in shows(alice, "/api/v1/timelines/home")
    assert ["new"] in shows(bob, "/api/v1/timelines/home")
    assert ["new"] in shows(carol, "/api/v1/timelines/home")
    assert ["new"] in shows(bob, "/api/v1/timelines/public")
    for path in ("/api/v1/timelines/tag/cats", f"/api/v1/accounts/{alice.id}/statuses", "/api/v1/favourites",
                 "/api/v1/bookmarks"):
        assert shows(bob, path) == [["new"]]
    for part in ("only_media", "pinned"):
        assert shows(bob, f"/api/v1/accounts/{alice.id}/statuses", **{part: True}) == [["new"]]
    context = bob.get(f"/api/v1/statuses/{answer['id']}/context").json
    assert described(context["ancestors"][0]) == ["new"]
    told = bob.get("/api/v1/notifications", {"exclude_types[]": "follow"}).json
    assert [(each["type"], described(each["status"])) for each in told] == [("mention", ["new"])]
    assert described(bob.get("/api/v2/search", {"q": status["url"]}).json["statuses"][0]) == ["new"]


def test_all_else_stays(alice, picture):
    other = upload(alice, "other")
    status = alice.posts("a **b**", content_type="text/markdown", media_ids=[other, picture], spoiler_text="s",
                         poll={"options": ["x", "y"], "expires_in": 60})

    mends(alice, picture)

    after = alice.get(f"/api/v1/statuses/{status['id']}").json
    expected = [status["media_attachments"][0], {**status["media_attachments"][1], "description": "new"}]
    assert after == {**status, "account": after["account"], "media_attachments": expected}


@pytest.mark.parametrize("description", ["", "日本", "\"'<b>&amp;", "x\ny"])
def test_any_description_may_come(alice, picture, description):
    status = alice.posts("", media_ids=[picture])

    mends(alice, picture, description)
    mends(alice, picture, description)

    assert described(alice.get(f"/api/v1/statuses/{status['id']}").json) == [description]


def test_it_costs_no_page_a_read(alice, bob, drain):
    mended = [upload(alice) for _ in range(3)]
    for each in mended:
        alice.posts("look", media_ids=[each])
    drain()
    before = bob.get("/api/v1/timelines/public")

    for each in mended:
        mends(alice, each)

    after = bob.get("/api/v1/timelines/public")
    assert (after.calls, after.rounds) == (before.calls, before.rounds)
    assert [described(each) for each in after.json] == [["new"]] * 3


def test_posting_with_media_takes_no_call_more(alice):
    pictures = [upload(alice) for _ in range(4)]

    with_them = alice.post("/api/v1/statuses", json={"status": "x", "media_ids": pictures})

    assert with_them.calls == 3, "the token, the uploads, one transaction"


def test_every_status_that_shows_it_changes(alice, picture):
    made = [alice.posts("", media_ids=[picture])["id"] for _ in range(3)]
    alice.delete(f"/api/v1/statuses/{made[1]}")

    mends(alice, picture)

    for id in (made[0], made[2]):
        assert described(alice.get(f"/api/v1/statuses/{id}").json) == ["new"]


def test_of_very_many_places_the_latest_change(alice, picture):
    made = [alice.posts("", media_ids=[picture])["id"] for _ in range(MOST_PLACES + 2)]

    mends(alice, picture)

    shown = [described(alice.get(f"/api/v1/statuses/{id}").json) for id in made]
    assert shown == [["old"]] * 2 + [["new"]] * MOST_PLACES


def test_only_its_owner_may(alice, bob, picture):
    status = alice.posts("", media_ids=[picture])

    assert bob.put(f"/api/v1/media/{picture}", json={"description": "new"}).status == 403
    assert alice.put(f"/api/v1/media/{picture}", json={"focus": "0,0"}).json["description"] == "old"
    assert alice.put(f"/api/v1/media/{picture}", json={"description": "x" * 5001}).status == 400

    assert described(bob.get(f"/api/v1/statuses/{status['id']}").json) == ["old"]


def test_it_may_be_mended_when_nothing_shows_it_any_more(alice, bob, drain, picture):
    status = alice.posts("", media_ids=[picture])
    message = says(alice, bob, "look", media_id=picture)
    alice.delete(f"/api/v1/statuses/{status['id']}")
    alice.delete(f"/api/v1/pleroma/chats/{chat_of(alice, bob)['id']}/messages/{message['id']}")
    drain()

    mends(alice, picture)

    assert alice.get(f"/api/v1/media/{picture}").json["description"] == "new"


def test_what_would_make_a_status_too_large_changes_nothing(alice):
    mine = [upload(alice, "日" * 5000) for _ in range(18)]
    picture = upload(alice)
    status = alice.posts("", media_ids=[*mine, picture])

    reply = alice.put(f"/api/v1/media/{picture}", json={"description": "👩‍❤️‍👨" * 5000})

    assert (reply.status, reply.json) == (400, {"error": "description_too_long"})
    assert alice.get(f"/api/v1/media/{picture}").json["description"] == "old"
    assert described(alice.get(f"/api/v1/statuses/{status['id']}").json)[-1] == "old"


def test_a_status_may_have_many_attachments_and_still_address_many(cast, alice):
    people = [cast.person(f"p{number}", password_hash="shared") for number in range(15)]
    mine = [upload(alice) for _ in range(80)]
    text = " ".join(f"@{person.nickname} #tag{number}" for number, person in enumerate(people))

    status = alice.posts(text, media_ids=mine)
    mends(alice, mine[0])

    assert described(alice.get(f"/api/v1/statuses/{status['id']}").json) == ["new", *["old"] * 79]


# At the same moment.


def test_one_that_comes_while_the_status_is_posted_is_shown(alice, picture):
    with before_call("TransactWriteItems", 1, lambda: mends(alice, picture), about="statuses"):
        status = alice.posts("", media_ids=[picture])

    assert described(status) == ["new"]
    assert described(alice.get(f"/api/v1/statuses/{status['id']}").json) == ["new"]


def test_a_status_that_comes_while_it_is_mended_shows_it(alice, picture):
    made = []

    with before_call("TransactWriteItems", 1, lambda: made.append(alice.posts("", media_ids=[picture])), about="media"):
        mends(alice, picture)

    assert described(alice.get(f"/api/v1/statuses/{made[0]['id']}").json) == ["new"]


def test_messages_and_scheduled_ones_that_come_meanwhile_show_it(alice, bob, picture):
    with before_call("TransactWriteItems", 1, lambda: mends(alice, picture), about="messages"):
        message = says(alice, bob, "look", media_id=picture)
    with before_call("TransactWriteItems", 1, lambda: mends(alice, picture, "newer"), about="scheduled"):
        entry = schedules(alice, picture)

    assert message["attachment"]["description"] == "new"
    assert heard(bob, alice)[0]["attachment"]["description"] == "newer"
    assert described(entry) == ["newer"]


def test_of_many_at_once_one_stands_everywhere(alice, bob, picture):
    status = alice.posts("", media_ids=[picture])
    says(alice, bob, "look", media_id=picture)

    at_once(*[lambda n=n: mends(alice, picture, f"new {n}") for n in range(6)])

    (last,) = described(alice.get(f"/api/v1/statuses/{status['id']}").json)
    assert alice.get(f"/api/v1/media/{picture}").json["description"] == last
    assert heard(bob, alice)[0]["attachment"]["description"] == last


def test_two_pictures_of_one_status_mended_at_once_both_change(alice):
    mine = [upload(alice), upload(alice)]
    status = alice.posts("", media_ids=mine)

    at_once(*[lambda id=id: mends(alice, id) for id in mine])

    assert described(alice.get(f"/api/v1/statuses/{status['id']}").json) == ["new", "new"]


# In chats.


def test_both_sides_of_a_chat_see_it(alice, bob, picture):
    says(alice, bob, "look", media_id=picture)

    mends(alice, picture)

    assert heard(alice, bob)[0]["attachment"]["description"] == "new"
    assert heard(bob, alice)[0]["attachment"]["description"] == "new"
    assert chats(bob)[0]["last_message"]["attachment"]["description"] == "new"


def test_who_deleted_their_side_does_not_get_it_back(alice, bob, picture):
    says(alice, bob, "look", media_id=picture)
    theirs = heard(bob, alice)[0]
    bob.delete(f"/api/v1/pleroma/chats/{chat_of(bob, alice)['id']}/messages/{theirs['id']}")

    mends(alice, picture)

    assert heard(bob, alice) == []
    assert heard(alice, bob)[0]["attachment"]["description"] == "new"


# Scheduled.


def schedules(person, picture, seconds=3600):
    when = datetime.fromtimestamp(time.time() + seconds, UTC).isoformat()
    reply = person.post("/api/v1/statuses", json={"status": "later", "media_ids": [picture], "scheduled_at": when})
    assert reply.status == 200, reply.body
    return reply.json


def test_a_scheduled_status_shows_it_before_and_after_its_time(alice, drain, monkeypatch, picture):
    entry = schedules(alice, picture)
    mends(alice, picture)

    assert described(alice.get(f"/api/v1/scheduled_statuses/{entry['id']}").json) == ["new"]
    when = datetime.fromtimestamp(time.time() + 7200, UTC).isoformat()
    moved = alice.put(f"/api/v1/scheduled_statuses/{entry['id']}", json={"scheduled_at": when}).json
    assert described(moved) == ["new"]
    mends(alice, picture, "newer")
    assert [described(each) for each in alice.get("/api/v1/scheduled_statuses").json] == [["newer"]]

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 7300)
    sweep()
    drain()
    mends(alice, picture, "newest")

    assert shows(alice, "/api/v1/timelines/home") == [["newest"]]
    assert alice.get("/api/v1/scheduled_statuses").json == []


# What else is written into the same documents.


def test_filters_read_what_is_said_now(alice, bob, picture):
    bob.post("/api/v1/filters", json={"phrase": "knights", "context": ["home"], "irreversible": True})
    status = alice.posts("@bob", media_ids=[picture])
    assert shows(bob, "/api/v1/timelines/home") == [["old"]]

    mends(alice, picture, "two knights")

    assert bob.home() == []
    mends(alice, picture, "two horses")
    assert bob.home() == [status["id"]]
