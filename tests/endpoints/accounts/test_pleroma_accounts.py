"""What Pleroma adds to accounts: their favourites, scrobbles, and subscriptions."""

import pytest

from chalicelib.store.accounts.accounts import PROFILE, VIEWER_SET, Account, ViewerSet
from chalicelib.store.dynamo.table import update
from chalicelib.store.relationships.relations import Relation


def ids(reply):
    return [each["id"] for each in reply.json]


def unread(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"]


def shows_favourites(person):
    update(Account.stub(person.id, PROFILE), [Account.doc.set({**person.account.profile, "hide_favorites": False})])


# Favourites.


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


# Scrobbles.


def listens(person, **params):
    return person.post("/api/v1/pleroma/scrobble", form={"title": "Some Title", **params})


def test_a_scrobble_is_noted_and_tells_nobody(alice, bob):
    reply = listens(alice, artist="Some <b>Artist</b>", album="Album", length="180000")

    assert reply.status == 200
    assert set(reply.json) == {"id", "account", "created_at", "title", "artist", "album", "length"}
    assert (reply.json["artist"], reply.json["length"]) == ("Some Artist", 180000)
    assert reply.json["account"]["id"] == alice.id
    assert alice.home() == []
    assert alice.account.statuses_count == 0
    for id in (alice.id, "alice"):
        assert bob.get(f"/api/v1/pleroma/accounts/{id}/scrobbles").json[0]["id"] == reply.json["id"]


def test_what_is_missing_is_empty_and_a_title_is_needed(alice):
    reply = listens(alice)
    assert (reply.json["artist"], reply.json["album"], reply.json["length"]) == ("", "", None)

    missing = alice.post("/api/v1/pleroma/scrobble")
    assert (missing.status, missing.json["error"]) == (400, "Missing field: title.")
    assert listens(alice, length="long").status == 400


def test_scrobbles_need_the_whole_scope(cast):
    writer = cast.person("writer", scopes="write:statuses read")

    assert listens(writer).json == {"error": "Insufficient permissions: write."}


def test_scrobbles_are_paged_and_shown_to_whom_they_are_for(alice, bob, carol, anonymous):
    bob.follows(alice)
    made = {visibility: listens(alice, visibility=visibility).json["id"]
            for visibility in ("public", "unlisted", "private", "direct")}
    path = f"/api/v1/pleroma/accounts/{alice.id}/scrobbles"

    assert ids(alice.get(path)) == list(made.values())[::-1]
    assert ids(bob.get(path)) == [made["private"], made["unlisted"], made["public"]]
    assert ids(carol.get(path)) == ids(anonymous.get(path)) == [made["unlisted"], made["public"]]
    page = bob.get(path, {"limit": 2})
    assert ids(bob.get(path, page.links()["next"])) == [made["public"]]
    assert ids(bob.get(path, {"min_id": made["public"], "limit": 1})) == [made["unlisted"]]
    assert bob.get("/api/v1/pleroma/accounts/nobody/scrobbles").json == {"error": "Record not found"}


# Subscriptions.


def subscribe(viewer, person):
    return viewer.post(f"/api/v1/pleroma/accounts/{person.id}/subscribe")


def unsubscribe(viewer, person):
    return viewer.post(f"/api/v1/pleroma/accounts/{person.id}/unsubscribe")


def test_a_subscriber_hears_of_every_new_status(alice, bob, drain):
    reply = subscribe(bob, alice)
    assert (reply.json["subscribing"], reply.json["following"], reply.json["id"]) == (True, False, alice.id)

    alice.posts("news")
    alice.posts("@bob news")
    drain()

    assert unread(bob) == 2


def test_replies_and_hidden_statuses_are_no_news(alice, bob, carol, drain):
    subscribe(bob, alice)
    alice.posts("an answer", in_reply_to_id=carol.posts("x")["id"])
    alice.posts("friends only", visibility="private")
    alice.posts("@carol", visibility="direct")
    drain()
    assert unread(bob) == 0

    bob.follows(alice)
    alice.posts("friends only", visibility="private")
    drain()
    assert unread(bob) == 1


def test_hearing_twice_of_one_status_is_hearing_once(alice, bob, drain):
    from chalicelib.domain.statuses import fan_out

    subscribe(bob, alice)
    id = alice.posts("news")["id"]
    drain()
    fan_out.deliver(id)

    assert unread(bob) == 1


def test_subscribing_is_idempotent_and_ends(alice, bob, drain):
    assert [subscribe(bob, alice).json["subscribing"] for _ in range(2)] == [True, True]
    assert [unsubscribe(bob, alice).json["subscribing"] for _ in range(2)] == [False, False]

    alice.posts("news")
    drain()

    assert unread(bob) == 0
    assert bob.relationship(alice)["subscribing"] is False


def test_unfollowing_ends_a_subscription(alice, bob, drain):
    bob.follows(alice)
    subscribe(bob, alice)

    assert bob.post(f"/api/v1/accounts/{alice.id}/unfollow").json["subscribing"] is False
    alice.posts("news")
    drain()
    assert unread(bob) == 0


def test_who_is_blocked_cannot_subscribe(alice, bob):
    update(Relation.stub(bob.id, alice.id), [Relation.blocked_by.set(True)])

    reply = subscribe(bob, alice)

    assert (reply.status, reply.json) == (403, {"error": "Could not subscribe: alice is blocking you"})


def test_subscribing_to_oneself_or_nobody(bob):
    assert subscribe(bob, bob).status == 403
    assert bob.post("/api/v1/pleroma/accounts/unknown/subscribe").json == {"error": "Record not found"}


def test_subscribing_needs_its_scope(cast, alice):
    reader = cast.person("reader", scopes="read")

    assert subscribe(reader, alice).json == {"error": "Insufficient permissions: follow | write:follows."}
