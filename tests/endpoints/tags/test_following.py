"""Hashtags: what is known of one, and following it."""

import pytest

from tests.cast import Person

NOT_FOUND = {"error": "Record not found"}


def follows(person: Person, tag: str) -> None:
    assert person.post(f"/api/v1/tags/{tag}/follow").json["following"] is True


def names(reply):
    return [tag["name"] for tag in reply.json]


def test_a_tag_that_nobody_has_used_has_a_week_of_zeroes(anonymous, alice):
    reply = anonymous.get("/api/v1/tags/Cats")

    assert reply.status == 200
    assert set(reply.json) == {"name", "url", "history"}
    assert (reply.json["name"], reply.json["url"]) == ("cats", "http://kenoma.test/tag/cats")
    days = [int(each["day"]) for each in reply.json["history"]]
    assert days == [days[0] - 86_400 * ago for ago in range(7)]
    assert days[0] % 86_400 == 0
    assert all((each["uses"], each["accounts"]) == ("0", "0") for each in reply.json["history"])
    assert alice.get("/api/v1/tags/cats").json == {**reply.json, "following": False, "featuring": False}


@pytest.mark.parametrize("name", ["12", "no%20blanks", "%23", "a-b", "%00", "😀"])
def test_what_is_no_tag_is_not_found(alice, anonymous, name):
    for reply in (anonymous.get(f"/api/v1/tags/{name}"), alice.post(f"/api/v1/tags/{name}/follow")):
        assert (reply.status, reply.json) == (404, NOT_FOUND)
    assert alice.get("/api/v1/followed_tags").json == []


def test_a_followed_tag_brings_public_statuses_home(alice, bob, carol, drain):
    follows(alice, "CATS")
    status = bob.posts("one of my #Cats")
    for visibility in ("unlisted", "private", "direct"):
        bob.posts("#cats", visibility=visibility)
    bob.posts("#dogs")
    reblogged = carol.posts("#kittens")
    bob.post(f"/api/v1/statuses/{reblogged['id']}/reblog")
    drain()

    assert alice.home() == [status["id"]]


def test_a_status_arrives_once_whoever_brings_it(alice, bob, drain):
    for tag in ("cats", "dogs"):
        follows(alice, tag)
    alice.follows(bob)
    status = bob.posts("#cats #dogs")
    addressed = bob.posts("@alice #cats")
    own = alice.posts("#cats")
    drain()

    assert alice.home() == [own["id"], addressed["id"], status["id"]]
    alice.post("/api/v1/tags/cats/unfollow")
    drain()
    assert alice.home() == [own["id"], addressed["id"], status["id"]]


@pytest.mark.parametrize("act", ["block", "mute"])
def test_what_hidden_accounts_tag_does_not_come_home(alice, bob, drain, act):
    follows(alice, "cats")
    alice.post(f"/api/v1/accounts/{bob.id}/{act}")
    bob.posts("#cats")
    drain()

    assert alice.home(with_muted=True) == []


def test_whoever_is_blocked_gets_nothing_by_a_tag(alice, bob, drain):
    follows(alice, "cats")
    bob.post(f"/api/v1/accounts/{alice.id}/block")
    bob.posts("#cats")
    drain()

    assert alice.home() == []


def test_what_only_the_tag_has_brought_leaves_with_it(alice, bob, drain):
    for tag in ("cats", "dogs"):
        follows(alice, tag)
    bob.posts("#cats")
    both = bob.posts("#cats #dogs")
    drain()

    reply = alice.post("/api/v1/tags/cats/unfollow")

    assert (reply.status, reply.json["following"]) == (200, False)
    drain()
    assert alice.home() == [both["id"]]


def test_a_tag_that_is_followed_again_keeps_what_it_brought(alice, bob, drain):
    follows(alice, "cats")
    status = bob.posts("#cats")
    drain()

    alice.post("/api/v1/tags/cats/unfollow")
    follows(alice, "cats")
    drain()

    assert alice.home() == [status["id"]]


def test_followed_tags_are_listed_latest_first_with_pages_of_their_own(alice, bob):
    assert alice.get("/api/v1/followed_tags").json == []
    for tag in ("zebras", "cats", "dogs"):
        follows(alice, tag)
        follows(alice, tag)

    page = alice.get("/api/v1/followed_tags", {"limit": 2})

    assert names(page) == ["dogs", "cats"]
    assert all(tag["following"] and len(tag["history"]) == 7 for tag in page.json)
    assert names(alice.get("/api/v1/followed_tags", page.links()["next"])) == ["zebras"]
    assert names(alice.get("/api/v1/followed_tags", {**page.links()["prev"], "limit": 2})) == []
    assert alice.get("/api/v1/followed_tags").calls == alice.get("/api/v1/followed_tags", {"limit": 1}).calls == 3
    assert names(bob.get("/api/v1/followed_tags")) == []


def test_following_needs_a_scope_and_looking_none(cast):
    reader = cast.person("reader", scopes="read")

    assert reader.get("/api/v1/tags/cats").json["following"] is False
    assert reader.post("/api/v1/tags/cats/follow").json == {
        "error": "Insufficient permissions: follow | write:follows."}


def test_one_tag_takes_one_call(alice):
    assert alice.get("/api/v1/tags/cats").calls == 1
    assert alice.post("/api/v1/tags/cats/follow").calls == 3
    assert alice.post("/api/v1/tags/cats/unfollow").calls == 2
