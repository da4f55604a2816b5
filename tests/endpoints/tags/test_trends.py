"""Trends: hashtags, links and statuses that many have to do with."""

import pytest

from chalicelib.domain.tags import counting, trends
from chalicelib.store.statuses import statuses as store
from tests.endpoints.statuses.acting import ids


def names(person, path="/api/v1/trends/tags", **params):
    return [tag["name"] for tag in person.get(path, params).json]


def wants_to_be_found(person):
    assert person.patch("/api/v1/accounts/update_credentials", {"discoverable": True}).status == 200


def statuses(person, **params):
    trends.forget()
    return ids(person.get("/api/v1/trends/statuses", params))


def test_tags_are_in_fashion_by_how_many_used_them(alice, bob, carol, anonymous, drain):
    for _ in range(3):
        alice.posts("#alone")
    for person in (alice, bob):
        person.posts("#both and #Cats")
    carol.posts("#cats")
    carol.posts("#hidden", visibility="unlisted")
    drain()

    assert names(anonymous) == names(anonymous, "/api/v1/trends") == ["cats", "both", "alone"]
    assert names(anonymous, limit=1, offset=1) == ["both"]
    today = anonymous.get("/api/v1/tags/alone").json["history"][0]
    assert (today["uses"], today["accounts"]) == ("3", "1")
    shown = alice.get("/api/v1/trends/tags").json[0]
    assert shown == alice.get("/api/v1/tags/cats").json
    assert (shown["history"][0]["accounts"], shown["following"]) == ("3", False)
    assert "following" not in anonymous.get("/api/v1/trends/tags").json[0]


def test_trending_tags_take_as_many_calls_for_ten_as_for_one(alice, anonymous, drain):
    for number in range(10):
        alice.posts(f"#tag{number}x")
    drain()

    assert len(names(anonymous)) == 10
    assert anonymous.get("/api/v1/trends/tags").calls == anonymous.get("/api/v1/trends/tags", {"limit": 1}).calls == 2


def test_statuses_are_in_fashion_by_favourites_and_reblogs(alice, bob, carol, drain):
    wants_to_be_found(alice)
    plain, liked, passed_on = (alice.posts(text)["id"] for text in ("plain", "liked", "passed on"))
    sensitive = alice.posts("oh", sensitive=True)["id"]
    unlisted = alice.posts("psst", visibility="unlisted")["id"]
    for id in (liked, sensitive, unlisted):
        bob.post(f"/api/v1/statuses/{id}/favourite")
    for person in (bob, carol):
        person.post(f"/api/v1/statuses/{passed_on}/reblog")
    drain()

    assert statuses(bob) == [passed_on, liked]
    assert statuses(bob, limit=1, offset=1) == [liked]
    assert plain not in statuses(alice)


def test_statuses_of_those_who_do_not_want_to_be_found_are_not_in_fashion(alice, bob, carol):
    status = alice.posts("hello")["id"]
    bob.post(f"/api/v1/statuses/{status}/favourite")
    assert statuses(bob) == []

    wants_to_be_found(alice)
    assert statuses(bob) == statuses(carol) == [status]


@pytest.mark.parametrize("act", ["block", "mute"])
def test_whom_one_hides_is_in_fashion_for_others_only(alice, bob, carol, anonymous, act):
    wants_to_be_found(alice)
    status = alice.posts("hello")["id"]
    bob.post(f"/api/v1/statuses/{status}/favourite")
    carol.post(f"/api/v1/accounts/{alice.id}/{act}")

    assert (statuses(carol), statuses(anonymous)) == ([], [status])


def test_a_reblogged_status_stays_in_fashion_behind_all_newer_ones(alice, bob, drain, monkeypatch):
    wants_to_be_found(alice)
    status = alice.posts("hello")["id"]
    bob.post(f"/api/v1/statuses/{status}/reblog")
    drain()
    monkeypatch.setattr(trends, "NEWEST", 1)
    alice.posts("newer")

    assert statuses(bob) == [status]


def test_what_is_delivered_again_counts_once(alice, anonymous, drain):
    status = alice.posts("#cats")
    drain()
    for _ in range(2):
        counting.count([store.find(status["id"])])

    assert anonymous.get("/api/v1/tags/cats").json["history"][0]["uses"] == "1"
