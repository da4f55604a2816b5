"""Favourites, reblogs, bookmarks, pins and muted threads."""

import pytest

from chalicelib.domain.statuses import interactions
from chalicelib.store.accounts.accounts import VIEWER_SET, ViewerSet
from chalicelib.store.dynamo.table import update
from chalicelib.store.statuses import marks, statuses


@pytest.fixture
def status(alice):
    return alice.posts("hello")["id"]


def act(person, id, verb, **params):
    return person.post(f"/api/v1/statuses/{id}/{verb}", form=params or None)


def show(person, id):
    return person.get(f"/api/v1/statuses/{id}").json


def unread(person):
    return person.get("/api/v1/accounts/verify_credentials").json["pleroma"]["unread_notifications_count"]


def ids(reply):
    return [each["id"] for each in reply.json]


# Favourites.


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


@pytest.mark.parametrize("tab", ["favourited_by", "reblogged_by"])
def test_who_did_is_empty_for_the_unknown_and_hidden_for_the_hidden(alice, bob, tab):
    secret = alice.posts("x", visibility="private")["id"]

    assert bob.get(f"/api/v1/statuses/unknown/{tab}").json == []
    assert bob.get(f"/api/v1/statuses/{secret}/{tab}").status == 404


def test_who_favourited_last_is_found_among_any_number(alice, bob, carol, status, monkeypatch):
    """The index of marks is sorted by account; who favourited last is listed, however old the account."""
    monkeypatch.setattr(interactions, "MOST_LISTED", 2)
    for person in (carol, bob, alice):
        act(person, status, "favourite")
        act(person, status, "reblog")

    for tab, costs in (("favourited_by", (4, 3)), ("reblogged_by", (5, 4))):
        reply = carol.get(f"/api/v1/statuses/{status}/{tab}")
        assert ids(reply) == [alice.id, bob.id]
        assert (reply.calls, reply.rounds) == costs


def test_who_favourited_can_be_hidden_by_a_setting(bob, status, setting):
    act(bob, status, "favourite")
    setting(show_reactions=False)

    assert bob.get(f"/api/v1/statuses/{status}/favourited_by").json == []


# Reblogs.


def test_a_reblog_wraps_the_original(alice, bob, status):
    wrapper = act(bob, status, "reblog").json

    assert wrapper["id"] != status
    assert wrapper["account"]["id"] == bob.id
    assert (wrapper["reblog"]["id"], wrapper["reblogged"]) == (status, True)
    assert (wrapper["reblog"]["reblogs_count"], wrapper["reblogs_count"]) == (1, 0)
    assert wrapper["uri"] == wrapper["url"] == wrapper["reblog"]["uri"]
    assert wrapper["pleroma"] == {"local": True}
    assert [mention["id"] for mention in wrapper["mentions"]] == [alice.id]
    assert wrapper == show(bob, wrapper["id"])
    assert unread(alice) == 1


def test_reblogging_again_answers_the_same_reblog(alice, bob, status):
    first = act(bob, status, "reblog").json

    assert act(bob, status, "reblog").json["id"] == first["id"]
    assert show(alice, status)["reblogs_count"] == 1


def test_a_reblog_reaches_followers_and_the_profile(alice, bob, carol, status, drain):
    carol.follows(bob)
    wrapper = act(bob, status, "reblog").json["id"]
    drain()

    assert carol.home() == [wrapper]
    assert bob.home() == [wrapper]
    assert ids(carol.get(f"/api/v1/accounts/{bob.id}/statuses")) == [wrapper]
    assert ids(carol.get(f"/api/v1/accounts/{bob.id}/statuses", {"exclude_reblogs": True})) == []
    assert bob.account.statuses_count == 0


def test_reblogs_of_ones_own_statuses_are_not_on_ones_home(alice, bob, status, drain):
    alice.follows(bob)
    act(bob, status, "reblog")
    drain()

    assert alice.home() == [status]


def test_reblogs_are_no_public_originals(bob, status):
    act(bob, status, "reblog")

    assert ids(bob.get("/api/v1/timelines/public")) == [status]


def test_a_reblog_is_taken_back(alice, bob, status):
    wrapper = act(bob, status, "reblog").json["id"]

    reply = act(bob, status, "unreblog")

    assert (reply.json["id"], reply.json["reblogged"], reply.json["reblogs_count"]) == (status, False, 0)
    assert bob.get(f"/api/v1/statuses/{wrapper}").status == 404
    assert bob.home() == []
    assert unread(alice) == 0
    assert act(bob, status, "unreblog").json == {"error": "Could not unrepeat"}


@pytest.mark.parametrize(("visibility", "by_author", "status_code"), [
    ("private", True, 200), ("direct", True, 404), ("private", False, 404), ("unlisted", False, 200),
    ("local", False, 200),
])
def test_what_may_be_reblogged_and_by_whom(alice, bob, visibility, by_author, status_code):
    bob.follows(alice)
    id = alice.posts("x @bob", visibility=visibility)["id"]

    assert act(alice if by_author else bob, id, "reblog").status == status_code


def test_a_reblog_of_a_reblog_is_not_found(bob, carol, status):
    wrapper = act(bob, status, "reblog").json["id"]

    assert act(carol, wrapper, "reblog").status == 404


@pytest.mark.parametrize(("wanted", "shown"), [(None, "public"), ("unlisted", "public"), ("private", "private"),
                                               ("direct", "private")])
def test_a_reblogs_visibility(bob, status, wanted, shown):
    assert act(bob, status, "reblog", **({"visibility": wanted} if wanted else {})).json["visibility"] == shown


def test_a_local_statuses_reblog_is_local_and_a_private_one_stays_private(alice, bob):
    local, private = alice.posts("x", visibility="local")["id"], alice.posts("x", visibility="private")["id"]

    assert act(bob, local, "reblog").json["visibility"] == "local"
    assert act(alice, private, "reblog").json["visibility"] == "private"
    assert act(alice, private, "reblog", visibility="public").status == 404


def test_private_reblogs_are_listed_for_their_author_only(bob, carol, status):
    act(bob, status, "reblog", visibility="private")
    act(carol, status, "reblog")

    assert ids(carol.get(f"/api/v1/statuses/{status}/reblogged_by")) == [carol.id]
    assert set(ids(bob.get(f"/api/v1/statuses/{status}/reblogged_by"))) == {bob.id, carol.id}


def test_a_deleted_status_takes_its_reblogs_along(alice, bob, status, drain):
    wrapper = act(bob, status, "reblog").json["id"]
    drain()

    alice.delete(f"/api/v1/statuses/{status}")
    assert bob.home() == []
    drain()

    assert statuses.find(wrapper) is None
    assert ids(bob.get(f"/api/v1/accounts/{bob.id}/statuses")) == []


# Bookmarks.


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


# Pins.


def test_a_pinned_status_is_first_on_the_profile(alice, bob, status):
    alice.posts("newer")

    assert act(alice, status, "pin").json["pinned"] is True
    assert show(bob, status)["pinned"] is True
    assert ids(bob.get(f"/api/v1/accounts/{alice.id}/statuses", {"pinned": True})) == [status]
    assert act(alice, status, "pin").status == 200


def test_only_so_many_can_be_pinned(alice, status, setting):
    other = alice.posts("other")["id"]
    act(alice, status, "pin")

    reply = act(alice, other, "pin")
    assert (reply.status, reply.json) == (
        400, {"error": "You have already pinned the maximum number of statuses"})
    setting(max_pinned_statuses=2)
    assert act(alice, other, "pin").status == 200


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_what_is_not_open_cannot_be_pinned(alice, visibility):
    reply = act(alice, alice.posts("x", visibility=visibility)["id"], "pin")

    assert (reply.status, reply.json) == (400, {"error": "Could not pin"})


def test_only_ones_own_statuses_can_be_pinned(bob, status):
    wrapper = act(bob, status, "reblog").json["id"]

    for id in (status, wrapper, "unknown"):
        assert act(bob, id, "pin").json == {"error": "Could not pin"}
        assert act(bob, id, "unpin").json == ({"error": "Could not unpin"} if id != wrapper else show(bob, wrapper))


def test_unpinning_is_harmless_and_deleting_unpins(alice, status, drain):
    act(alice, status, "pin")
    assert act(alice, status, "unpin").json["pinned"] is False
    assert act(alice, status, "unpin").status == 200
    act(alice, status, "pin")

    alice.delete(f"/api/v1/statuses/{status}")
    drain()

    assert not alice.account.pins
    assert act(alice, alice.posts("next")["id"], "pin").status == 200


# Muted threads.


def test_a_muted_thread_is_quiet(alice, bob, status, drain):
    bob.posts("@alice one", in_reply_to_id=status)
    assert unread(alice) == 1

    reply = act(alice, status, "mute")
    bob.posts("@alice two", in_reply_to_id=status)
    drain()

    assert (reply.json["muted"], reply.json["pleroma"]["thread_muted"]) == (True, True)
    assert unread(alice) == 0
    assert alice.home() == []
    assert len(alice.home(with_muted=True)) == 3


def test_muting_twice_is_refused_and_unmuting_is_harmless(alice, status):
    act(alice, status, "mute")

    reply = act(alice, status, "mute")
    assert (reply.status, reply.json) == (400, {"error": "conversation is already muted"})
    assert act(alice, status, "unmute").json["muted"] is False
    assert act(alice, status, "unmute").status == 200
    assert alice.home() == [status]


def test_a_mute_for_a_while_ends_by_itself(alice, status, monkeypatch, drain):
    from chalicelib.domain.statuses import thread_mutes

    assert alice.post(f"/api/v1/statuses/{status}/mute", {"expires_in": 60}).json["muted"] is True
    assert alice.home() == []

    now = __import__("time").time()
    monkeypatch.setattr("time.time", lambda: now + 61)
    assert alice.home() == [status]
    assert act(alice, status, "mute").status == 200
    thread_mutes.end(alice.id, status, int(now + 61))
    assert alice.home() == []


@pytest.mark.parametrize("verb", ["favourite", "unfavourite", "reblog", "unreblog", "bookmark", "unbookmark", "mute",
                                  "unmute"])
def test_what_one_may_not_see_is_not_found(alice, bob, verb):
    secret = alice.posts("x", visibility="private")["id"]

    for id in (secret, "unknown", "0" * 18):
        reply = act(bob, id, verb)
        assert (reply.status, reply.json) == (404, {"error": "Record not found"})


@pytest.mark.parametrize(("verb", "scope"), [
    ("favourite", "write:favourites"), ("reblog", "write:statuses"), ("bookmark", "write:bookmarks"),
    ("pin", "write:accounts"), ("mute", "write:mutes"),
])
def test_each_needs_its_scope(cast, anonymous, status, verb, scope):
    reader = cast.person("reader", scopes="read")

    assert act(reader, status, verb).json == {"error": f"Insufficient permissions: {scope}."}
    assert act(anonymous, status, verb).json == {"error": "Invalid credentials."}


def test_what_each_costs(bob, status):
    costs = {verb: (reply.calls, reply.rounds) for verb in ("favourite", "unfavourite", "reblog", "bookmark")
             for reply in [act(bob, status, verb)]}

    assert costs == {"favourite": (3, 3), "unfavourite": (3, 3), "reblog": (3, 3), "bookmark": (3, 3)}


@pytest.mark.parametrize("path", ["/api/v1/favourites", "/api/v1/bookmarks"])
def test_a_page_of_forty_takes_the_rounds_of_a_page_of_two(alice, bob, path):
    for number in range(42):
        id = alice.posts(f"{number}")["id"]
        act(bob, id, "favourite")
        act(bob, id, "bookmark")

    two, forty = (bob.get(path, {"limit": limit}) for limit in (2, 40))

    assert (len(two.json), len(forty.json)) == (2, 40)
    assert two.rounds == forty.rounds
    assert forty.calls - two.calls in (0, 1)
