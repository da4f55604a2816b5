"""Following with `notify`: a notification of each new status, of the type that newer clients know."""

import pytest

from tests.endpoints.relationships.acting import act, unread


def subscribe(viewer, person):
    return viewer.post(f"/api/v1/pleroma/accounts/{person.id}/subscribe")


def told(person):
    return [each["type"] for each in person.get("/api/v1/notifications").json]


def test_following_with_notify_brings_status_notifications(alice, bob, drain):
    reply = act(bob, alice, "follow", notify=True)
    assert (reply.json["notifying"], reply.json["subscribing"], reply.json["following"]) == (True, True, True)

    id = alice.posts("news")["id"]
    drain()

    [shown] = bob.get("/api/v1/notifications").json
    assert (shown["type"], shown["status"]["id"], shown["account"]["id"]) == ("status", id, alice.id)
    assert unread(bob) == 1


def test_the_older_way_brings_mentions_and_shows_in_both_fields(alice, bob, drain):
    reply = subscribe(bob, alice)
    assert (reply.json["notifying"], reply.json["subscribing"]) == (True, True)

    alice.posts("news")
    drain()

    assert told(bob) == ["mention"]


def test_whoever_asked_in_both_ways_is_told_once(alice, bob, drain):
    subscribe(bob, alice)
    act(bob, alice, "follow", notify=True)
    alice.posts("news")
    alice.posts("@bob news")
    drain()

    assert sorted(told(bob)) == ["mention", "status"]


@pytest.mark.parametrize("ending", [("follow", {"notify": False}), ("unfollow", {})])
def test_it_ends(alice, bob, drain, ending):
    verb, params = ending
    act(bob, alice, "follow", notify=True)

    reply = act(bob, alice, verb, **params)
    alice.posts("news")
    drain()

    assert (reply.json["notifying"], reply.json["subscribing"], told(bob)) == (False, False, [])


def test_a_later_subscription_of_the_older_kind_is_one(alice, bob, drain):
    act(bob, alice, "follow", notify=True)
    bob.post(f"/api/v1/pleroma/accounts/{alice.id}/unsubscribe")
    subscribe(bob, alice)
    alice.posts("news")
    drain()

    assert told(bob) == ["mention"]


def test_what_is_not_sent_stays(alice, bob):
    act(bob, alice, "follow", notify=True, **{"languages[]": "de"})

    reply = act(bob, alice, "follow", reblogs=False)

    assert (reply.json["notifying"], reply.json["languages"], reply.json["showing_reblogs"]) == (True, ["de"], False)


def test_a_follow_is_limited_to_languages_and_freed_again(alice, bob):
    reply = bob.post(f"/api/v1/accounts/{alice.id}/follow", json={"languages": ["de", "pt-BR", "de"]})
    assert reply.json["languages"] == ["de", "pt-BR"]

    reply = bob.post(f"/api/v1/accounts/{alice.id}/follow", json={"languages": []})
    assert reply.json["languages"] is None


TOO_MANY = [f"a{letter}" for letter in "abcdefghijklmnopqrstu"]


@pytest.mark.parametrize("languages", [["german"], ["de", "x"], ["de!"], TOO_MANY])
def test_what_is_no_language_is_refused(alice, bob, languages):
    reply = bob.post(f"/api/v1/accounts/{alice.id}/follow", json={"languages": languages})

    assert (reply.status, reply.json) == (422, {"error": "Validation failed: Languages is invalid"})
    assert bob.relationship(alice)["following"] is False


def test_a_private_status_is_news_for_followers(alice, bob, carol, drain):
    act(bob, alice, "follow", notify=True)
    subscribe(carol, alice)
    alice.posts("friends only", visibility="private")
    drain()

    assert (told(bob), told(carol)) == (["status"], [])
