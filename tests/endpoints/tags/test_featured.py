"""Featured hashtags: those on a profile, with how often they are used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.domain.instance.about import MAX_FEATURED_TAGS
from tests.domain.federation.foreigners import comes

PATH = "/api/v1/featured_tags"


def featured(person, name):
    reply = person.post(PATH, json={"name": name})
    assert reply.status == 200, reply.text
    return reply.json


def on_profile(person, by):
    reply = by.get(f"/api/v1/accounts/{person.id}/featured_tags")
    assert reply.status == 200, reply.text
    return {tag["name"]: (tag["statuses_count"], tag["last_status_at"]) for tag in reply.json}


def test_a_featured_tag_is_on_the_profile_with_what_everybody_may_see(alice, anonymous, drain):
    today = datetime.now(UTC).date().isoformat()
    for visibility in ("public", "unlisted", "private", "direct"):
        alice.posts("my #Cats", visibility=visibility)
    drain()

    tag = featured(alice, "#CATS")
    featured(alice, "dogs")

    assert tag == {"id": tag["id"], "name": "cats", "url": "http://kenoma.test/tag/cats", "statuses_count": "2",
                   "last_status_at": today}
    assert alice.get(PATH).json[0] == tag
    assert on_profile(alice, anonymous) == {"cats": ("2", today), "dogs": ("0", None)}
    assert anonymous.get("/api/v1/accounts/alice/featured_tags").json[0] == tag


def test_deleted_statuses_and_reblogs_do_not_count(alice, bob, drain):
    own, other = alice.posts("#cats"), bob.posts("#cats")
    alice.posts("#cats")
    alice.post(f"/api/v1/statuses/{other['id']}/reblog")
    alice.delete(f"/api/v1/statuses/{own['id']}")
    drain()

    assert featured(alice, "cats")["statuses_count"] == "1"


def test_a_tag_says_whether_it_is_featured(alice, bob):
    assert alice.post("/api/v1/tags/CATS/feature").json["featuring"] is True

    assert alice.get("/api/v1/tags/cats").json["featuring"] is True
    assert alice.post("/api/v1/tags/cats/follow").json["featuring"] is True
    assert alice.get("/api/v1/followed_tags").json[0]["featuring"] is True
    assert bob.get("/api/v1/tags/cats").json["featuring"] is False
    for _ in range(2):
        assert alice.post("/api/v1/tags/cats/unfeature").json["featuring"] is False
    assert alice.get(PATH).json == []


def test_a_tag_is_featured_once_and_there_is_a_limit(alice):
    for number in range(MAX_FEATURED_TAGS):
        assert alice.post(f"/api/v1/tags/t{number}/feature").status == 200
        if not number:
            assert alice.post("/api/v1/tags/T0/feature").status == alice.post(PATH, json={"name": "#t0"}).status == 422
    assert alice.post(PATH, json={"name": "more"}).status == alice.post("/api/v1/tags/more/feature").status == 422
    assert [tag["name"] for tag in alice.get(PATH).json] == [f"t{number}" for number in range(MAX_FEATURED_TAGS)]


def test_a_featured_tag_is_taken_away_by_its_id(alice, bob):
    tag = featured(alice, "cats")

    assert bob.delete(f"{PATH}/{tag['id']}").status == alice.delete(f"{PATH}/cats").status == 404
    reply = alice.delete(f"{PATH}/{tag['id']}")
    assert (reply.status, reply.json) == (200, {})
    assert alice.delete(f"{PATH}/{tag['id']}").status == 404
    assert alice.get(PATH).json == []


@pytest.mark.parametrize("wanted", [{"name": "12"}, {"name": "a-b"}, {"name": ""}, {}])
def test_what_is_no_tag_cannot_be_featured(alice, wanted):
    assert alice.post(PATH, json=wanted).status == 422
    assert alice.post("/api/v1/tags/12/feature").status == alice.post("/api/v1/tags/12/unfeature").status == 404
    assert alice.get(PATH).json == []


def test_what_one_uses_most_is_suggested_but_for_what_one_features(alice, bob, drain):
    for text in ("#cats #dogs", "#cats #birds", "#cats #dogs"):
        alice.posts(text)
    bob.posts("#fish")
    drain()

    featured(alice, "cats")

    reply = alice.get(f"{PATH}/suggestions")
    assert [tag["name"] for tag in reply.json] == ["dogs", "birds"]
    assert reply.json[0]["history"][0]["uses"] == "2"
    assert bob.get(f"{PATH}/suggestions").json[0]["name"] == "fish"


def test_many_featured_tags_cost_as_much_as_one(alice, bob):
    costs = []
    for name in ("cats", "dogs", "birds"):
        featured(alice, name)
        costs.append(bob.get(f"/api/v1/accounts/{alice.id}/featured_tags").calls)

    assert costs == [2, 2, 2]


def test_a_change_of_the_profile_leaves_them(alice, bob):
    featured(alice, "cats")
    alice.patch("/api/v1/accounts/update_credentials", json={"note": "new", "display_name": "A"})

    assert list(on_profile(alice, bob)) == ["cats"]


def test_accounts_of_other_servers_feature_nothing_here(alice):
    assert on_profile(comes(), alice) == {}
    assert alice.get("/api/v1/accounts/nobody/featured_tags").status == 404
