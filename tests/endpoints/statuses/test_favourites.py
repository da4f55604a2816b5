"""Favourites: of a status, of the viewer, and of an account."""

from __future__ import annotations

import pytest

from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import update
from chalicelib.store.statuses import marks
from tests.endpoints.statuses.acting import act, ids, show, unread


def test_a_favourite_is_counted_and_told(alice, bob, status):
    reply = act(bob, status, "favourite")

    assert (reply.status, reply.json["favourited"], reply.json["favourites_count"]) == (200, True, 1)
    assert reply.json == show(bob, status)
    assert unread(alice) == 1


def test_a_second_favourite_counts_once(alice, bob, status):
    act(bob, status, "favourite")

    assert act(bob, status, "favourite").json["favourites_count"] == 1
    assert unread(alice) == 1


def test_a_favourite_is_taken_back_with_its_notification(alice, bob, status):
    act(bob, status, "favourite")

    reply = act(bob, status, "unfavourite")

    assert (reply.json["favourited"], reply.json["favourites_count"]) == (False, 0)
    assert reply.json == show(bob, status)
    assert unread(alice) == 0


def test_what_is_not_favourited_cannot_be_taken_back(bob, status):
    reply = act(bob, status, "unfavourite")

    assert (reply.status, reply.json) == (400, {"error": "Could not unfavorite"})


def test_favouriting_a_reblog_favourites_the_original(bob, carol, status):
    wrapper = act(bob, status, "reblog").json["id"]

    assert act(carol, wrapper, "favourite").json["id"] == status


def test_the_list_of_favourites_is_in_the_order_of_favouriting(alice, bob):
    first, second, third = (alice.posts(text)["id"] for text in "abc")
    for id in (second, third, first):
        act(bob, id, "favourite")

    page = bob.get("/api/v1/favourites", {"limit": 2})
    rest = bob.get("/api/v1/favourites", page.links()["next"])

    assert (ids(page), ids(rest)) == ([first, third], [second])
    assert ids(bob.get("/api/v1/favourites", rest.links()["prev"])) == [first, third]
    assert ids(bob.get("/api/v1/favourites", {"limit": 0})) == []


def test_favourites_of_deleted_statuses_leave_the_list(alice, bob, status, drain):
    act(bob, status, "favourite")
    alice.delete(f"/api/v1/statuses/{status}")

    assert ids(bob.get("/api/v1/favourites")) == []
    drain()
    assert marks.find(bob.id, status) is None


def test_who_favourited_is_listed_latest_first(alice, bob, carol, anonymous, status):
    act(bob, status, "favourite")
    act(carol, status, "favourite")

    assert ids(anonymous.get(f"/api/v1/statuses/{status}/favourited_by")) == [carol.id, bob.id]
    update(ViewerSet.stub(alice.id, VIEWER_SET), [ViewerSet.blocked.add({carol.id})])
    assert ids(alice.get(f"/api/v1/statuses/{status}/favourited_by")) == [bob.id]


def test_who_favourited_can_be_hidden_by_a_setting(bob, status, setting):
    act(bob, status, "favourite")
    setting(show_reactions=False)

    assert bob.get(f"/api/v1/statuses/{status}/favourited_by").json == []


def shows_favourites(person):
    update(Account.stub(person.id, PROFILE), [Account.doc.set({**person.account.profile, "hide_favorites": False})])


def favourites(viewer, person, **params):
    return viewer.get(f"/api/v1/pleroma/accounts/{person.id}/favourites", params)


def test_favourites_are_hidden_by_default_also_from_their_owner(alice, bob):
    for viewer in (alice, bob):
        reply = favourites(viewer, bob)
        assert (reply.status, reply.json) == (403, {"error": "Can't get favorites"})


def test_shown_favourites_are_in_the_order_of_the_statuses(alice, bob, anonymous):
    shows_favourites(bob)
    made = [alice.posts(text)["id"] for text in "abc"]
    for id in (made[2], made[0], made[1]):
        bob.post(f"/api/v1/statuses/{id}/favourite")

    assert ids(favourites(anonymous, bob)) == made[::-1]
    assert ids(favourites(alice, bob, limit=1, max_id=made[2])) == [made[1]]
    assert ids(favourites(alice, bob, since_id=made[0])) == [made[2], made[1]]
    assert ids(favourites(alice, bob, min_id=made[0], limit=1)) == [made[1]]
    assert favourites(alice, bob, limit=2).links()["next"]["max_id"] == made[1]


def test_favourites_show_only_what_the_viewer_may_see(alice, bob, carol):
    shows_favourites(bob)
    bob.follows(alice)
    private = alice.posts("x", visibility="private")["id"]
    direct = alice.posts("@bob", visibility="direct")["id"]
    for id in (private, direct):
        bob.post(f"/api/v1/statuses/{id}/favourite")

    assert ids(favourites(bob, bob)) == [direct, private]
    assert ids(favourites(alice, bob)) == [direct, private]
    assert ids(favourites(carol, bob)) == []
    carol.follows(alice)
    assert ids(favourites(carol, bob)) == [private]
    update(ViewerSet.stub(carol.id, VIEWER_SET), [ViewerSet.blocked.add({alice.id})])
    assert ids(favourites(carol, bob)) == []


def test_bookmarks_in_between_do_not_count(alice, bob):
    shows_favourites(bob)
    for number in range(6):
        id = alice.posts(f"{number}")["id"]
        bob.post(f"/api/v1/statuses/{id}/{'favourite' if number == 0 else 'bookmark'}")

    assert len(favourites(alice, bob, limit=1).json) == 1


@pytest.mark.parametrize("id", ["bob", "unknown", "0" * 18])
def test_favourites_of_the_unknown_are_not_found(bob, id):
    assert bob.get(f"/api/v1/pleroma/accounts/{id}/favourites").json == {"error": "Record not found"}
