"""`languages` of a follow: which statuses of an account come home."""

from __future__ import annotations

import pytest


@pytest.fixture
def limited(alice, bob, drain):
    """Alice follows Bob in German and in any Portuguese."""
    alice.follows(bob)
    alice.post(f"/api/v1/accounts/{bob.id}/follow", json={"languages": ["de", "pt"]})
    drain()


def posted(person, drain, **said):
    ids = {text: person.posts(text, **more)["id"] for text, more in said.items()}
    drain()
    return ids


def ids_of(person, path):
    return [each["id"] for each in person.get(path).json]


@pytest.mark.usefixtures("limited")
def test_home_has_what_is_in_these_languages_or_says_none(alice, bob, drain):
    ids = posted(bob, drain, german={"language": "de"}, brazilian={"language": "pt-BR"}, dutch={"language": "nl"},
                 none={})

    assert set(ids_of(alice, "/api/v1/timelines/home")) == {ids["german"], ids["brazilian"], ids["none"]}
    assert ids["dutch"] in ids_of(alice, f"/api/v1/accounts/{bob.id}/statuses")
    assert ids["dutch"] in ids_of(alice, "/api/v1/timelines/public")


@pytest.mark.usefixtures("limited")
def test_lists_leave_out_the_same(alice, bob, drain):
    list_id = alice.post("/api/v1/lists", {"title": "friends"}).json["id"]
    alice.post(f"/api/v1/lists/{list_id}/accounts", json={"account_ids": [bob.id]})

    ids = posted(bob, drain, german={"language": "de"}, dutch={"language": "nl"})

    assert ids_of(alice, f"/api/v1/timelines/list/{list_id}") == [ids["german"]]


@pytest.mark.usefixtures("limited")
def test_what_is_reblogged_may_be_in_any_language(alice, bob, carol, drain):
    dutch = carol.posts("dutch", language="nl")["id"]
    reblog = bob.post(f"/api/v1/statuses/{dutch}/reblog").json["id"]
    own = bob.posts("dutch too", language="nl")["id"]
    drain()
    alice.follows(carol)
    by_carol = carol.post(f"/api/v1/statuses/{own}/reblog").json["id"]
    drain()

    assert {reblog, by_carol} <= set(ids_of(alice, "/api/v1/timelines/home"))
    assert own not in ids_of(alice, "/api/v1/timelines/home")


@pytest.mark.usefixtures("limited")
def test_a_follow_without_languages_shows_all_again(alice, bob, drain):
    dutch = posted(bob, drain, dutch={"language": "nl"})["dutch"]
    assert alice.get("/api/v1/accounts/relationships", {"id": bob.id}).json[0]["languages"] == ["de", "pt"]

    alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    drain()
    alice.follows(bob)
    drain()

    assert dutch in ids_of(alice, "/api/v1/timelines/home")
    assert alice.get("/api/v1/accounts/relationships", {"id": bob.id}).json[0]["languages"] is None


def test_a_page_takes_as_many_calls_as_without(alice, bob, carol, drain):
    for person in (bob, carol):
        alice.follows(person)
        for number in range(5):
            person.posts(f"{number}", language="de")
    drain()
    before = alice.get("/api/v1/timelines/home")

    for person in (bob, carol):
        alice.post(f"/api/v1/accounts/{person.id}/follow", json={"languages": ["de"]})

    after = alice.get("/api/v1/timelines/home")
    assert (after.calls, after.rounds) == (before.calls, before.rounds)
    assert len(after.json) == 10
