"""Bookmarks."""

from __future__ import annotations

from tests.endpoints.statuses.acting import act, ids, show, unread


def test_a_bookmark_is_private_and_tells_nobody(alice, bob, status):
    reply = act(bob, status, "bookmark")

    assert (reply.status, reply.json["bookmarked"]) == (200, True)
    assert show(alice, status)["bookmarked"] is False
    assert unread(alice) == 0
    assert act(bob, status, "bookmark").status == 200


def test_unbookmarking_is_harmless(bob, status):
    act(bob, status, "bookmark")

    assert act(bob, status, "unbookmark").json["bookmarked"] is False
    assert act(bob, status, "unbookmark").status == 200
    assert ids(bob.get("/api/v1/bookmarks")) == []


def test_bookmarks_are_paged_by_numbers(alice, bob):
    made = [alice.posts(text)["id"] for text in "abc"]
    for id in made:
        act(bob, id, "bookmark")

    page = bob.get("/api/v1/bookmarks", {"limit": 2})
    rest = bob.get("/api/v1/bookmarks", page.links()["next"])

    assert (ids(page), ids(rest)) == ([made[2], made[1]], [made[0]])
    assert all(int(link["max_id" if name == "next" else "min_id"]) < 2**53 for name, link in page.links().items())
    assert ids(bob.get("/api/v1/bookmarks", rest.links()["prev"])) == [made[2], made[1]]
    assert ids(bob.get("/api/v1/bookmarks", {"max_id": "nonsense"})) == []
